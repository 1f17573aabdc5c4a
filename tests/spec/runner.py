"""Runs the cases of this folder and says where the simulator decides otherwise.

A case (``cases/*.yaml``) states one sentence and its source, and then the whole truth about a
world: the ``default`` answer for every pair of ends and every port, and the connections that are an
``except``ion to it; the last line that fits counts, and `*` is everybody else.  ``expect`` asks
further connections (Services, addresses), ``because`` for the reasons of both ends, ``problems``
for what the API server refuses.  ``cnps`` are cluster-scoped policies.  ``caveats`` lists every
connection that carries some; all others must carry none.  ``scenarios.yaml`` is read as well.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import netpol_sim as netpol
from netpol_sim.ask import entity
from netpol_sim.model import Connection, Entity, Pod
from netpol_sim.plugin import BaselineSkipped, EgressJudged, HostNetwork, Profile
from netpol_sim.policy import Direction, Protocol
from netpol_sim.verdict import Answer, ServiceOutcome, ServiceVerdict, Verdict
from tests.spec import world
from tests.spec.lines import Line

HERE = Path(__file__).parent
MAIN_STAGE = HERE.parents[1] / "exercises" / "worlds" / "bank-and-shop.yaml"

WORDS = {
    (): "ALLOW",
    (Direction.EGRESS,): "DENY-E",
    (Direction.INGRESS,): "DENY-I",
    (Direction.EGRESS, Direction.INGRESS): "DENY-EI",
}
PROFILES = {
    "ip-matching": Profile(),
    "cidr-excludes-pods": Profile(name="cidr-excludes-pods", ip_block_matches_pods=False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case or scenario; ``told`` is what its file says."""

    id: str
    says: str
    told: dict[str, Any] = field(repr=False)
    main_stage: bool = False

    def __str__(self) -> str:
        return f"{self.id}: {self.says}"


@cache
def _read(name: str) -> Any:  # noqa: ANN401  what a YAML file holds
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((HERE / name).read_text("utf-8"), Loader=loader)  # noqa: S506  a safe loader


def checklist() -> dict[str, Any]:
    """The facts that cases name, and the sources they cite."""
    found: dict[str, Any] = _read("checklist.yaml")
    return found


@cache
def cases() -> tuple[Case, ...]:
    """Every case, in the order of files and lines."""
    files = sorted(path.name for path in (HERE / "cases").iterdir())
    told = [item for name in files for item in _read(f"cases/{name}")]
    return tuple(Case(id=item["id"], says=item["says"], told=item) for item in told)


@cache
def scenarios() -> tuple[Case, ...]:
    """Every scenario, in the order of the file."""
    told = _read("scenarios.yaml")
    return tuple(
        Case(id=item["id"], says=item["says"], told=item, main_stage=True) for item in told
    )


def disagreements(case: Case) -> list[str]:
    """What the simulator answers otherwise than the case says; empty when they agree."""
    if "problems" in case.told:
        return _problems_that_differ(case)
    before = _cluster(case)
    matrix = [] if case.main_stage else list(_matrix(case, before))
    found = _lines_that_fit_nothing(case, matrix)
    if "default" in case.told:
        found += _matrix_that_differs(case, before, matrix)
    for text, word in case.told.get("expect", {}).items():
        found += _expectation_that_differs(case, before, text, word)
    for profile, expected in case.told.get("expect_by_profile", {}).items():
        cluster = before.with_profile(PROFILES[profile])
        for text, word in expected.items():
            found += _expectation_that_differs(case, cluster, text, word)
    for text, reasons in case.told.get("because", {}).items():
        verdict = netpol.evaluate(before, text)
        assert isinstance(verdict, Verdict)
        given = [end.reason.value for end in verdict.ends]
        if given != reasons:
            found.append(f"{text}: because {given}, not {reasons}")
    return found


@cache
def _world(name: str) -> dict[str, Any]:
    found: dict[str, Any] = _read("worlds.yaml")[name]
    return found


@cache
def _loaded(text: str) -> netpol.Cluster:
    return netpol.loads(text)


def _short_world(case: Case) -> world.Fields:
    return world.changed(_world(case.told.get("world", "shop")), case.told)


def _cluster(case: Case) -> netpol.Cluster:
    told = case.told
    text = MAIN_STAGE.read_text("utf-8") if case.main_stage else world.manifests(_short_world(case))
    more = f"\n---\n{told['manifests']}" if "manifests" in told else ""
    cluster = _loaded(text + more)
    for policy in told.get("policies", ()):
        added = _added(policy)
        cluster = cluster.with_policy(*added.policies) if added is not None else cluster
    for policy in told.get("cnps", ()):
        cluster = cluster.with_policy(*_loaded(world.cluster_policies([policy])).cluster_policies)
    for policy in told.get("update", ()):
        cluster = cluster.with_policy(*_loaded(world.policies([policy])).policies)
    return cluster.with_profile(_profile(told.get("profile", {})))


def _added(policy: world.Fields) -> netpol.Cluster | None:
    """A cluster of one policy; None when the server would refuse it, as the case says it must."""
    try:
        loaded = _loaded(world.policies([policy]))
    except netpol.ManifestError:
        if policy.get("invalid"):
            return None
        raise
    assert not policy.get("invalid"), f"{policy['name']} was accepted"
    return loaded


def _profile(told: world.Fields) -> Profile:
    types: dict[str, Any] = {
        "host_network": HostNetwork,
        "egress_judged": EgressJudged,
        "baseline_skipped": BaselineSkipped,
        "cluster_policy_kinds": tuple,
    }
    given: dict[str, Any] = {key: types.get(key, bool)(value) for key, value in told.items()}
    return Profile(**given)


def _problems_that_differ(case: Case) -> list[str]:
    told = case.told
    text = told.get("manifests") or world.policies(told.get("policies", ()))
    if "cnps" in told:
        text = world.cluster_policies(told["cnps"])
    try:
        netpol.loads(text)
    except netpol.ManifestError as error:
        given = [f"{problem.field}: {problem.kind}" for problem in error.problems]
        return [] if given == case.told["problems"] else [f"problems are {given}"]
    return ["accepted"]


def _matrix(case: Case, cluster: netpol.Cluster) -> Iterator[Connection]:
    told, usual = case.told, _short_world(case)["matrix"]
    ends: list[Entity] = [*cluster.pods]
    for text in told.get("outsiders", usual["outsiders"]):
        found = entity(cluster, text)
        assert not isinstance(found, netpol.Service)
        ends.append(found)
    for source in ends:
        for destination in ends:
            if isinstance(source, Pod) or isinstance(destination, Pod):
                for word in told.get("ports", usual["ports"]):
                    number, _, protocol = str(word).partition("/")
                    yield Connection(
                        source=source,
                        destination=destination,
                        port=int(number),
                        protocol=Protocol(protocol or "TCP"),
                    )


def _matrix_that_differs(
    case: Case, cluster: netpol.Cluster, matrix: list[Connection]
) -> list[str]:
    found = []
    told = case.told
    for connection in matrix:
        asked = Line.of(connection)
        verdict = netpol.evaluate(cluster, connection)
        itself = asked.source == asked.destination
        usual = "ALLOW" if itself else told["default"]
        expected = asked.last(told.get("except", {}), usual)
        if word_of(verdict) != expected:
            found.append(f"{connection}: {word_of(verdict)}, not {expected}")
        found += _caveats_that_differ(case, asked, verdict)
    return found


def _expectation_that_differs(
    case: Case, cluster: netpol.Cluster, text: str, expected: str
) -> list[str]:
    word, _, backends = expected.partition(" at ")
    try:
        answer = netpol.evaluate(cluster, _as_text(cluster, text))
    except netpol.ConnectionTextError:
        return [] if word == "UNREADABLE" else [f"{text}: UNREADABLE, not {word}"]
    except netpol.UnknownNameError:
        return [] if word == "UNKNOWN-NAME" else [f"{text}: UNKNOWN-NAME, not {word}"]
    found = [] if word_of(answer) == word else [f"{text}: {word_of(answer)}, not {word}"]
    if backends:
        given = _backends(answer)
        found += [] if given == backends else [f"{text}: at {given}, not {backends}"]
    if not case.main_stage:
        found += _caveats_that_differ(case, Line.read(text), answer)
    return found


def _backends(answer: Answer) -> str:
    verdicts = answer.backends if isinstance(answer, ServiceVerdict) else ()
    connections = (verdict.connection for verdict in verdicts)
    return " ".join(f"{found.destination}:{found.port}" for found in connections)


def _caveats_that_differ(case: Case, asked: Line, answer: Answer) -> list[str]:
    expected = asked.last(case.told.get("caveats", {}), [])
    given = sorted(caveat.value for caveat in answer.caveats)
    return [] if given == sorted(expected) else [f"{asked}: caveats {given}, not {expected}"]


def _lines_that_fit_nothing(case: Case, connections: list[Connection]) -> list[str]:
    told = case.told
    matrix = [Line.of(connection) for connection in connections]
    asked = [] if case.main_stage else [Line.read(text) for text in told.get("expect", {})]
    lines = [(line, matrix) for line in told.get("except", {})]
    lines += [(line, matrix + asked) for line in told.get("caveats", {})]
    return [
        f"{line}: fits nothing"
        for line, possible in lines
        if not any(one.fits(line) for one in possible)
    ]


def word_of(answer: Answer) -> str:
    """A verdict in the words of the cases."""
    if isinstance(answer, Verdict):
        assert answer.allowed is (not answer.denied_by)
        return WORDS[answer.denied_by]
    words = {word_of(verdict) for verdict in answer.backends}
    if answer.outcome is ServiceOutcome.DENIED and len(words) == 1:
        return words.pop()
    outcomes = {
        ServiceOutcome.ALLOWED: "ALLOW",
        ServiceOutcome.DENIED: "DENY",
        ServiceOutcome.DEPENDS: "DEPENDS",
        ServiceOutcome.NO_BACKEND: "NO-BACKEND",
        ServiceOutcome.UNKNOWN: "UNKNOWN",
    }
    return outcomes[answer.outcome]


def _as_text(cluster: netpol.Cluster, text: str) -> str:
    """A connection as it is asked, from the short forms of the scenarios."""
    node = re.compile(r"node\(([^)]*)\)")
    text = node.sub(lambda found: f"node/{cluster.pod(found[1]).node}", text)
    text = re.sub(r"ext:(\S*:\S*:\S*):", r"[\1]:", text)
    return text.replace("ext:", "")


def main(first: str | None = None) -> int:
    """Run everything; print the first disagreement and return 1 when there is one.

    The case with the id ``first`` begins; the others are taken from all files in turn, so that a
    disagreement is met soon.
    """
    told = (*cases(), *scenarios())
    in_turn = [case for start in range(20) for case in told[start::20]]
    for case in sorted(in_turn, key=lambda case: case.id != first):
        try:
            found = disagreements(case)
        except Exception as error:  # noqa: BLE001  whatever breaks is no agreement
            found = [repr(error)]
        if found:
            sys.stdout.write(f"{case}\n{found[0]}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
