"""What plugins do where the API leaves it open, and which of it changes an answer, in words."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_sim.analysis.plugins import Cause, causes
from netpol_sim.plugin import DOCUMENTATION
from netpol_sim.profiles import Fact
from netpol_sim.render import words
from netpol_sim.verdict import Answer, Verdict

_UNVERIFIED = "; not verified"


def sentence(fact: Fact) -> str:
    """A fact with its source."""
    return f"{fact.says} ({fact.source}{'' if fact.verified else _UNVERIFIED})"


def told(found: tuple[Cause, ...]) -> Iterator[str]:
    """Each cause that is a known fact, with the plugin that behaves so."""
    for cause in found:
        for profile, fact in cause.facts:
            yield f"{profile}: {sentence(fact)}"


def since_documentation(answer: Answer) -> Iterator[str]:
    """Where the plugin answers otherwise than the documentation: a note that says by what fact.

    That a plugin enforces nothing an explanation says by itself.
    """
    backends = (answer,) if isinstance(answer, Verdict) else answer.backends
    for verdict in backends:
        reasons = "; ".join(told(causes(verdict, DOCUMENTATION)))
        if reasons and verdict.cluster.profile.enforces:
            other = words.ANSWERS[not verdict.allowed]
            yield words.CAVEAT.format(
                sentence=f"By the documentation {verdict.connection} is {other}. {reasons}."
            )


def as_json(found: tuple[Cause, ...]) -> list[dict[str, str]]:
    """The facts of some causes."""
    return [
        {"profile": profile, "field": fact.field, "says": fact.says, "source": fact.source}
        for cause in found
        for profile, fact in cause.facts
    ]
