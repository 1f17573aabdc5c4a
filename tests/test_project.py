from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

ALLOWED = {
    ".ci",
    ".gitattributes",
    ".gitignore",
    "LICENSE",
    "README.md",
    "exercises",
    "lessons",
    "netpol_sim",
    "pyproject.toml",
    "solutions",
    "start.py",
    "tests",
}

# A folder of one machine's, or the address of a package registry: neither works elsewhere.
FOREIGN = re.compile(
    r"(?<![\w./:<>*-])/(?:home|root|Users|work|workspace|opt|mnt|srv)/\w"
    r"|(?:files\.pythonhosted|pypi|registry\.npmjs|registry\.yarnpkg|crates)\.(?:org|com|io)"
    r"|--(?:extra-)?index-url|--find-links|--trusted-host"
)
# The tests of what notebooks may not show have to name it.
NAMES_IT = {
    "netpol_sim/course/hygiene.py",
    "tests/test_project.py",
    "tests/unit/course/test_hygiene.py",
    "tests/unit/course/test_publish.py",
}


def tracked() -> list[str]:
    """Every file of the repository."""
    listing = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)  # noqa: S607
    return [name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def test_the_root_stays_small() -> None:
    """The root of the repository holds what the design names, and nothing else."""
    assert {name.split("/")[0] for name in tracked()} <= ALLOWED


def test_no_file_names_one_machine() -> None:
    """No file holds a path of somebody's machine or the address of a package registry."""
    found = []
    for name in tracked():
        if name in NAMES_IT:
            continue
        try:
            text = (ROOT / name).read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        for number, line in enumerate(text.splitlines(), start=1):
            if match := FOREIGN.search(line):
                found.append(f"{name}:{number}: {match[0]}")
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "path: /home/ann/course",
        "'/work/main'",
        "--index-url https://pypi.org/simple",
        "https://files.pythonhosted.org/packages/x",
    ],
)
def test_a_foreign_line_is_found(line: str) -> None:
    """The search above finds what it is for."""
    assert FOREIGN.search(line)


def test_the_pins_hold_everything_that_is_asked_for() -> None:
    """Each dependency and each extra is pinned to one version on each platform."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    asked = [*project["dependencies"], *(line for extra in extras for line in extra)]
    names = {re.split(r"[^\w.-]", line)[0].lower() for line in asked}
    pins = (ROOT / ".ci" / "requirements.txt").read_text("utf-8").splitlines()
    pinned = [line for line in pins if not line.startswith("#")]
    assert all(re.match(r"[a-z0-9.-]+==[\w.]+( ; .+)?$", line) for line in pinned)
    assert names <= {line.partition("==")[0] for line in pinned}


def test_the_simulator_is_light() -> None:
    """`import netpol_sim` brings in the standard library and PyYAML, and no notebook."""
    question = "import netpol_sim, sys, json; print(json.dumps(sorted(sys.modules)))"
    answer = subprocess.check_output([sys.executable, "-c", question], cwd=ROOT, text=True)
    found = {name.split(".")[0] for name in json.loads(answer)}
    ours = {"netpol_sim", "yaml", "_yaml"}
    sites = {"__main__", "__mp_main__", "cython_runtime", "sitecustomize", "usercustomize"}
    extra = {name for name in found - ours - sites - sys.stdlib_module_names if name[0] != "_"}
    assert extra == set()


def test_notebooks_are_marked_as_built() -> None:
    """A notebook folds in a review, since its source is what one reads."""
    asked = ["git", "check-attr", "linguist-generated", "--", "lessons/01-a.ipynb"]
    answer = subprocess.check_output(asked, cwd=ROOT, text=True)
    assert answer.strip().endswith(": set")
