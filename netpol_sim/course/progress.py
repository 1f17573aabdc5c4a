"""What the learner has done, in one file that a person can read, edit and copy.

The file is a diary: one event a line, never rewritten, only added to.  So a crash cannot lose what
was there, two machines are merged by putting their lines together, and a line that cannot be read
costs no more than itself.  A line looks like one of these::

    2026-11-23T10:00:00Z graded bank-lockdown not-yet misconception=dns-forgotten
    2026-11-23T10:05:00Z hinted bank-lockdown step=2
    2026-11-23T10:08:00Z revealed bank-lockdown

The diary says what happened, not what is true now: whether a task is done is always judged from the
answer itself.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from netpol_sim.course.answers import AnswerError

FILE = "progress.txt"
DAMAGED = "progress.damaged.txt"
"""The copy of a diary that held something else than events."""

LARGEST = 16 * 1024 * 1024
RETRY_AFTER = timedelta(days=2)
"""A task whose solution was looked at comes back after this time."""

_HEAD = "# What you did, one event a line.  You may copy this file to another machine.\n"
_LINE = re.compile(r"(?P<time>\S+Z) (?P<kind>[a-z]+) (?P<subject>\S+)(?P<facts>( \S+)*)")


class EventKind(StrEnum):
    """What can happen."""

    GRADED = "graded"
    HINTED = "hinted"
    REVEALED = "revealed"
    RESET = "reset"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Event:
    """Something that happened to a task or a card, at a time in UTC (to the second).

    ``result`` is what came of it (``done``, ``not-yet`` ...), ``facts`` more about it.
    """

    time: datetime
    kind: EventKind
    subject: str
    result: str = ""
    facts: tuple[tuple[str, str], ...] = ()

    def fact(self, name: str) -> str:
        """One of the facts, empty when it is not there."""
        return dict(self.facts).get(name, "")

    def __str__(self) -> str:
        stamp = self.time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        facts = (f"{name}={value}" for name, value in self.facts)
        return " ".join(filter(None, (stamp, self.kind, self.subject, self.result, *facts)))


def event(
    now: datetime, kind: EventKind, subject: str, result: str = "", **facts: str | int | None
) -> Event:
    """An event that happens now; facts that are None or empty are left out."""
    return Event(
        time=now.astimezone(UTC).replace(microsecond=0),
        kind=kind,
        subject=subject,
        result=result.replace(" ", "-"),
        facts=tuple((name, str(value)) for name, value in facts.items() if value not in (None, "")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """All events in order of time; ``unread`` are the lines that are no events, by number."""

    events: tuple[Event, ...] = ()
    unread: Mapping[int, str] = field(default_factory=dict)

    def of(self, subject: str) -> tuple[Event, ...]:
        """The events of one task or card."""
        return tuple(each for each in self.events if each.subject == subject)

    def attempts(self, subject: str) -> int:
        """How often an answer was judged."""
        return sum(each.kind is EventKind.GRADED for each in self.of(subject))

    def hints(self, subject: str, *, answer: str | None = None) -> int:
        """The furthest step of the hints that was looked at, for any answer or for a certain one.

        Args:
            answer: The mark of an answer.
        """
        seen = (each for each in self.of(subject) if each.kind is EventKind.HINTED)
        steps = (each.fact("step") for each in seen if answer in (None, each.fact("answer")))
        return max((int(step) for step in steps if step.isdecimal()), default=0)

    def misconceptions(self) -> Mapping[str, int]:
        """How often each misconception was seen in an answer, the commonest first."""
        counts: dict[str, int] = {}
        for each in self.events:
            if seen := each.fact("misconception"):
                counts[seen] = counts.get(seen, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def retry_at(self, subject: str) -> datetime | None:
        """When a task comes back because its solution was looked at; None when it does not.

        Solving it after that time settles it.
        """
        revealed = [each.time for each in self.of(subject) if each.kind is EventKind.REVEALED]
        if not revealed:
            return None
        due = max(revealed) + RETRY_AFTER
        solved = (each for each in self.of(subject) if each.result == "done")
        return None if any(each.time >= due for each in solved) else due


def parse(text: str) -> Progress:
    """Read a diary; what cannot be read is kept apart, never dropped silently."""
    events, unread = set(), {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _event(line.strip())
        if found is None:
            unread[number] = line
        else:
            events.add(found)
    return Progress(events=tuple(sorted(events)), unread=unread)


def _event(line: str) -> Event | None:
    found = _LINE.fullmatch(line)
    if found is None or found["kind"] not in list(EventKind):
        return None
    try:
        time = datetime.strptime(found["time"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    words = found["facts"].split()
    facts = tuple(tuple(word.split("=", 1)) for word in words if "=" in word)
    return Event(
        time=time,
        kind=EventKind(found["kind"]),
        subject=found["subject"],
        result=next((word for word in words if "=" not in word), ""),
        facts=tuple((name, value) for name, value in facts),
    )


def write(events: Iterable[Event]) -> str:
    """A diary as text."""
    return _HEAD + "".join(f"{each}\n" for each in sorted(set(events)))


def merge(*diaries: Progress) -> Progress:
    """Several diaries as one: every event of each, once."""
    events = {each for diary in diaries for each in diary.events}
    return Progress(events=tuple(sorted(events)))


def read(path: Path) -> Progress:
    """Read the diary in a file.

    Raises:
        AnswerError: The file cannot be read, or is far too large.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise AnswerError(f"{path.name} is too large to be a diary; move it away")
        return parse(path.read_bytes().decode("utf-8-sig", errors="replace"))
    except OSError as error:
        raise AnswerError(f"{path.name} cannot be read: {error.strerror}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Diary:
    """The progress file of one workspace."""

    folder: Path

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.folder / FILE

    def read(self) -> Progress:
        """All of it; nothing when there is no file yet.

        Of a file with lines that are no events a copy is kept in ``DAMAGED``, as it was found.

        Raises:
            AnswerError: The file cannot be read.
        """
        if not self.path.exists():
            return Progress()
        found = read(self.path)
        if found.unread:
            self._keep_copy()
        return found

    def _keep_copy(self) -> None:
        copy = self.folder / DAMAGED
        with suppress(OSError):  # a folder that cannot be written to is no reason not to read
            content = self.path.read_bytes()
            if not copy.exists() or copy.read_bytes() != content:
                copy.write_bytes(content)

    def add(self, *events: Event) -> None:
        """Add events at the end.  Two programs that add at once both succeed.

        Raises:
            AnswerError: The file cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab+") as file, _alone(file.fileno()):
                end = file.seek(0, os.SEEK_END)
                head = _HEAD if end == 0 else ""
                # A line that was cut off by a crash must not swallow the next one.
                if end and (file.seek(end - 1), file.read(1))[1] != b"\n":
                    head = "\n"
                file.write((head + "".join(f"{each}\n" for each in events)).encode())
        except OSError as error:
            raise AnswerError(f"{FILE} cannot be written: {error.strerror}") from error

    def take_over(self, other: Progress) -> int:
        """Bring in the events of another machine, and return how many were new.

        They are added like any others.  So nothing that is in the file is touched, readable or not.

        Raises:
            AnswerError: The file cannot be read or written.
        """
        mine = set(self.read().events)
        new = [each for each in other.events if each not in mine]
        if new:
            self.add(*new)
        return len(new)


@contextmanager
def _alone(descriptor: int) -> Iterator[None]:
    """Hold the file for ourselves, where the system offers that."""
    try:
        import fcntl  # noqa: PLC0415  not on Windows, where adding is one write all the same
    except ImportError:
        yield
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
