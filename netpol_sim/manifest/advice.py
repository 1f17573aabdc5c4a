"""What to do about a field of the wrong type or with an unknown name, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from netpol_sim.errors import nearest
from netpol_sim.manifest.tree import Value

_SELECTORS = ("podSelector", "namespaceSelector")
_PEERS = ("from", "to")
_OF_INGRESS = ("an entry of `ingress`", "an entry of `from`")
_OF_EGRESS = ("an entry of `egress`", "an entry of `to`")

_NO_HOST_NAMES = (
    "a NetworkPolicy knows no host names: list addresses with `ipBlock`, or use a policy kind of "
    "your network plugin"
)
_NO_DENY = (
    "there are no deny rules: what no rule lets pass is denied, and nothing can be taken back"
)
_NO_ORDER = "policies have no order: what any of them lets pass may pass"
_NO_SERVICES = "a policy never sees a Service: pick the pods behind it with `podSelector`"
_NO_IDENTITIES = "a policy knows no accounts: pick pods by their labels with `podSelector`"
_NO_REQUESTS = "a policy judges addresses and ports, not requests"
_NAMESPACE = (
    "to pick a namespace by its name write `namespaceSelector:`, inside it `matchLabels:`, inside "
    "that `kubernetes.io/metadata.name: NAME`"
)
_ADDRESS = "a range of addresses is written `ipBlock:` and inside it `cidr: 10.0.0.0/8`"
_KNOWLEDGE = {
    _NO_HOST_NAMES: "fqdn fqdns toFQDNs host hosts hostname hostnames domain domains domainName "
    "domainNames dnsName dnsNames matchName url",
    _NO_DENY: "action deny denies effect allow block ingressDeny egressDeny",
    _NO_ORDER: "priority order tier",
    _NO_SERVICES: "service services serviceName serviceSelector toServices",
    _NO_IDENTITIES: "serviceAccount serviceAccounts serviceAccountName serviceAccountSelector user",
    _NO_REQUESTS: "http path paths method methods rules l7 toPorts",
    _NAMESPACE: "namespaces namespaceName",
    _ADDRESS: "ip ips cidrs address addresses ipBlocks",
}
WISHES = {word.lower(): answer for answer, words in _KNOWLEDGE.items() for word in words.split()}
"""What to write instead in a NetworkPolicy, by the wrong field in small letters."""


class Spoken(NamedTuple):
    """A scalar as it was written (None: no scalar), and whether by the rules of YAML."""

    text: str | None
    is_yaml: bool


class Habits(NamedTuple):
    """What people take a kind of policy for.

    ``homes`` says in which mappings of the kind a field name belongs, ``wishes`` what to write
    instead of a field that it does not have anywhere.
    """

    homes: Mapping[str, tuple[str, ...]]
    wishes: Mapping[str, str]


def unknown_field(path: str, name: str, value: Value, known: Iterable[str], habits: Habits) -> str:
    """What may have been meant by a field that the mapping at ``path`` does not have."""
    homes = habits.homes.get(name, ())
    parent = _last_name(path)
    is_peer = parent in _PEERS
    wish = habits.wishes.get(name.lower())
    if wish is None and is_peer and name == "namespace":
        wish = _NAMESPACE
    if wish is not None and path:
        return wish
    known = list(known)
    sentences = []
    if meant := _similar(name, known):
        sentences.append(f"did you mean `{meant}`?")
    homes = tuple(home for home in homes if not _is_of_other_direction(home, path)) or homes
    if homes:
        sentences.append(f"`{name}` belongs in {_either(homes)}: check the indentation")
    if sentences:
        return " ".join(sentences)
    if parent in _SELECTORS and not isinstance(value, dict | list):
        return f"labels stand one level deeper: write `matchLabels:` and inside it `{name}`"
    if is_peer and not isinstance(value, dict | list):
        return (
            f"to pick pods by a label write `podSelector:`, inside it `matchLabels:`, inside that "
            f"`{name}`"
        )
    return f"the fields here are {', '.join(known)}"


def _is_of_other_direction(home: str, path: str) -> bool:
    own, _, rest = path.removeprefix("spec.").partition("[")
    return bool(rest) and home in {"ingress": _OF_EGRESS, "egress": _OF_INGRESS}.get(own, ())


def _similar(name: str, known: list[str]) -> str | None:
    folded = {word.lower(): word for word in known}
    meant = nearest(name.lower(), folded)
    return folded[meant] if meant else None


def _either(homes: tuple[str, ...]) -> str:
    *most, last = homes
    return f"{', '.join(most)} or {last}" if most else last


def wrong_type(field: str, value: Value, expected: str, spoken: Spoken) -> tuple[str, str]:
    """What is wrong with a value of the wrong type, and what to write."""
    name = _last_name(field)
    match expected, value:
        case _, None:
            return f"must be {expected}, but nothing is written here", 'empty text is written `""`'
        case "text", bool() | int() | float():
            return _not_text(value, spoken)
        case "a whole number" | "a number or a name", float():
            return f"must be {expected}; this number has a fraction", ""
        case "a whole number", str() if value.strip().lstrip("-").isdigit():
            help_text = f"write `{name}: {value.strip()}`"
            return "must be a number; the quotes make it text", help_text
        case "true or false", str() if value.lower() in ("true", "false"):
            help_text = f"write `{name}: {value.lower()}`"
            return "must be true or false; the quotes make it text", help_text
        case "a mapping", _:
            return f"must be a mapping, not {_type_name(value)}", _as_mapping(field, name, value)
        case "a list", _:
            return f"must be a list, not {_type_name(value)}", _as_list(name, value)
        case "a number or a name", list():
            help_text = "write one entry of `ports` for each"
            return "must be one number or one name, not a list", help_text
        case _:
            return f"must be {expected}, not {_type_name(value)}", ""


def _not_text(value: float, spoken: Spoken) -> tuple[str, str]:
    written = spoken.text or str(value)
    if not spoken.is_yaml:
        return f"must be text, not {_type_name(value)}", f'write `"{written}"`'
    meaning = str(value).lower() if isinstance(value, bool) else f"{value:.15g}"
    read_as = _type_name(value) if meaning == written else f"{_type_name(value)}, {meaning}"
    return f"must be text; without quotes YAML reads it as {read_as}", f'write `"{written}"`'


def _as_mapping(field: str, name: str, value: Value) -> str:
    if isinstance(value, list):
        return "leave out the `-`"
    if not isinstance(value, str):
        return "write `- port: NUMBER`" if name == "ports" and field.endswith("]") else ""
    key, sign, label = value.replace("=", ":").partition(":")
    pair = f"`{key.strip()}: {label.strip()}`" if sign else ""
    if name == "matchLabels" and pair:
        space = ", with a space after the `:`" if ":" in value else ""
        return f"write {pair}{space}, on a line of its own inside it"
    if name in _SELECTORS and pair:
        return f"write `matchLabels:` inside it, and inside that {pair}"
    if name in _PEERS and _as_peer(value):
        return _as_peer(value)
    return "write its fields on lines of their own, indented"


def _as_peer(value: Value) -> str:
    is_range = isinstance(value, str) and value[:1].isdigit()
    return f"write `ipBlock:` and inside it `cidr: {value}`" if is_range else ""


def _as_list(name: str, value: Value) -> str:
    if isinstance(value, dict):
        return "put `- ` before its first field, and indent the others as far as that one"
    if name in _PEERS:
        return _as_peer(value) and f"{_as_peer(value)}, after a `- `"
    if isinstance(value, str):
        entries = ", ".join(part.strip() for part in value.split(","))
        return f"write `{name}: [{entries}]`"
    return f"write `{name}:` and below it `- port: {value}`" if name == "ports" else ""


def _type_name(value: Value) -> str:
    match value:
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case bool():
            return "a truth value"
        case int() | float():
            return "a number"
        case _:
            return "text"


def repeated_key(field: str, key: str) -> str:
    """What to do about a key that stands twice in a mapping."""
    if field.removesuffix(f".{key}").endswith("matchLabels"):
        return (
            "a label has one value: to pick either, write `matchExpressions:` with "
            "`operator: In` and both values"
        )
    return "delete one of the two"


def _last_name(path: str) -> str:
    return path.rpartition(".")[2].partition("[")[0]
