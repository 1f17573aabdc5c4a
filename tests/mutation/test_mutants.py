"""A simulator with a single mistake disagrees with the spec cases, whatever the mistake."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One text of a module replaced by another; ``says`` is the mistake, ``case`` notices it."""

    module: str
    says: str
    case: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.module}: {self.says}"


MUTANTS = tuple(
    Mutant(module=module, says=says, **texts)
    for module, mistakes in yaml.safe_load(
        Path(__file__).with_name("mutants.yaml").read_text("utf-8")
    ).items()
    for says, texts in mistakes.items()
)


def spec_run(
    module: str, old: str, new: str, case: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the spec cases, one of them first, with one text of a module replaced."""
    told = json.dumps({"module": f"netpol_sim.{module}", "old": old, "new": new, "case": case})
    command = [sys.executable, "-m", "tests.mutation.apply"]
    return subprocess.run(
        command, input=told, cwd=ROOT, check=False, capture_output=True, encoding="utf-8"
    )


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_a_mistake_is_noticed(mutant: Mutant) -> None:
    """The spec case that is named disagrees with the mistake, and the run does not break."""
    run = spec_run(mutant.module, mutant.old, mutant.new, mutant.case)
    assert run.stderr == ""
    assert run.returncode == 1, "no case noticed it"
    assert run.stdout.partition(": ")[0] == mutant.case, "another case noticed it"


def test_the_simulator_without_a_mistake_agrees() -> None:
    """Replacing a text by itself is noticed by no case."""
    run = spec_run("evaluate", "import annotations", "import annotations")
    assert (run.stdout, run.stderr, run.returncode) == ("", "", 0)


def test_a_text_that_is_not_there_breaks_the_run() -> None:
    """A mutant whose text has gone from the module does not pass for one that was noticed."""
    run = spec_run("evaluate", "this text is nowhere", "")
    assert "is 0 times in netpol_sim.evaluate" in run.stderr
