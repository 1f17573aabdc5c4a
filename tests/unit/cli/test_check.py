"""``netpol check`` and ``netpol explain`` as a person or a script meets them."""

from __future__ import annotations

import io
import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from netpol_sim import cli
from netpol_sim.cli import failure
from netpol_sim.errors import ManifestError, Problem, ProblemKind, UnknownNameError

SCENARIOS = Path(__file__).parents[2] / "golden" / "explain"
WORLD = "../../../exercises/worlds/bank-and-shop.yaml"

# golden file, command line after the world, exit code
CASES: list[tuple[str, str, int]] = [
    ("allowed", "check bank.yaml 'bank/frontend -> bank/api:8080'", 0),
    ("denied", "check bank.yaml 'bank/frontend -> bank/ledger-db:5432'", 1),
    ("port-name", "check bank.yaml 'monitoring/prometheus -> bank/api:metrics'", 0),
    (
        "several",
        "check bank.yaml 'bank/frontend -> bank/api:8080' 'bank/rogue -> bank/api:8080/UDP'",
        1,
    ),
    (
        "quiet",
        "check -q bank.yaml 'bank/frontend -> svc:bank/api:80' 'bank/api -> [2001:db8::1]:443'",
        1,
    ),
    ("trace", "explain bank.yaml 'bank/frontend -> svc:bank/api:80'", 0),
    ("not-enforced", "check bank.yaml --profile not-enforced 'bank/rogue -> bank/api:8080'", 0),
    (
        "other-plugin",
        "check world-open.yaml --no-ip-block-matches-pods 'prod/client -> prod/web:8080'",
        1,
    ),
    ("json", "check -o json bank.yaml 'bank/frontend -> bank/api:9090'", 1),
    ("json-service", "check -o json workloads.yaml 'dev/client -> svc:dev/quotes:80'", 1),
    (
        "json-several",
        "check -o json shop.yaml '203.0.113.7 -> bank/api:80' 'node/n1 -> bank/api:80'",
        0,
    ),
    ("no-connection", "check bank.yaml", 2),
    ("no-arrow", "check bank.yaml 'bank/frontend-> :80'", 2),
    ("unknown-pod", "check bank.yaml 'bank/fronted -> bank/api:8080'", 2),
    ("unknown-pod-json", "check -o json bank.yaml 'bank/fronted -> bank/api:8080'", 2),
    ("service-as-pod", "check bank.yaml 'bank/frontend -> kube-system/kube-dns:53/UDP'", 2),
    ("unknown-port", "check bank.yaml 'bank/frontend -> bank/api:https'", 2),
    ("unknown-protocol", "check bank.yaml 'bank/frontend -> bank/api:80/ICMP'", 2),
]


@pytest.fixture(autouse=True)
def _in_the_folder_of_scenarios(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SCENARIOS)


@pytest.mark.parametrize(("name", "line", "code"), CASES, ids=[case[0] for case in CASES])
def test_commands(
    name: str,
    line: str,
    code: int,
    capsys: pytest.CaptureFixture[str],
    golden: Callable[[str, str], None],
) -> None:
    """A command prints its golden text and ends with its exit code."""
    verb, *rest = shlex.split(line)
    assert cli.main([verb, WORLD, *rest]) == code
    said = capsys.readouterr()
    assert (said.err == "") is (code != 2)
    golden(f"$ netpol {line}\n{said.out}{said.err}exit {code}\n", f"cli/{name}.txt")


def test_no_manifest(capsys: pytest.CaptureFixture[str]) -> None:
    """A connection without manifests is exit code 2."""
    assert cli.main(["check", "a/b -> c/d:80"]) == 2
    assert capsys.readouterr().err == (
        "netpol: no manifest is given; name a file or folder of YAML or JSON manifests; `-` is "
        "standard input\n"
    )


def test_explain_is_check_with_the_trace(capsys: pytest.CaptureFixture[str]) -> None:
    """``netpol explain``, ``check -v`` and ``check --explain`` print the same."""
    question = "bank/frontend -> ecommerce/backend:8080"
    told = []
    for verb in (["explain"], ["check", "-v"], ["check", "--explain"]):
        assert cli.main([*verb, WORLD, "shop.yaml", question]) == 1
        told.append(capsys.readouterr().out)
    assert told[0] == told[1] == told[2]
    assert "from[0] (shop.yaml:14)" in told[0]


def test_options_may_stand_anywhere(capsys: pytest.CaptureFixture[str]) -> None:
    """Files, connections and options may be given in any order."""
    question = "ecommerce/rogue -> ecommerce/backend:8080"
    assert cli.main(["check", question, "-q", WORLD, "-o", "text", "shop.yaml"]) == 1
    assert capsys.readouterr().out.startswith(f"{question}/TCP is denied: ")


def test_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``-`` reads manifests from standard input, beside files."""
    policy = (SCENARIOS / "shop.yaml").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(policy)))
    assert cli.main(["check", WORLD, "-", "ecommerce/rogue -> ecommerce/backend:8080"]) == 1
    assert "ecommerce/allow-frontend-to-backend" in capsys.readouterr().out


def test_missing_quotes_do_not_wait_for_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a shell leaves of an unquoted connection is answered, not waited for at a terminal."""
    monkeypatch.setattr(sys, "stdin", type("Terminal", (), {"isatty": lambda _self: True})())
    assert cli.main(["check", WORLD, "bank/frontend", "-"]) == 2
    assert "no connection is given; write" in capsys.readouterr().err


def test_ignored_kinds_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Kinds that play no part are named with their numbers, on standard error."""
    more = tmp_path / "more.yaml"
    kinds = ("ConfigMap", "Secret", "ConfigMap")
    objects = [
        {"apiVersion": "v1", "kind": kind, "metadata": {"name": f"n{i}", "namespace": "bank"}}
        for i, kind in enumerate(kinds)
    ]
    more.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
    assert cli.main(["check", WORLD, str(more), "bank/api -> bank/batch:80"]) == 0
    assert capsys.readouterr().err == (
        "netpol: ignored, no part of network policy: 2 ConfigMap, 1 Secret\n"
    )


def test_empty_files_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of policies that holds none is no silent answer, on standard error."""
    empty, none, both = (tmp_path / name for name in ("empty.yaml", "none.json", "pod.yaml"))
    empty.write_text("# to come\n---\n")
    none.write_text('{"apiVersion": "v1", "kind": "List", "items": []}')
    both.write_text("{apiVersion: v1, kind: Pod, metadata: {name: a}}\n---\n")
    files = list(map(str, (empty, none, both)))
    assert cli.main(["check", WORLD, *files, "bank/api -> bank/batch:80"]) == 0
    assert capsys.readouterr().err == f"netpol: empty, holds no object: {empty}, {none}\n"


def test_long_lists_of_pods_are_cut(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of many pods, a few are listed when no connection is given."""
    many = tmp_path / "many.yaml"
    pods = (
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"p{i}", "namespace": "a"}}
        for i in range(100)
    )
    many.write_text("\n---\n".join(map(json.dumps, pods)))
    assert cli.main(["check", str(many)]) == 2
    assert capsys.readouterr().err.endswith("  a/p29\n  and 70 more\n")


def test_a_broken_manifest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A manifest that the API server would refuse is exit code 2, with the place of the fault."""
    broken = tmp_path / "broken.yaml"
    text = (SCENARIOS / "service-port.yaml").read_text()
    broken.write_text(text.replace("port: 80", 'port: "80"'))
    assert cli.main(["check", "-o", "json", str(broken), "a/b -> c/d:80"]) == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"{broken}:16:")
    assert "spec.ingress[0].ports[0].port" in said.err
    assert "\n  help: " in said.err
    assert said.err.endswith("\nnetpol: 1 problem found, so there is no answer\n")
    assert json.loads(said.out)["problems"][0]["field"] == "spec.ingress[0].ports[0].port"


PROBLEMS = [
    Problem(
        kind=ProblemKind.INVALID,
        field="spec.ingress[0].ports[0].port",
        value="80",
        message="must contain at least one letter",
        help="quotes make it a port name;\nfor the number write `port: 80`",
        object="NetworkPolicy bank/api",
        file="bank.yaml",
        line=16,
        column=18,
    ),
    Problem(kind=ProblemKind.REQUIRED, field="metadata.name", message="a name is required"),
]


def test_problems_in_words() -> None:
    """Each problem is a line with its place, its help below it, and their number at the end."""
    assert failure.text(ManifestError(PROBLEMS)) == (
        "bank.yaml:16:18: NetworkPolicy bank/api: spec.ingress[0].ports[0].port: "
        "Invalid value: `80`: must contain at least one letter\n"
        "  help: quotes make it a port name;\n"
        "        for the number write `port: 80`\n"
        "metadata.name: Required value: a name is required\n"
        "netpol: 2 problems found, so there is no answer"
    )
    assert failure.text(UnknownNameError("there is no pod `a/b`")) == (
        "netpol: there is no pod `a/b`"
    )
