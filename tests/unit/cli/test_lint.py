"""``netpol lint`` as a person or a script meets it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from netpol_sim import cli
from netpol_sim.analysis.lint import RULES, Severity
from netpol_sim.analysis.lint.elsewhere import LOAD_PROBLEMS, NOT_YET
from netpol_sim.render import sarif

SCENARIOS = Path(__file__).parents[2] / "golden" / "lint"
WORLD = "../../../exercises/worlds/bank-and-shop.yaml"

# golden file, command line (WORLD stands for the main stage), exit code
CASES: list[tuple[str, str, int]] = [
    ("text", "lint WORLD bank.yaml", 1),
    ("policies-only", "lint bank.yaml", 1),
    ("clean", "lint WORLD clean.yaml", 0),
    ("fix", "lint --fix WORLD bank.yaml", 1),
    ("fix-one-rule", "lint --fix --select NP207 WORLD bank.yaml", 1),
    ("json", "lint -o json --select NP207,NP305 WORLD bank.yaml", 1),
    ("sarif", "lint -o sarif --select NP207,NP601 WORLD bank.yaml", 1),
    ("select-family", "lint --select NP3 WORLD bank.yaml", 1),
    ("ignore", "lint --ignore 'NP6 NP305,ns-label-missing NP308' WORLD bank.yaml", 1),
    ("threshold", "lint --ignore NP6 --severity error WORLD bank.yaml", 0),
    (
        "needs",
        "lint --select NP504,NP607 WORLD clean.yaml 'finance/db -> prod/web:http'",
        1,
    ),
    ("base", "lint --select NP709 --base base.yaml WORLD bank.yaml", 0),
    ("protected", "lint --select NP209 --protected-label team WORLD bank.yaml", 1),
    ("profile", "lint --select NP701 --profile not-enforced WORLD bank.yaml", 1),
    ("explain", "lint --explain NP205", 0),
    ("explain-by-name", "lint --explain policy-voids-others", 0),
    ("explain-load-problem", "lint --explain NP107", 0),
    ("explain-not-yet", "lint --explain NP801", 0),
    ("explain-unknown", "lint --explain NP999", 2),
    ("unknown-rule", "lint --select NP207,voids-others WORLD bank.yaml", 2),
    ("unknown-pod", "lint WORLD bank.yaml 'bank/fronted -> bank/api:80'", 2),
    ("no-manifest", "lint", 2),
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
    assert cli.main([WORLD if word == "WORLD" else word for word in shlex.split(line)]) == code
    said = capsys.readouterr()
    assert (said.err == "") is (code != 2)
    golden(f"$ netpol {line}\n{said.out}{said.err}exit {code}\n", f"lint/{name}.txt")


def test_the_page_of_all_rules_is_what_the_rules_say(
    capsys: pytest.CaptureFixture[str], golden: Callable[[str, str], None]
) -> None:
    """The page that people read is what ``netpol lint --rules`` prints."""
    assert cli.main(["lint", "--rules"]) == 0
    golden(capsys.readouterr().out, "../../lessons/lint-rules.md")


def test_the_diff_of_fixes_changes_the_file_as_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    """Lines that the diff takes away stand in the file, and comments stay."""
    assert cli.main(["lint", "--fix", WORLD, "bank.yaml"]) == 1
    diff = capsys.readouterr().out
    assert diff.startswith("--- bank.yaml\n+++ bank.yaml\n@@ ")
    lines = Path("bank.yaml").read_text("utf-8").splitlines()
    gone = [line[1:] for line in diff.splitlines() if line.startswith("-") and line[:3] != "---"]
    assert gone
    assert set(gone) <= set(lines)
    assert "+      ports:  # of the API" in diff


def test_sarif_has_what_the_standard_requires(capsys: pytest.CaptureFixture[str]) -> None:
    """Version, driver name, rules by index, messages, regions that begin at 1, relative URIs."""
    assert cli.main(["lint", "-o", "sarif", WORLD, "bank.yaml"]) == 1
    log = json.loads(capsys.readouterr().out)
    assert log["version"] == "2.1.0"
    assert log["$schema"] == sarif.SCHEMA
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "netpol"
    assert [rule["id"] for rule in driver["rules"]] == [rule.id for rule in RULES]
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in {"note", "warning", "error"}
    assert run["results"]
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        assert result["level"] in {"note", "warning", "error"}
        (location,) = result["locations"]
        assert location["logicalLocations"][0]["fullyQualifiedName"]
        place = location["physicalLocation"]
        assert not place["artifactLocation"]["uri"].startswith("/")
        assert place["region"]["startLine"] >= 1
        assert place["region"]["startColumn"] >= 1


def test_every_severity_has_a_level() -> None:
    """SARIF's three levels cover our five severities, errors at the top."""
    assert set(sarif.LEVELS) == set(Severity)
    assert sarif.LEVELS[Severity.INFO] == "note"


def test_every_known_mistake_has_one_home() -> None:
    """No id is at once a rule, a load problem and something for later."""
    ids = [rule.id for rule in RULES]
    ids += [row.id for row in (*LOAD_PROBLEMS, *NOT_YET)]
    assert len(ids) == len(set(ids))


def test_the_world_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """Without policies every namespace is open, once each."""
    assert cli.main(["lint", "--select", "NP601", WORLD]) == 1
    out = capsys.readouterr().out
    assert out.count(" high NP601 ") == 7
    assert out.endswith("7 findings: 7 high\n")
