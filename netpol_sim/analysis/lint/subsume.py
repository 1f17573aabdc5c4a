"""Whether one rule lets in all that another does, on every cluster.

Sound but not complete: True is a proof from what is written, False only means that none was found.
"""

from __future__ import annotations

from functools import lru_cache

from netpol_sim.addresses import contains
from netpol_sim.analysis.lint.written import WrittenRule
from netpol_sim.analysis.table.ports import numbered_ports
from netpol_sim.labels import EVERYTHING, LabelSelector, Operator, Requirement
from netpol_sim.model import NAMESPACE_NAME_LABEL
from netpol_sim.peers import IPBlock, Peer, PodPeer
from netpol_sim.policy import PolicyPort


def covers(wide: WrittenRule, narrow: WrittenRule) -> bool:
    """Whether whatever the narrow rule allows is allowed by the wide one too."""
    if wide.direction is not narrow.direction or wide.policy.namespace != narrow.policy.namespace:
        return False
    home = narrow.policy.namespace
    return (
        implies(narrow.policy.pod_selector, wide.policy.pod_selector)
        and _covers_ports(wide.rule.ports, narrow.rule.ports)
        and _covers_peers(wide.rule.peers, narrow.rule.peers, home)
    )


def _covers_peers(wide: tuple[Peer, ...], narrow: tuple[Peer, ...], home: str) -> bool:
    if not wide or not narrow:
        return not wide
    return all(any(_covers_peer(known, peer, home) for known in wide) for peer in narrow)


def _covers_peer(wide: Peer, narrow: Peer, home: str) -> bool:
    match wide, narrow:
        case IPBlock(), IPBlock():
            return _covers_block(wide, narrow)
        case PodPeer(), PodPeer():
            return implies(_namespaces(narrow, home), _namespaces(wide, home)) and implies(
                narrow.pod_selector or EVERYTHING, wide.pod_selector or EVERYTHING
            )
        case _:
            return False


def _covers_block(wide: IPBlock, narrow: IPBlock) -> bool:
    if not contains(wide.network, narrow.network):
        return False
    return all(
        any(contains(cut, hole) for cut in narrow.excluded)
        or not (contains(narrow.network, hole) or contains(hole, narrow.network))
        for hole in wide.excluded
    )


def _namespaces(peer: PodPeer, home: str) -> LabelSelector:
    if peer.namespace_selector is not None:
        return peer.namespace_selector
    return LabelSelector(match_labels={NAMESPACE_NAME_LABEL: home})


def _covers_ports(wide: tuple[PolicyPort, ...], narrow: tuple[PolicyPort, ...]) -> bool:
    if not numbered_ports(narrow) <= numbered_ports(wide):
        return False
    named = (entry for entry in narrow if isinstance(entry.port, str))
    return not wide or all(_covers_name(wide, entry) for entry in named)


def _covers_name(wide: tuple[PolicyPort, ...], entry: PolicyPort) -> bool:
    """A name may stand for any number of its protocol."""
    return entry in wide or PolicyPort(protocol=entry.protocol) in wide


@lru_cache(maxsize=65536)
def implies(narrow: LabelSelector, wide: LabelSelector) -> bool:
    """Whether whatever meets the first selector surely meets the second."""
    given = requirements(narrow)
    return all(any(_meets(known, wanted) for known in given) for wanted in requirements(wide))


@lru_cache(maxsize=4096)
def requirements(selector: LabelSelector) -> tuple[Requirement, ...]:
    """Everything that a selector requires, each label as an ``In`` of one value."""
    labels = (
        Requirement(key=key, operator=Operator.IN, values=(value,))
        for key, value in selector.match_labels.items()
    )
    return (*labels, *selector.match_expressions)


def _meets(known: Requirement, wanted: Requirement) -> bool:
    """Whether one requirement, once met, meets another."""
    if known.key != wanted.key:
        return False
    have, want = set(known.values), set(wanted.values)
    match known.operator, wanted.operator:
        case Operator.IN, Operator.IN:
            return have <= want
        case Operator.IN, Operator.NOT_IN:
            return not have & want
        case Operator.NOT_IN, Operator.NOT_IN:
            return want <= have
        case ((Operator.IN | Operator.EXISTS), Operator.EXISTS):
            return True
        case Operator.DOES_NOT_EXIST, (Operator.DOES_NOT_EXIST | Operator.NOT_IN):
            return True
        case _:
            return False
