"""From the events of a parser to plain values, and where each of them stands.

Nothing here recurses, so no depth of nesting can exhaust Python's stack.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from netpol_sim.manifest.scalars import Scalar, as_key, resolve
from netpol_sim.manifest.tree import (
    Document,
    Extent,
    Mark,
    Mention,
    Notes,
    Repeat,
    UnreadableError,
    Value,
)

Marked = Any
"""An event; in PyYAML's types, unlike in fact, its marks may be missing."""

MOST_LEVELS = 500
MOST_ALIASED = 100_000
MOST_REPEATED = 1_000
_NEAR_THE_ROOT = 3
_MERGE = "<<"
_TAG = "tag:yaml.org,2002:"


class _Meanings(dict[str, Scalar]):
    def __missing__(self, text: str) -> Scalar:
        value = self[text] = resolve(text)
        return value


class Composer:
    """Composes the documents of a stream of events, which it asks for one by one.

    With ``notes``, every position is written down as well.  Words repeat a great deal in
    manifests, so what each one means is worked out once.
    """

    def __init__(
        self,
        next_event: Callable[[], Event],
        notes: Notes | None = None,
        most_levels: int = MOST_LEVELS,
    ) -> None:
        self._next_event = next_event
        self._notes = notes
        self._most_levels = most_levels
        self._meanings = _Meanings()
        self._handlers: dict[type[Event], Callable[[Marked], None]] = {
            ScalarEvent: self._scalar,
            MappingStartEvent: self._open,
            SequenceStartEvent: self._open,
            MappingEndEvent: self._close,
            SequenceEndEvent: self._close,
            AliasEvent: self._alias,
        }

    def document(self) -> Document | None:
        """The next document; None at the end of the stream.

        Raises:
            UnreadableError: The document holds no value that a manifest could have.
            yaml.YAMLError: The text is no YAML.
        """
        next_event = self._next_event
        while not isinstance(event := next_event(), DocumentStartEvent):
            if isinstance(event, StreamEndEvent):
                return None
        self._begin()
        handlers = self._handlers
        event = next_event()
        start: Mark = event.start_mark  # type: ignore[assignment]  # always there
        while event.__class__ is not DocumentEndEvent:
            handlers[event.__class__](event)
            event = next_event()
        return Document(
            value=self._root[0],
            line=start.line,
            column=start.column,
            extents=self._extents,
            has_repeated_keys=self._repeated > 0,
        )

    def _begin(self) -> None:
        self._root: list[Value] = []
        self._container: Any = self._root
        self._stack: list[tuple[Any, Any, Any, Marked]] = []
        self._key: Any = None
        self._key_event: Any = None
        self._wants_key = False
        self._anchors: dict[str, tuple[Value, int]] = {}
        self._open_anchors: dict[str, int] = {}
        self._count = 0
        self._aliased = 0
        self._extents: dict[int, Extent] = {}
        self._repeated = 0

    def _scalar(self, event: Marked) -> None:
        self._count += 1
        plain, quoted = event.implicit
        if self._wants_key:
            self._take_key(as_key(event.value) if plain else event.value, event)
            return
        if plain:
            value: Value = self._meanings[event.value]
        else:
            value = event.value if quoted else _tagged(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = value, 1
        self._put(value, event, event.value)

    def _take_key(self, key: Value, event: Marked) -> None:
        if not isinstance(key, str):
            _refuse("a key must be text", event)
        if event.anchor is not None:
            self._anchors.setdefault(event.anchor, (key, 1))
        self._key = key
        self._key_event = event
        self._wants_key = False

    def _put(self, value: Value, event: Marked, text: str | None) -> None:
        container, key, key_event = self._container, self._key, self._key_event
        if key is None:
            key, key_event = len(container), event
            container.append(value)
        else:
            if key in container:
                self._repeated += 1
                if self._repeated > MOST_REPEATED:
                    _refuse(f"more than {MOST_REPEATED:,} keys are repeated", key_event)
                self._note_repeat(container, key, key_event)
            container[key] = value
            self._key = None
            self._wants_key = True
        if self._notes is not None:
            mention = Mention(key=key_event.start_mark, value=event.start_mark, text=text)
            self._notes.entries[id(container), key] = mention

    def _note_repeat(self, mapping: dict[str, Value], key: str, event: Marked) -> None:
        if self._notes is not None:
            first = self._notes.entries[id(mapping), key].key
            repeat = Repeat(holder=id(mapping), key=key, mark=event.start_mark, first=first)
            self._notes.repeated.append(repeat)

    def _open(self, event: Marked) -> None:
        self._count += 1
        if self._wants_key:
            _refuse_as_key(event)
        if event.tag is not None:
            _check_tag(event)
        if event.anchor is not None:
            self._open_anchors[event.anchor] = self._count
            self._anchors.pop(event.anchor, None)
        is_mapping = event.__class__ is MappingStartEvent
        value: Value = {} if is_mapping else []
        self._stack.append((self._container, self._key, self._key_event, event))
        if len(self._stack) > self._most_levels:
            _refuse(f"this is nested more than {self._most_levels} levels deep", event)
        self._container = value
        self._key = None
        self._wants_key = is_mapping

    def _close(self, event: Marked) -> None:
        value = self._container
        self._container, self._key, self._key_event, opening = self._stack.pop()
        if isinstance(value, dict):
            if _MERGE in value:
                self._merge(value, opening)
            if len(self._stack) < _NEAR_THE_ROOT:
                start = opening.start_mark
                extent = Extent(start.index, event.end_mark.index, start.line, start.column)
                self._extents[id(value)] = extent
        if opening.anchor is not None:
            size = self._count - self._open_anchors.pop(opening.anchor, self._count) + 1
            self._anchors[opening.anchor] = value, size
        self._wants_key = False
        self._put(value, opening, None)

    def _alias(self, event: Marked) -> None:
        name = event.anchor
        if name not in self._anchors:
            inside = name in self._open_anchors
            _refuse(f"`*{name}` {'contains itself' if inside else 'is not defined above'}", event)
        value, size = self._anchors[name]
        if self._wants_key:
            self._take_key(value, event)
            return
        self._count += size
        self._aliased += size
        if self._aliased > MOST_ALIASED:
            _refuse(f"aliases stand for more than {MOST_ALIASED:,} values", event)
        self._put(value, event, None if isinstance(value, dict | list) else str(value))

    def _merge(self, mapping: dict[str, Value], event: Marked) -> None:
        """Carry out ``<<``: the mapping's own entries win, then those of the first source."""
        given = mapping.pop(_MERGE)
        for source in given if isinstance(given, list) else [given]:
            if not isinstance(source, dict):
                _refuse("`<<` can only bring in mappings", event)
            for key, value in source.items():
                if key not in mapping:
                    mapping[key] = value
                    if self._notes is not None:
                        entries = self._notes.entries
                        entries[id(mapping), key] = entries[id(source), key]


def _refuse(message: str, event: Marked, help_text: str = "") -> NoReturn:
    raise UnreadableError(message, event.start_mark, help_text)


def _refuse_as_key(event: Marked) -> NoReturn:
    if event.flow_style and isinstance(event, MappingStartEvent):
        _refuse(
            "`{` cannot begin a key",
            event,
            "text such as `{{ .Values.name }}` belongs to a template: render it first (for Helm "
            "with `helm template`)",
        )
    _refuse("a key must be text", event)


def _tagged(event: Marked) -> Scalar:
    """A scalar with an explicit tag such as ``!!str``."""
    text: str = event.value
    match (event.tag or "").removeprefix(_TAG), resolve(text):
        case "str", _:
            return text
        case ("int", int() as value) | ("bool", bool() as value) | ("float", float() as value):
            return value
        case "float", int(value):
            return float(value)
        case "null", None:
            return None
        case _:
            _refuse(f"the tag `{_short(event.tag)}` cannot be used here", event)


def _check_tag(event: Marked) -> None:
    own = "map" if isinstance(event, MappingStartEvent) else "seq"
    if event.tag not in ("!", _TAG + own):
        _refuse(f"the tag `{_short(event.tag)}` means nothing in a manifest", event)


def _short(tag: str | None) -> str:
    return (tag or "!").replace(_TAG, "!!")
