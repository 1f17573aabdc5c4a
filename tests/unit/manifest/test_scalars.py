"""What unquoted words mean to the Kubernetes tools."""

from __future__ import annotations

import math

import pytest

from netpol_sim.manifest.scalars import Scalar, as_key, resolve

TEXT = ["web", "a1", "1a", "1.2.3", "10.0.0.0/8", "fd00::/8", "1:20", "2024-01-01", "0x", "0b12"]
TEXT += ["0o8", "+", "-", ".", "..", "1e", "e1", "yES", "nULL", "tRUE", "None", "inf", "NaN", "1 2"]
TEXT += ["1-2", "--1", "_1", "٣"]

MEANT: dict[str, Scalar] = {
    **dict.fromkeys(
        ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"], True
    ),
    **dict.fromkeys(["n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "FALSE"], False),
    **dict.fromkeys(["", "~", "null", "Null", "NULL"]),
    "80": 80,
    "+80": 80,
    "-80": -80,
    "010": 8,
    "0o10": 8,
    "0x1F": 31,
    "-0x1f": -31,
    "0b101": 5,
    "1_000": 1000,
    "1_": 1,
    "0": 0,
    "08": 8.0,
    "1.10": 1.1,
    "1.": 1.0,
    ".5": 0.5,
    "12e3": 12000.0,
    "1E-2": 0.01,
    ".inf": math.inf,
    "-.INF": -math.inf,
    "9" * 30: int("9" * 30),
}


@pytest.mark.parametrize("word", TEXT)
def test_text(word: str) -> None:
    """These are text as they stand; a date and 1:20 too, unlike in some other readers of YAML."""
    assert resolve(word) == word
    assert as_key(word) == word


@pytest.mark.parametrize("word", MEANT)
def test_surprises(word: str) -> None:
    """These are no text without quotes."""
    value = resolve(word)
    assert value == MEANT[word]
    assert type(value) is type(MEANT[word])


def test_not_a_number() -> None:
    """`.nan` is a number that equals none."""
    value = resolve(".NaN")
    assert isinstance(value, float)
    assert math.isnan(value)


def test_endless_numbers() -> None:
    """A number of any length is read in no time."""
    assert resolve("9" * 100_000) == math.inf


@pytest.mark.parametrize(
    ("word", "key"),
    [("on", "true"), ("no", "false"), ("010", "8"), ("1.10", "1.1"), ("1e9", "1e+09"), ("~", None)],
)
def test_keys(word: str, key: str | None) -> None:
    """A key becomes text, and null is no key."""
    assert as_key(word) == key
