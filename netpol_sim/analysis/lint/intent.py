"""What the name of a policy says it is for: the only intent that a manifest states."""

from __future__ import annotations

import re

from netpol_sim.policy import Direction, NetworkPolicy

_DENY = {"deny", "denied", "denies", "block", "blocks", "forbid", "reject", "drop", "no"}
_CLOSE = {"close", "closed", "isolate", "isolated", "lock", "lockdown", "quarantine", "shut"}
_ALLOW = {"allow", "allows", "allowed", "permit", "permits", "accept", "enable"}
_EVERYTHING = {"all", "everything", "both"}
_EVERYBODY = {"any", "anyone", "everybody", "everyone", "external", "internet", "open", "public"}
_UNLESS = {"but", "except", "not", "other", "others", "outside", "unless"}


def words(policy: NetworkPolicy) -> list[str]:
    """The words of a policy's name, in order."""
    return re.split(r"[-._]+", policy.name.lower())


def says_deny(policy: NetworkPolicy) -> bool:
    """Whether a policy's name says that it denies, and not that it allows."""
    found = set(words(policy))
    return bool(found & (_DENY | _CLOSE)) and not found & _ALLOW


def says_deny_egress(policy: NetworkPolicy) -> bool:
    """Whether a policy's name promises to deny egress: by that word, or by denying all."""
    found = set(words(policy))
    if not says_deny(policy) or Direction.INGRESS.rules_field in found:
        return False
    return Direction.EGRESS.rules_field in found or bool(found & _EVERYTHING)


def says_open(policy: NetworkPolicy) -> bool:
    """Whether a policy's name says that everybody may pass."""
    found = set(words(policy))
    if found & _DENY:
        return False
    return bool(found & _EVERYBODY) or bool(found & _ALLOW and found & _EVERYTHING)


def denied_words(policy: NetworkPolicy) -> list[str]:
    """What a policy's name says is denied: the words after `deny`.

    Empty when the name says allow as well, or denies with an exception.
    """
    found = words(policy)
    if not set(found) & _DENY or set(found) & (_ALLOW | _UNLESS):
        return []
    last = max(index for index, word in enumerate(found) if word in _DENY)
    return found[last + 1 :]
