"""``netpol convert``, from manifests to manifests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from netpol_sim import loads
from netpol_sim.cli import main

OLD = Path(__file__).parents[2] / "golden" / "convert" / "old.yaml"


def test_the_new_manifests(
    capsys: pytest.CaptureFixture[str], golden: Callable[[str, str], None]
) -> None:
    """Every policy stands below a comment about the one it replaces, and the text loads."""
    assert main(["convert", str(OLD)]) == 0
    text = capsys.readouterr().out
    golden(text, "convert/new.txt")
    assert len(loads(text).cluster_policies) == 2


def test_nothing_to_convert(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Manifests without such policies are bad input."""
    file = tmp_path / "pods.yaml"
    file.write_text("{apiVersion: v1, kind: Pod, metadata: {name: a}}")
    assert main(["convert", str(file)]) == 2
    assert "no AdminNetworkPolicy" in capsys.readouterr().err
