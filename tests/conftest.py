"""What every test shares: the profiles of property tests, and exact golden files."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

GOLDEN = Path(__file__).parent / "golden"
LONGEST = ("tests/course/test_gate", "tests/laws", "tests/mutation", "tests/unit/course/test_hints")
LONGEST_LINE = 200  # that a person would read in a difference

# `ci` tries the same examples every time, on any machine however slow; choose another with
# --hypothesis-profile
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.load_profile("dev")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--update-golden``."""
    say = "write what the tests see into tests/golden, instead of comparing"
    parser.addoption("--update-golden", action="store_true", help=say)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the tests in a browser unless they are asked for: they need a Chromium."""
    asked = any("browser" in argument for argument in config.invocation_params.args)
    return True if collection_path.name == "browser" and not asked else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def compare_with_golden(actual: str, expected: Path, *, update: bool) -> None:
    """Fail unless a golden file holds exactly this text; leave the text beside it to look at."""
    seen = expected.with_name(f"actual.{expected.name}")
    seen.unlink(missing_ok=True)
    current = expected.read_bytes() if expected.exists() else None
    if current == actual.encode():
        return
    if update:
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_bytes(actual.encode())
        return
    expected.parent.mkdir(parents=True, exist_ok=True)
    seen.write_bytes(actual.encode())
    remedy = f"Seen text: {seen}. If it is right: pytest --update-golden"
    if current is None:
        pytest.fail(f"There is no golden file {expected.name}. {remedy}", pytrace=False)
    lines = difflib.unified_diff(
        _readable(current.decode("utf-8", "backslashreplace")),
        _readable(actual),
        expected.name,
        seen.name,
    )
    shown = "".join(line if line.endswith("\n") else f"{line} (no line end)\n" for line in lines)
    pytest.fail(f"{expected.name} differs.\n{shown}{remedy}", pytrace=False)


def _readable(text: str) -> list[str]:
    """The lines of a text; markup on one long line is parted at its tags."""
    if max(map(len, text.splitlines()), default=0) > LONGEST_LINE:
        text = text.replace("><", ">\n<")
    return text.splitlines(keepends=True)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with a file under ``tests/golden``, byte for byte: ``golden(text, name)``."""
    update = bool(request.config.getoption("--update-golden"))

    def compare(actual: str, name: str) -> None:
        compare_with_golden(actual, GOLDEN / name, update=update)

    return compare
