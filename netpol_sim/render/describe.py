"""The parts of a policy in words: selectors, peers, ports, and how labels miss a selector."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from netpol_sim.cluster_peers import (
    ClusterPeer,
    ClusterPort,
    DomainNames,
    NamedPort,
    Networks,
    Nodes,
)
from netpol_sim.cluster_policy import AnyPolicy
from netpol_sim.labels import LabelSelector, Operator, Requirement
from netpol_sim.model import NAMESPACE_NAME_LABEL, Entity, External, Node, Pod
from netpol_sim.origin import Location
from netpol_sim.peers import IPBlock, Peer, PodPeer
from netpol_sim.policy import Protocol
from netpol_sim.render import rule_words

EMPTY = '""'
"""How an empty label value is shown."""


def listed(items: Iterable[str], word: str = rule_words.AND) -> str:
    """Items as people list them: ``a``, ``a and b``, ``a, b and c``; nothing for no items."""
    texts = list(items)
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {word} {texts[-1]}"


def requirements(selector: LabelSelector) -> Iterator[Requirement]:
    """Everything a selector asks for; an entry of ``matchLabels`` is ``In`` with one value."""
    for key, value in sorted(selector.match_labels.items()):
        yield Requirement(key=key, operator=Operator.IN, values=(value,))
    yield from selector.match_expressions


def term(requirement: Requirement) -> str:
    """What a requirement asks for: ``app=web``, ``tier in (web, api)``, ``no label canary``."""
    key, values = requirement.key, [value or EMPTY for value in requirement.values]
    if requirement.operator is Operator.IN and len(values) == 1:
        return rule_words.EQUALS.format(key=key, value=values[0])
    return rule_words.TERMS[requirement.operator].format(key=key, values=", ".join(values))


def terms(selector: LabelSelector) -> str:
    """Everything a selector asks for: ``app=web and tier in (web, api)``; empty for ``{}``."""
    return listed(term(requirement) for requirement in requirements(selector))


def contrast(selector: LabelSelector, labels: Mapping[str, str]) -> str:
    """How labels miss a selector: ``has app=rogue, not app=frontend``."""
    return listed(_contrast(missed, labels) for missed in unmet(selector, labels))


def needs(selector: LabelSelector, subject: str, labels: Mapping[str, str]) -> str:
    """What labels would need to fit a selector: ``shop/web had app=frontend``."""
    found = []
    for key in dict.fromkeys(missed.key for missed in unmet(selector, labels)):
        asked = [requirement for requirement in requirements(selector) if requirement.key == key]
        needed = _need(key, asked, labels.get(key))
        if needed is None:
            return rule_words.NO_CONTRADICTION
        found.append(needed)
    return f"{subject} {listed(found)}"


def _need(key: str, asked: Sequence[Requirement], found: str | None) -> str | None:
    """What all requirements on one key ask for together; None when no label meets them all."""
    operators = {requirement.operator for requirement in asked}
    ins = [set(item.values) for item in asked if item.operator is Operator.IN]
    outs = {value for item in asked if item.operator is Operator.NOT_IN for value in item.values}
    if Operator.DOES_NOT_EXIST in operators:
        contradiction = operators & {Operator.IN, Operator.EXISTS}
        return None if contradiction else rule_words.NEEDS[Operator.DOES_NOT_EXIST].format(key=key)
    if ins:
        allowed = tuple(sorted(set.intersection(*ins) - outs))
        if not allowed:
            return None
        needed = Requirement(key=key, operator=Operator.IN, values=allowed)
        return rule_words.NEEDS[Operator.IN].format(term=term(needed))
    if Operator.EXISTS in operators and outs:
        others = listed((value or EMPTY for value in sorted(outs)), rule_words.OR)
        return rule_words.NEEDS_OTHER.format(key=key, values=others)
    template = rule_words.NEEDS[Operator.NOT_IN if outs else Operator.EXISTS]
    return template.format(key=key, found=found or EMPTY)


def unmet(selector: LabelSelector, labels: Mapping[str, str]) -> list[Requirement]:
    """The requirements of a selector that labels do not meet."""
    return [asked for asked in requirements(selector) if not asked.matches(labels)]


def _contrast(missed: Requirement, labels: Mapping[str, str]) -> str:
    absent = missed.operator is Operator.IN and missed.key not in labels
    template = rule_words.ABSENT if absent else rule_words.CONTRASTS[missed.operator]
    found = labels.get(missed.key) or EMPTY
    return template.format(key=missed.key, found=found, term=term(missed))


def covers_absent(selector: LabelSelector, subject: str, labels: Mapping[str, str]) -> list[str]:
    """A sentence for each ``NotIn`` that picks labels only because they lack the key."""
    return [
        rule_words.COVERS_ABSENT.format(term=term(asked), subject=subject, key=asked.key)
        for asked in requirements(selector)
        if asked.operator is Operator.NOT_IN and asked.key not in labels
    ]


def pods(selector: LabelSelector | None, namespaces: str) -> str:
    """Pods in words: ``pods with app=web in namespace shop``, ``every pod in every namespace``."""
    if selector is None or selector.matches_everything:
        return rule_words.IN.format(pods=rule_words.EVERY_POD, namespaces=namespaces)
    with_labels = rule_words.WITH.format(pods=rule_words.PODS, terms=terms(selector))
    return rule_words.IN.format(pods=with_labels, namespaces=namespaces)


def namespaces(selector: LabelSelector) -> str:
    """Namespaces in words: by name where the selector names them, else by what it asks for."""
    if selector.matches_everything:
        return rule_words.EVERY_NAMESPACE
    names = namespace_names(selector)
    if names:
        template = rule_words.NAMESPACE if len(names) == 1 else rule_words.NAMESPACES
        return template.format(names=listed(names, rule_words.OR))
    return rule_words.NAMESPACES_WITH.format(terms=terms(selector))


def namespace_names(selector: LabelSelector) -> tuple[str, ...]:
    """The namespaces that a selector lists by name; none when it uses other labels."""
    asked = list(requirements(selector))
    if len(asked) == 1 and asked[0].key == NAMESPACE_NAME_LABEL:
        return asked[0].values if asked[0].operator is Operator.IN else ()
    return ()


def peer(item: Peer | ClusterPeer, own_namespace: str = "") -> str:
    """A peer in words; ``own_namespace`` is the policy's, which a podSelector alone looks in."""
    match item:
        case Networks(cidrs=cidrs):
            return rule_words.ADDRESSES.format(cidr=listed(cidrs, rule_words.OR))
        case Nodes(selector=selector):
            everyone = selector.matches_everything
            return rule_words.NODES[everyone].format(terms=terms(selector))
        case DomainNames(names=names):
            return rule_words.DOMAINS.format(names=listed(names, rule_words.OR))
        case IPBlock(cidr=cidr, except_=()):
            return rule_words.ADDRESSES.format(cidr=cidr)
        case IPBlock(cidr=cidr, except_=excepted):
            return rule_words.ADDRESSES_EXCEPT.format(cidr=cidr, excepted=listed(excepted))
        case PodPeer(pod_selector=selector, namespace_selector=LabelSelector() as wide):
            return pods(selector, namespaces(wide))
        case PodPeer(pod_selector=selector):
            return pods(selector, rule_words.NAMESPACE.format(names=own_namespace))


def port(entry: ClusterPort) -> str:
    """A port entry in words: ``port 80/TCP``, ``ports 8000 to 8010/TCP``, ``every UDP port``."""
    if isinstance(entry, NamedPort):
        return rule_words.ANY_NAMED_PORT.format(name=entry.name)
    match entry.port:
        case None:
            return rule_words.EVERY_PORT_OF.format(protocol=entry.protocol)
        case str(name):
            return rule_words.NAMED_PORT.format(name=name, protocol=entry.protocol)
        case number if entry.end_port is not None and entry.end_port > number:
            return rule_words.PORT_RANGE.format(
                first=number, last=entry.end_port, protocol=entry.protocol
            )
        case number:
            return numbered_port(number, entry.protocol)


def numbered_port(number: int, protocol: Protocol) -> str:
    """One port in words: ``port 80/TCP``."""
    return rule_words.ONE_PORT.format(number=number, protocol=protocol)


def kind(entity: Entity) -> str:
    """What an end is that policies do not see as a pod; only hostNetwork pods are asked about."""
    match entity:
        case External():
            return rule_words.EXTERNAL
        case Node():
            return rule_words.NODE
        case Pod():
            return rule_words.ON_NODE_NETWORK


def policy(value: AnyPolicy) -> str:
    """A policy by its name, and where it is written when that is known."""
    return where(value.key, value.origin.locate() if value.origin else None)


def where(field: str, location: Location | None) -> str:
    """A field path, and the place in a file when it is known."""
    return f"{field} ({location})" if location else field
