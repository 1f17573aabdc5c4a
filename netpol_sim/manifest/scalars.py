"""What an unquoted YAML word is to the Kubernetes tools: text, number, truth value or nothing.

They read YAML 1.1 in a dialect of their own, which is neither PyYAML's nor YAML 1.2: ``y`` and
``on`` are truth values, ``010`` is eight, ``12e3`` is a number; a date and ``1:20`` are text.
Source: ``sigs.k8s.io/yaml/goyaml.v2/resolve.go``.
"""

from __future__ import annotations

import re
from functools import lru_cache

Scalar = str | int | float | bool | None

_TRUE = ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")
_FALSE = ("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF")
_NULL = ("", "~", "null", "Null", "NULL")
_SPECIAL = {".nan": "nan", ".NaN": "nan", ".NAN": "nan"} | {
    f"{sign}.{word}": f"{sign}inf" for sign in ("", "+", "-") for word in ("inf", "Inf", "INF")
}
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(_TRUE, True),
    **dict.fromkeys(_FALSE, False),
    **dict.fromkeys(_NULL),
    **{word: float(meaning) for word, meaning in _SPECIAL.items()},
}
_INTEGER = re.compile(
    r"(?P<sign>[-+]?)(?:0x(?P<hex>[0-9a-f]+)|0b(?P<binary>[01]+)|0o?(?P<octal>[0-7]+)"
    r"|(?P<decimal>0|[1-9][0-9]*))",
    re.ASCII | re.IGNORECASE,
)
_BASES = {"hex": 16, "binary": 2, "octal": 8, "decimal": 10}
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_MOST_DIGITS = 4000


def resolve(text: str) -> Scalar:
    """What the unquoted word ``text`` stands for."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "0123456789+-.":
        return text
    digits = text if text[0] == "." else text.replace("_", "")
    if (integer := _INTEGER.fullmatch(digits)) and len(digits) <= _MOST_DIGITS:
        kind = integer.lastgroup or "decimal"
        value = int(integer[kind], _BASES[kind])
        return -value if integer["sign"] == "-" else value
    return float(digits) if _FLOAT.fullmatch(digits) else text


@lru_cache(maxsize=4096)
def as_key(text: str) -> str | None:
    """What the unquoted word ``text`` is as a key; None when it is no key at all.

    Numbers and truth values are turned into text.  Source: ``sigs.k8s.io/yaml/yaml.go``.
    """
    key = resolve(text)
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, float):
        return f"{key:.8g}"
    return None if key is None else str(key)
