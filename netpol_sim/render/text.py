"""A value as plain sentences: ``explain``."""

from __future__ import annotations

from enum import StrEnum

from netpol_sim.cluster import Cluster
from netpol_sim.verdict import Answer


class Length(StrEnum):
    """How much ``explain`` says."""

    LINE = "line"
    PARAGRAPH = "paragraph"
    TRACE = "trace"


def explain(
    value: Answer, length: Length | str = Length.PARAGRAPH, *, cluster: Cluster | None = None
) -> str:
    """A value as sentences, one on each line."""
    return str(value)
