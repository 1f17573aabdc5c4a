"""The gate as a table: what was tried on every task, and what came out.

``python -m netpol_sim.course.gate_table`` writes it; the tests hold it to what the gate finds.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from netpol_sim.course import gate
from netpol_sim.course.answers import write_whole
from netpol_sim.course.catalog import Catalog, read_catalog
from netpol_sim.course.gate import Sort, TaskReport, Trial
from netpol_sim.course.grade import Outcome

FILE = Path("tests/course/GATE.md")

_OPENING = """\
# What the grader was tried on

Made by `python -m netpol_sim.course.gate_table`, and held to by the tests. For every task,

- the starter, no file, and an empty file are *not attempted*;
- every **reference** is *done*;
- **wrong answers** are allow-all, deny-all, what each misconception makes of the solution, and the
  solution with every single edit (every n-th of them, where there are more than 450); for forms,
  every wrong word in every row. Each of them either proves to mean the same on every cluster, and
  is *done*, or is *not yet*. So do the solutions of all other tasks, which are not counted here;
- **cheats** list the pods of the world by address and by name instead of by what is asked. None of
  them is *done* unless it proves to mean the same;
- **misconceptions** are those that the grader named, each from an answer that it makes.

| task | kind | references | wrong answers | equal | not yet | cheats | misconceptions |
|---|---|---:|---:|---:|---:|---:|---|
"""


def text(rows: Iterable[str]) -> str:
    """The whole file."""
    return _OPENING + "".join(f"{row}\n" for row in rows)


def row(report: TaskReport) -> str:
    """What was tried on one task."""
    mutants = _of(report, Sort.MUTANT)
    equal = sum(trial.outcome is Outcome.DONE for trial in mutants)
    named = sorted({trial.named for trial in mutants if trial.named})
    cells = (
        f"`{report.task.id}`",
        report.task.kind,
        len(_of(report, Sort.REFERENCE)),
        len(mutants),
        equal,
        len(mutants) - equal,
        len(_of(report, Sort.CHEAT)),
        ", ".join(named),
    )
    return f"| {' | '.join(map(str, cells))} |".replace("|  |", "| |")


def _of(report: TaskReport, sort: Sort) -> list[Trial]:
    return [trial for trial in report.trials if trial.sort is sort]


def build(catalog: Catalog) -> str:
    """Try everything on every task, and put it into the table."""
    return text(row(gate.examine(catalog, task)) for task in catalog.tasks)


if __name__ == "__main__":
    CATALOG = read_catalog()
    write_whole(CATALOG.folder / FILE, build(CATALOG))
