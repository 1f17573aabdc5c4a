"""The names Kubernetes accepts.

Each function returns what is wrong with a text, as a tuple of messages; an empty tuple means that
the API server accepts it.  Source: ``k8s.io/apimachinery/pkg/util/validation/validation.go``.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_DNS_LABEL = re.compile(_LABEL, re.ASCII)
_DNS_SUBDOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*", re.ASCII)
_DNS_1035_LABEL = re.compile("[a-z]([-a-z0-9]*[a-z0-9])?", re.ASCII)
_QUALIFIED_PART = re.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]", re.ASCII)
_PORT_CHARACTERS = re.compile("[-a-z0-9]+", re.ASCII)

Messages = tuple[str, ...]


def _too_long(limit: int) -> str:
    return f"must be no more than {limit} characters"


@lru_cache(maxsize=4096)
def dns_label(text: str) -> Messages:
    """A DNS-1123 label, as namespaces have for a name."""
    messages = [_too_long(63)] if len(text) > 63 else []
    if not _DNS_LABEL.fullmatch(text):
        messages.append(
            "must consist of lower case letters, digits or `-`, and start and end with a letter "
            "or digit (such as `my-name` or `123-abc`)"
        )
    return tuple(messages)


@lru_cache(maxsize=4096)
def dns_subdomain(text: str) -> Messages:
    """A DNS-1123 subdomain, as most objects have for a name."""
    messages = [_too_long(253)] if len(text) > 253 else []
    if not _DNS_SUBDOMAIN.fullmatch(text):
        messages.append(
            "must consist of lower case letters, digits, `-` or `.`, and start and end with a "
            "letter or digit (such as `example.com`)"
        )
    return tuple(messages)


@lru_cache(maxsize=4096)
def dns_1035_label(text: str) -> Messages:
    """A DNS-1035 label, as Services have for a name."""
    messages = [_too_long(63)] if len(text) > 63 else []
    if not _DNS_1035_LABEL.fullmatch(text):
        messages.append(
            "must consist of lower case letters, digits or `-`, start with a letter and end with "
            "a letter or digit (such as `my-name` or `abc-123`)"
        )
    return tuple(messages)


@lru_cache(maxsize=4096)
def label_key(text: str) -> Messages:
    """A qualified name: an optional DNS prefix and `/`, then a name of up to 63 characters."""
    prefix, slash, name = text.rpartition("/")
    if "/" in prefix:
        return ("must be a name with at most one prefix before `/` (such as `example.com/MyName`)",)
    messages = []
    if slash and not prefix:
        messages.append("prefix part must not be empty")
    elif slash:
        messages.extend(f"prefix part {message}" for message in dns_subdomain(prefix))
    if not name:
        messages.append("name part must not be empty")
    elif len(name) > 63:
        messages.append(f"name part {_too_long(63)}")
    if not _QUALIFIED_PART.fullmatch(name):
        messages.append(
            "name part must consist of letters, digits, `-`, `_` or `.`, and start and end with a "
            "letter or digit (such as `MyName` or `my.name`)"
        )
    return tuple(messages)


@lru_cache(maxsize=4096)
def label_value(text: str) -> Messages:
    """A label value: empty, or up to 63 characters."""
    messages = [_too_long(63)] if len(text) > 63 else []
    if text and not _QUALIFIED_PART.fullmatch(text):
        messages.append(
            "must be empty, or consist of letters, digits, `-`, `_` or `.` and start and end with "
            "a letter or digit (such as `MyValue` or `12345`)"
        )
    return tuple(messages)


@lru_cache(maxsize=4096)
def port_name(text: str) -> Messages:
    """The name of a container port (an IANA service name)."""
    messages = [_too_long(15)] if len(text) > 15 else []
    if not _PORT_CHARACTERS.fullmatch(text):
        messages.append("must contain only lower case letters, digits and `-`")
    if not re.search("[a-z]", text):
        messages.append("must contain at least one letter")
    if "--" in text:
        messages.append("must not contain two `-` in a row")
    if text.startswith("-") or text.endswith("-"):
        messages.append("must not begin or end with `-`")
    return tuple(messages)


def port_number(number: int) -> Messages:
    """A port number."""
    return () if 1 <= number <= 65535 else ("must be between 1 and 65535",)
