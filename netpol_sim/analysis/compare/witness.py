"""One connection that tells two policy sets apart, checked by ``evaluate``."""

from __future__ import annotations

from dataclasses import dataclass

from netpol_sim.analysis.compare.policy_set import PolicySet
from netpol_sim.cluster import Cluster
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Connection, Pod
from netpol_sim.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A connection that one policy set allows and the other denies.

    ``cluster`` has what the connection needs and no policies.  ``mine`` and ``reference`` are the
    verdicts that ``evaluate`` gives with the policies of each side.
    """

    cluster: Cluster
    connection: Connection
    mine: Verdict
    reference: Verdict

    @property
    def pods(self) -> tuple[Pod, ...]:
        """The pods at the ends of the connection, source first."""
        ends = (self.connection.source, self.connection.destination)
        return tuple(each for each in ends if isinstance(each, Pod))

    @property
    def too_open(self) -> bool:
        """Whether mine allows what the reference denies."""
        return self.mine.allowed

    def __str__(self) -> str:
        return str(self.connection)


def witness(
    cluster: Cluster,
    connection: Connection,
    mine: PolicySet,
    reference: PolicySet,
) -> Witness:
    """Evaluate a connection under both policy sets.

    Raises:
        AssertionError: Both give the same verdict, so that the search that found it is wrong.
    """
    found = Witness(
        cluster=cluster,
        connection=connection,
        mine=evaluate(mine.put_into(cluster), connection),
        reference=evaluate(reference.put_into(cluster), connection),
    )
    if found.mine.allowed == found.reference.allowed:
        raise AssertionError(f"no difference at {connection}: the search and evaluate disagree")
    return found
