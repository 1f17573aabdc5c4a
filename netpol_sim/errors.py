"""Everything we raise, as a tree.

::

    NetpolError
    ├── InvalidValueError (ValueError)    a value the API server would refuse; ``.problems``
    ├── ManifestError (ValueError)        manifests that do not load; all their ``.problems``
    ├── ConnectionTextError (ValueError)  a connection text that cannot be read
    ├── UnknownNameError (LookupError)    a pod, node, Service, namespace or port that is not there
    ├── AmbiguousNameError (LookupError)  a name that means several things
    └── of the course and its commands, each defined where it is raised
        ├── SourceError (ValueError)      content of the course that is wrong; all its ``.problems``
        │   └── PublishError              a source that gives no notebook
        ├── WorkspaceError                the learner's folder cannot be made or updated
        ├── AnswerError                   an answer or a diary that cannot be read or written
        ├── PracticeError                 no made-up task of the kind, level and seed asked for
        ├── ExportError                   cards that cannot be exported
        ├── MisunderstoodError            what was said in an interview answers no question
        └── WatchError                    nothing can be watched

Denied traffic, lint advice and wrong answers are not errors: they are verdicts, findings and
grades.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class ProblemKind(StrEnum):
    """The API server's word for what is wrong with a field.

    Source: ``k8s.io/apimachinery/pkg/util/validation/field`` error types; ``MALFORMED`` is ours,
    for text that is no YAML at all.
    """

    REQUIRED = "Required"
    INVALID = "Invalid"
    NOT_SUPPORTED = "NotSupported"
    FORBIDDEN = "Forbidden"
    DUPLICATE = "Duplicate"
    TOO_MANY = "TooMany"
    TOO_LONG = "TooLong"
    TYPE_INVALID = "TypeInvalid"
    MALFORMED = "Malformed"

    @property
    def heading(self) -> str:
        """How the API server prints this kind."""
        return _HEADINGS[self]


_HEADINGS = {
    ProblemKind.REQUIRED: "Required value",
    ProblemKind.INVALID: "Invalid value",
    ProblemKind.NOT_SUPPORTED: "Unsupported value",
    ProblemKind.FORBIDDEN: "Forbidden",
    ProblemKind.DUPLICATE: "Duplicate value",
    ProblemKind.TOO_MANY: "Too many",
    ProblemKind.TOO_LONG: "Too long",
    ProblemKind.TYPE_INVALID: "Wrong type",
    ProblemKind.MALFORMED: "Not readable",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing the API server would refuse, and where it stands.

    ``field`` is the server's path within the object, such as ``spec.ingress[0].ports[0].endPort``.
    ``value`` is what was found, as a person would write it (None: nothing was found).  ``file``,
    ``line`` and ``column`` count from 1 and are None for values built in Python.  ``object`` is
    the kind and name, such as ``NetworkPolicy bank/db-policy``.
    """

    kind: ProblemKind
    field: str
    message: str
    help: str = ""
    value: str | None = None
    object: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None

    def under(self, prefix: str) -> Problem:
        """The same problem seen from the object that holds this one."""
        return replace(self, field=join_field(prefix, self.field))

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        value = "" if self.value is None else f"`{self.value}`"
        parts = (place, self.object, self.field, self.kind.heading, value, self.message)
        return ": ".join(part for part in parts if part)


def join_field(prefix: str, field: str) -> str:
    """Join two field paths: ``spec`` and ``ports`` by a dot, ``ports`` and ``[0]`` without."""
    if not prefix or not field:
        return prefix or field
    return prefix + field if field.startswith("[") else f"{prefix}.{field}"


class NetpolError(Exception):
    """The base of everything we raise."""


class InvalidValueError(NetpolError, ValueError):
    """A value the API server would refuse; ``problems`` says why, in the server's order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class ManifestError(NetpolError, ValueError):
    """Manifests that do not load; ``problems`` holds every problem of every object."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class ConnectionTextError(NetpolError, ValueError):
    """A connection text that cannot be read; the message says which part and shows the form."""


class UnknownNameError(NetpolError, LookupError):
    """A pod, node, Service, namespace or port that the cluster does not have."""


class AmbiguousNameError(NetpolError, LookupError):
    """A name that means several things; the message lists them."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name closest to ``name``, or None when nothing is close."""
    from difflib import get_close_matches  # noqa: PLC0415  only mistakes need it

    matches = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return matches[0] if matches else None


def invalid(field: str, value: object, message: str, help_text: str = "") -> Problem:
    """A value that its field does not take."""
    return Problem(
        kind=ProblemKind.INVALID, field=field, value=str(value), message=message, help=help_text
    )


def unsupported(field: str, value: str, allowed: Iterable[str], help_text: str = "") -> Problem:
    """A word that is none of the few that its field takes; the nearest of them is proposed."""
    allowed = list(allowed)
    near = {word.lower(): word for word in allowed}
    meant = nearest(value.lower(), near)
    return Problem(
        kind=ProblemKind.NOT_SUPPORTED,
        field=field,
        value=value,
        message=f"supported are {', '.join(allowed)} (in exactly this case)",
        help=help_text or (f"did you mean `{near[meant]}`?" if meant else ""),
    )


def raise_if_any(problems: Sequence[Problem]) -> None:
    """Raise ``InvalidValueError`` when there are problems."""
    if problems:
        raise InvalidValueError(problems)
