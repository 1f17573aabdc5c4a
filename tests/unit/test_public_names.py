"""The names a program may rely on."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import netpol_sim


def test_every_public_name_is_there_when_asked_for() -> None:
    """Each name of ``__all__`` can be imported, and has one home."""
    homes = [name for names in netpol_sim.HOMES.values() for name in names]
    assert sorted(homes) == sorted(netpol_sim.__all__)
    for name in netpol_sim.__all__:
        assert getattr(netpol_sim, name) is not None, name


def test_type_checkers_see_the_same_names() -> None:
    """The imports for type checkers name each home's names and no others."""
    tree = ast.parse(Path(netpol_sim.__file__).read_text("utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        (str(node.module).removeprefix("netpol_sim."), alias.name)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == {(home, name) for home, names in netpol_sim.HOMES.items() for name in names}


def test_the_list_is_sorted() -> None:
    """A reader finds a name where the alphabet puts it."""
    assert netpol_sim.__all__ == sorted(netpol_sim.__all__)


def test_an_unknown_name_is_no_attribute() -> None:
    """A misspelt name fails like that of any module."""
    assert not hasattr(netpol_sim, "evaluat")


def test_a_verb_is_never_the_module_of_its_name() -> None:
    """However a program begins, a public name is what it is the name of, and no module."""
    for first in ("ask", "evaluate", "analysis.lint", "render.text"):
        program = (
            f"import netpol_sim, netpol_sim.{first}; import netpol_sim.evaluate; "
            "print(netpol_sim.evaluate.__class__.__name__)"
        )
        run = [sys.executable, "-c", program]
        assert (
            subprocess.run(run, check=True, capture_output=True, text=True).stdout == "function\n"
        )
