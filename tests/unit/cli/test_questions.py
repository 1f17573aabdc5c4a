"""The verbs that ask about a whole cluster, as a person or a script meets them."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from netpol_sim import cli
from netpol_sim.cli.labels import selector
from netpol_sim.errors import NetpolError

GOLDEN = Path(__file__).parents[2] / "golden" / "questions"
FILES = "../../../exercises/worlds/bank-and-shop.yaml policies.yaml"

# golden file, command line, exit code
CASES: list[tuple[str, str, int]] = [
    ("who.txt", "who-can-reach {files} bank/api", 0),
    ("who.csv", "who-can-reach {files} bank/api --nodes -o csv", 0),
    ("who.json", "who-can-reach {files} bank/api --port 8080 -o json", 0),
    ("who-open.txt", "who-can-reach {files} finance/db --port pg", 0),
    ("who-nobody.txt", "who-can-reach {files} bank/api --port 22", 0),
    ("who-outside.txt", "who-can-reach {files} 203.0.113.9 --port 443", 0),
    ("who-node.txt", "who-can-reach {files} node/n1", 0),
    ("reachable.txt", "reachable-from {files} bank/api", 0),
    ("reachable.md", "reachable-from {files} bank/frontend --nodes -o markdown", 0),
    ("reachable.json", "reachable-from {files} bank/api --port 443 -o json", 0),
    ("reachable-nothing.txt", "reachable-from {files} bank/ledger-db", 0),
    ("blast-radius.txt", "blast-radius {files} ecommerce/frontend --port 8080 --port 5432", 0),
    ("blast-radius-outside.txt", "blast-radius {files} 203.0.113.9", 0),
    ("blast-radius.md", "blast-radius {files} bank/frontend --port 8080 -o markdown", 0),
    ("blast-radius.csv", "blast-radius {files} monitoring/prometheus --hops 1 -o csv", 0),
    ("blast-radius.json", "blast-radius {files} bank/frontend -p 8080 -p 5432 -o json", 0),
    ("isolation.txt", "isolation {files}", 1),
    ("isolation.md", "isolation {files} -o markdown", 1),
    ("isolation.csv", "isolation {files} -o csv", 1),
    ("isolation.json", "isolation {files} -o json", 1),
    ("needs-report.txt", "needs {files} --needs needs.txt", 1),
    (
        "needs-report.md",
        "needs {files} --needs needs.txt --only missing --only unused -o markdown",
        1,
    ),
    ("needs-report.csv", "needs {files} --needs needs.txt --only unused -o csv", 1),
    ("needs-report.json", "needs {files} --needs needs.txt --only missing -o json", 1),
    ("needs-met.txt", "needs {files} 'bank/frontend -> bank/api:8080' --only missing", 0),
    ("connections.csv", "connections {files} -n bank -o csv", 0),
    ("contribution.txt", "contribution {files} bank/api", 0),
    ("contribution.md", "contribution {files} bank/ledger-db -o markdown", 0),
    ("contribution.json", "contribution {files} bank/ledger-db -o json", 0),
    ("contribution-none.txt", "contribution {files} bank/ledger-db-deny", 1),
    ("redundant.txt", "redundant {files}", 1),
    ("redundant.json", "redundant {files} -o json", 1),
    ("redundant-several.txt", "redundant {files} copies.yaml", 1),
    ("redundant-tiers.txt", "redundant {files} tiers.yaml", 1),
    ("contribution-tiers.txt", "contribution {files} tiers.yaml ClusterNetworkPolicy/no-telnet", 1),
    ("redundant-none.txt", "redundant ../diff/small.yaml", 0),
    ("connections-filtered.txt", "connections {files} -n bank --no-outside", 0),
    ("connections-selector.md", "connections {files} -l 'app in (api,ledger-db)' -o markdown", 0),
    ("connections-workload.csv", "connections {files} --workload bank/api -o csv", 0),
    ("between.txt", "connections {files} 'bank/api -> bank/ledger-db'", 0),
    ("between.csv", "connections {files} 'bank/api -> bank/ledger-db' -o csv", 0),
    ("between.md", "connections {files} 'bank/frontend -> svc:bank/api' -o markdown", 0),
    ("between.json", "connections {files} 'bank/frontend -> bank/api' -o json", 0),
    ("between-explained.txt", "connections {files} 'bank/frontend -> bank/api' --explain", 0),
    ("between-nothing.txt", "connections {files} 'bank/rogue -> bank/ledger-db'", 1),
    ("matrix-filtered.txt", "matrix {files} -p 8080 -p pg -n bank -l app!=rogue --no-outside", 1),
]

# message, command line
REFUSED: list[tuple[str, str]] = [
    (
        "no pod `bank/legder-db` in this cluster; did you mean",
        "who-can-reach {files} bank/legder-db",
    ),
    ("port `0` must be between 1 and 65535", "who-can-reach {files} bank/api -p 0"),
    ("`svc:bank/api` is a Service, which policies never", "reachable-from {files} svc:bank/api"),
    ("the following arguments are required: PLACE", "who-can-reach policies.yaml"),
    (
        "`0` is no number of steps from 1 on",
        "blast-radius {files} bank/api --hops 0",
    ),
    ("argument --hops: `x` is no number of steps", "blast-radius {files} bank/api --hops x"),
    ("`http` is a port name, which each pod may give", "blast-radius {files} bank/api -p http"),
    ("no NetworkPolicy `bank/ap`", "contribution {files} bank/ap"),
    (
        "no cluster-scoped policy `ClusterNetworkPolicy/telnet` in this cluster; did you mean",
        "contribution {files} tiers.yaml ClusterNetworkPolicy/telnet",
    ),
    ("no need is given; write connections such as", "needs {files}"),
    ("did you mean `bank/frontend`?", "needs {files} 'bank/fronted -> bank/api:80'"),
    ("wrong.txt:2:1: Invalid value: `bank/frontend => bank/api", "needs {files} --needs wrong.txt"),
    ("wrong.txt:4:3: Invalid value: there is no pod", "needs {files} --needs wrong.txt"),
    ("wrong.txt:5:1: Invalid value: bank/api declares no", "lint {files} --needs wrong.txt"),
    ("no need is given; write connections such as", "stage {files} --apply policies.yaml"),
    ("`ban*` is no end of a need: `*` means every pod", "needs {files} 'ban* -> bank/api:80'"),
    ("`*/*` is no end of a need", "stage {files} --apply policies.yaml '*/* -> bank/api:80'"),
    (
        "`203.0.113.0/99` is no range of addresses, such as",
        "stage {files} --apply policies.yaml 'bank/* -> 203.0.113.0/99:80'",
    ),
    ("usage: netpol matrix FILE... --port PORT[/PROTOCOL] [options]", "matrix {files}"),
    ("wrong.txt:4:3", "stage {files} --apply policies.yaml --needs wrong.txt"),
    ("missing.txt: No such file", "needs {files} --needs missing.txt"),
    ("is one too many", "connections {files} 'a/b -> c/d' 'a/b -> c/e'"),
    ("is no pair of ends; write", "connections {files} 'bank/api -> '"),
    ("is no label selector; write", "connections {files} -l 'app=='=x"),
    ("--selector.values[1]: Invalid value: `!`", "connections {files} -l 'app in (a,!)'"),
    ("no manifest is given", "connections 'bank/api -> bank/ledger-db'"),
]


@pytest.fixture(autouse=True)
def _in_golden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN)


@pytest.mark.parametrize(("name", "line", "code"), CASES)
def test_golden(
    name: str,
    line: str,
    code: int,
    golden: Callable[[str, str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What each command prints, byte for byte, and its exit code."""
    assert cli.main(shlex.split(line.format(files=FILES))) == code
    golden(capsys.readouterr().out, f"questions/{name}")


@pytest.mark.parametrize(("message", "line"), REFUSED)
def test_refused(message: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Bad input is exit code 2 and a message."""
    assert cli.main(shlex.split(line.format(files=FILES))) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert said.out == ""


SELECTORS = [
    ("app=web", {"app": "web"}, {"app": "api"}),
    ("app==web", {"app": "web"}, {}),
    ("app!=web", {}, {"app": "web"}),
    ("app", {"app": ""}, {}),
    ("!app", {}, {"app": ""}),
    ("app in (web, api)", {"app": "api"}, {"app": "db"}),
    ("app notin (web,api)", {"app": "db"}, {"app": "web"}),
    ("app=web, tier in (a,b),!old", {"app": "web", "tier": "b"}, {"app": "web", "tier": "c"}),
    ("example.com/role=", {"example.com/role": ""}, {"example.com/role": "x"}),
]


@pytest.mark.parametrize(("text", "fits", "misses"), SELECTORS)
def test_selectors_are_those_of_kubectl(
    text: str, fits: dict[str, str], misses: dict[str, str]
) -> None:
    """Each form of a label selector picks and leaves what it does for ``kubectl -l``."""
    assert selector(text).matches(fits)
    assert not selector(text).matches(misses)


@pytest.mark.parametrize("text", ["=a", "a=b c", "a in b", "a in (b", "a,,b", "a>1", "!", "(a)"])
def test_other_selectors_are_refused(text: str) -> None:
    """What kubectl would refuse is refused."""
    with pytest.raises(NetpolError):
        selector(text)
