from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import compare_with_golden


def test_the_same_bytes_pass(tmp_path: Path) -> None:
    """A golden file passes on its exact text, and a stale `actual.*` goes away."""
    (tmp_path / "verdict.txt").write_bytes(b"allowed\n")
    (tmp_path / "actual.verdict.txt").write_bytes(b"old")
    compare_with_golden("allowed\n", tmp_path / "verdict.txt", update=False)
    assert not (tmp_path / "actual.verdict.txt").exists()


@pytest.mark.parametrize("actual", ["denied\n", "allowed", "allowed\r\n", "allowed \n", ""])
def test_other_bytes_fail(tmp_path: Path, actual: str) -> None:
    """One byte more, less or other fails, with a difference and the seen text beside."""
    (tmp_path / "verdict.txt").write_bytes(b"allowed\n")
    with pytest.raises(pytest.fail.Exception, match=r"verdict\.txt differs") as failure:
        compare_with_golden(actual, tmp_path / "verdict.txt", update=False)
    assert "-allowed" in str(failure.value)
    assert (tmp_path / "actual.verdict.txt").read_bytes() == actual.encode()
    assert (tmp_path / "verdict.txt").read_bytes() == b"allowed\n"


def test_a_missing_file_fails(tmp_path: Path) -> None:
    """A golden file that is not there is a failure, not a first version."""
    with pytest.raises(pytest.fail.Exception, match="no golden file"):
        compare_with_golden("allowed\n", tmp_path / "deep" / "verdict.txt", update=False)


def test_updating_writes(tmp_path: Path) -> None:
    """With --update-golden the seen text becomes the golden file."""
    compare_with_golden("denied\n", tmp_path / "deep" / "verdict.txt", update=True)
    compare_with_golden("denied\n", tmp_path / "deep" / "verdict.txt", update=False)
