"""Connections that come out wrong, each with the end that decides wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netpol_sim.analysis.compare.witness import Witness
from netpol_sim.ask import evaluate
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import AnyPolicy
from netpol_sim.course.task import Task
from netpol_sim.model import Pod
from netpol_sim.verdict import Answer, EndVerdict, Verdict

Policies = tuple[AnyPolicy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A connection that comes out wrong.

    ``end`` is where the answer decides otherwise than the solution, ``should`` what the solution
    decides there.  ``pods`` are pods that no world holds, made up to show the difference.
    """

    connection: str
    verdict: Verdict
    end: EndVerdict
    should: EndVerdict
    pods: tuple[Pod, ...] = ()

    @property
    def must_allow(self) -> bool:
        """Whether the connection must pass; else it must not."""
        return not self.verdict.allowed


def faults(world: Cluster, task: Task, mine: Policies, solution: Policies) -> tuple[Fault, ...]:
    """The listed connections that come out otherwise than with the solution, in their order."""
    have, want = world.with_policy(*mine), world.with_policy(*solution)
    found = []
    for connection, _ in task.listed:
        pairs = zip(
            _verdicts(evaluate(have, connection)),
            _verdicts(evaluate(want, connection)),
            strict=True,
        )
        for verdict, right in pairs:
            if verdict.allowed is not right.allowed:
                found.append(_fault(connection, verdict, right))
                break
    return tuple(found)


def witness_fault(witness: Witness) -> Fault:
    """The fault that a witness shows."""
    return _fault(str(witness), witness.mine, witness.reference, witness.pods)


def _verdicts(answer: Answer) -> tuple[Verdict, ...]:
    return (answer,) if isinstance(answer, Verdict) else answer.backends


def _fault(connection: str, verdict: Verdict, right: Verdict, pods: tuple[Pod, ...] = ()) -> Fault:
    end, should = next(_differing_ends(verdict, right))
    return Fault(connection=connection, verdict=verdict, end=end, should=should, pods=pods)


def _differing_ends(verdict: Verdict, right: Verdict) -> Iterator[tuple[EndVerdict, EndVerdict]]:
    pairs = zip(verdict.ends, right.ends, strict=True)
    return (pair for pair in pairs if pair[0].allowed is not pair[1].allowed)
