"""Recorded connections, replayed against policies: what they would have stopped.

A recording is text.  Each line is a connection, ``SOURCE -> DESTINATION:PORT[/PROTOCOL]``, with how
often it was seen in front of it where that is known, as ``sort | uniq -c`` writes it.  What follows
a ``#`` is a remark.

A recording shows what happened while it was made and nothing else: what happens once a month is not
in it, and an intruder's connections are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from netpol_sim import ask, connection_text
from netpol_sim.analysis.flows import Flow
from netpol_sim.analysis.needs import check_needs
from netpol_sim.cluster import Cluster
from netpol_sim.errors import AmbiguousNameError, ConnectionTextError, UnknownNameError
from netpol_sim.origin import Location
from netpol_sim.policy import Direction, NetworkPolicy, Rule
from netpol_sim.verdict import Answer, ServiceOutcome, ServiceVerdict, Verdict

_LINE = re.compile(r"(?:(?P<count>[0-9]{1,18})\s+)?(?P<connection>\S.*)")
_UNJUDGED = (ServiceOutcome.NO_BACKEND, ServiceOutcome.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A connection as it was recorded, and how often."""

    connection: str
    count: int = 1

    def __str__(self) -> str:
        return f"{self.count} {self.connection}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A recorded connection, and what the policies answer to it.

    ``answer`` is None when the cluster lacks something that the connection names; ``fault`` then
    says what.
    """

    recorded: Recorded
    answer: Answer | None
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleUse:
    """A rule, and how many of the recorded connections it lets pass (each as often as recorded)."""

    policy: NetworkPolicy
    direction: Direction
    index: int
    count: int

    @property
    def rule(self) -> Rule:
        """The rule itself."""
        return self.policy.rules(self.direction)[self.index]

    @property
    def field(self) -> str:
        """The rule's field path, such as ``spec.ingress[0]``."""
        return f"spec.{self.direction.rules_field}[{self.index}]"

    def locate(self) -> Location | None:
        """Where the rule was written."""
        return self.policy.origin.locate(self.field) if self.policy.origin else None

    def __str__(self) -> str:
        return f"{self.policy.key} {self.field}: {self.count}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What becomes of a recording.

    ``passed``, ``denied`` and ``unjudged`` share the recorded connections out, each in the order
    recorded.  One to a Service is denied when a policy stops it on the way to some backend, and
    unjudged when nothing is known to be behind the Service.  ``rules`` are all rules in force, in
    cluster order.  ``never_used`` is what rules allow and the recording does not hold, among the
    cluster's pods and between them and the outside.
    """

    passed: tuple[Replayed, ...]
    denied: tuple[Replayed, ...]
    unjudged: tuple[Replayed, ...]
    rules: tuple[RuleUse, ...]
    never_used: tuple[Flow, ...]

    @property
    def safe(self) -> bool:
        """Whether everything that was recorded would pass."""
        return not (self.denied or self.unjudged)

    @property
    def unused_rules(self) -> tuple[RuleUse, ...]:
        """The rules that let no recorded connection pass."""
        return tuple(use for use in self.rules if not use.count)

    def __str__(self) -> str:
        parts = ((self.passed, "pass"), (self.denied, "denied"), (self.unjudged, "not judged"))
        told = ", ".join(
            f"{len(part)} {word}" for part, word in parts if part or word != "not judged"
        )
        return f"recorded connections: {told}"


def parse_recording(text: str, file: str = "recording") -> tuple[Recorded, ...]:
    """Read a recording; the counts of equal connections add up.

    Args:
        text: The recording, as described at the top of this module.
        file: Where it comes from, for messages.

    Raises:
        ConnectionTextError: Lines that cannot be read; the message has one line for each.
    """
    found: dict[str, Recorded] = {}
    faults = []
    for number, line in enumerate(text.splitlines(), start=1):
        written = _LINE.fullmatch(line.partition("#")[0].strip())
        if written is None:
            continue
        count = int(written["count"] or 1)
        if not count:
            faults.append(f"{file}:{number}: a connection is recorded at least once, not 0 times")
        try:
            key = str(connection_text.parse(written["connection"]))
        except ConnectionTextError as error:
            faults.append(f"{file}:{number}: {error}")
            continue
        known = found.get(key, Recorded(connection=written["connection"], count=0))
        found[key] = replace(known, count=known.count + count)
    if faults:
        raise ConnectionTextError("\n".join(faults))
    return tuple(found.values())


def replay(cluster: Cluster, recording: str | Iterable[Recorded]) -> Replay:
    """Ask what policies would have done to recorded connections.

    Args:
        cluster: The cluster with the policies to try.
        recording: A recording as text, or what ``parse_recording`` made of one.

    Raises:
        ConnectionTextError: A connection cannot be read.

    >>> from netpol_sim.model import Pod
    >>> pods = (Pod(namespace="bank", name="api"), Pod(namespace="bank", name="db"))
    >>> shut = NetworkPolicy(namespace="bank", name="shut")
    >>> before, after = Cluster(pods=pods), Cluster(pods=pods, policies=(shut,))
    >>> recording = "12 bank/api -> bank/db:5432"
    >>> print(replay(before, recording), "|", replay(after, recording))
    recorded connections: 1 pass, 0 denied | recorded connections: 0 pass, 1 denied
    """
    recorded = parse_recording(recording) if isinstance(recording, str) else tuple(recording)
    tried = [_replayed(cluster, each) for each in recorded]
    judged = [each for each in tried if _is_judged(each.answer)]
    uses = Counter(dict.fromkeys(_rules(cluster), 0))
    for each in judged:
        uses.update(dict.fromkeys(_used(each.answer), each.recorded.count))
    return Replay(
        passed=tuple(each for each in judged if each.answer and each.answer.allowed),
        denied=tuple(each for each in judged if each.answer and not each.answer.allowed),
        unjudged=tuple(each for each in tried if not _is_judged(each.answer)),
        rules=tuple(
            RuleUse(policy=cluster.policy(key), direction=direction, index=index, count=count)
            for (key, direction, index), count in uses.items()
        ),
        never_used=check_needs(cluster, [_as_need(each) for each in judged]).unused,
    )


_RuleKey = tuple[str, Direction, int]


def _replayed(cluster: Cluster, recorded: Recorded) -> Replayed:
    try:
        answer = ask.evaluate(cluster, recorded.connection)
    except (UnknownNameError, AmbiguousNameError) as error:
        return Replayed(recorded=recorded, answer=None, fault=str(error))
    return Replayed(recorded=recorded, answer=answer)


def _is_judged(answer: Answer | None) -> bool:
    if isinstance(answer, ServiceVerdict):
        return answer.outcome not in _UNJUDGED
    return answer is not None


def _verdicts(answer: Answer | None) -> tuple[Verdict, ...]:
    match answer:
        case Verdict():
            return (answer,)
        case ServiceVerdict():
            return answer.backends
        case None:
            return ()


def _rules(cluster: Cluster) -> Iterator[_RuleKey]:
    for policy in cluster.policies:
        for direction in Direction:
            for index in range(len(policy.rules(direction))):
                yield policy.key, direction, index


def _used(answer: Answer | None) -> Iterator[_RuleKey]:
    """The rules that let a connection pass: where one end still refuses, none did."""
    for verdict in _verdicts(answer):
        if verdict.allowed:
            for end in verdict.ends:
                for step in end.matched:
                    yield step.policy.key, step.direction, step.index


def _as_need(replayed: Replayed) -> str:
    """The connection as needs are written, which name a Service and never its address."""
    match replayed.answer:
        case ServiceVerdict(source=source, service=service, port=port, protocol=protocol):
            return f"{source.key} -> {service.key}:{port}/{protocol}"
        case _:
            return replayed.recorded.connection
