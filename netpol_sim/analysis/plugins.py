"""Why an answer differs between two network plugins: the facts that decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from netpol_sim.evaluate import evaluate
from netpol_sim.plugin import Profile
from netpol_sim.profiles import PLUGINS, Fact
from netpol_sim.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A field of ``Profile`` on which an answer depends, and what is known of it.

    ``facts`` holds the names of plugins with what they do; empty where a switch alone says so.
    """

    field: str
    facts: tuple[tuple[str, Fact], ...]


def causes(verdict: Verdict, other: Profile) -> tuple[Cause, ...]:
    """What makes another plugin answer otherwise than a verdict; nothing where it does not.

    These are the fields of which each changes the answer by itself; where none does, the fewest
    that change it together.
    """
    one = verdict.cluster.profile
    different = _different(one, other)
    if not different or not _flips(verdict, other, different):
        return ()
    found = [name for name in different if _flips(verdict, other, [name])]
    if not found:
        found = different
        for name in different:
            fewer = [each for each in found if each != name]
            found = fewer if _flips(verdict, other, fewer) else found
    return tuple(Cause(field=name, facts=_facts(name, (one.name, other.name))) for name in found)


def _different(one: Profile, other: Profile) -> list[str]:
    names = (field.name for field in fields(Profile) if field.name != "name")
    return [name for name in names if getattr(one, name) != getattr(other, name)]


def _flips(verdict: Verdict, other: Profile, names: Iterable[str]) -> bool:
    changes = {name: getattr(other, name) for name in names}
    profile = replace(verdict.cluster.profile, **changes)
    cluster = verdict.cluster.with_profile(profile)
    return evaluate(cluster, verdict.connection).allowed is not verdict.allowed


def _facts(field: str, profiles: tuple[str, ...]) -> tuple[tuple[str, Fact], ...]:
    return tuple(
        (plugin.profile.name, fact)
        for plugin in PLUGINS
        if plugin.profile.name in profiles
        for fact in plugin.facts
        if fact.field == field
    )
