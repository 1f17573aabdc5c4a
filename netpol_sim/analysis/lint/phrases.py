"""Numbers and lists as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from typing import Protocol as Shape

from netpol_sim.verdict import Verdict

SHOWN = 3
"""How many members of a list are named."""


class Keyed(Shape):
    """Anything that has a key, as pods have."""

    @property
    def key(self) -> str:
        """Its name within the cluster."""


def counted(number: int, one: str, many: str = "") -> str:
    """``no pod``, ``1 pod``, ``14 pods``."""
    if number == 1:
        return f"1 {one}"
    return f"{number or 'no'} {many or one + 's'}" if number else f"no {one}"


def listed(words: Sequence[str]) -> str:
    """The first few words: ``a``, ``a and b``, ``a, b, c and 4 more``."""
    shown = list(words[:SHOWN])
    if len(words) > SHOWN:
        return f"{', '.join(shown)} and {len(words) - SHOWN} more"
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def pods(found: Iterable[Keyed]) -> str:
    """``no pod``, ``1 pod (bank/api)``, ``4 pods (bank/api, bank/db, dev/client and 1 more)``."""
    keys = [pod.key for pod in found]
    return f"{counted(len(keys), 'pod')} ({listed(keys)})" if keys else "no pod"


def agreeing(found: Sized, one: str, many: str) -> str:
    """The verb that goes with so many things: ``is`` for one, else ``are``."""
    return one if len(found) == 1 else many


def answer(verdict: Verdict | None) -> str:
    """What becomes of a connection."""
    return "allowed" if verdict is not None and verdict.allowed else "denied"


def quoted(words: Iterable[str]) -> str:
    """The words in backticks, as a list."""
    return listed([f"`{word}`" for word in words])
