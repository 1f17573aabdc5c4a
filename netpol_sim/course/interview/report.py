"""The end of an interview: skill by skill with evidence, what to review, and model answers.

The report is Markdown; ``as_html`` is the same as a page of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import dedent

from netpol_sim.course import practice_page, quiz_text
from netpol_sim.course.interview.judge import Evidence, Judged, judge
from netpol_sim.course.interview.plan import Skill, Step
from netpol_sim.course.interview.session import SKIPPED, Interview, agenda
from netpol_sim.course.practice import Practice
from netpol_sim.course.syllabus import Syllabus
from netpol_sim.render.html import cell, heading, row, table, with_code
from netpol_sim.render.markup import Markup, element, join

_STRONG, _FAIR = 0.8, 0.5
_MARKS = {True: "✓", False: "✗"}
_JUDGES = {False: "the simulator", True: "you (self-assessed)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of a report: ``kind`` is the name of the HTML element that it becomes.

    A ``table`` has ``rows`` instead of lines; the first one names the columns.  ``details`` has
    one line as its title and holds ``parts``; they are hidden until somebody asks for them, unless
    ``unfolded``.
    """

    kind: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    parts: tuple[Block, ...] = ()
    unfolded: bool = False


def lesson_names(syllabus: Syllabus) -> Mapping[int, str]:
    """The file of each lesson, without its ending, by the lesson's number."""
    numbered = ((lesson.name.partition("-")[0], lesson.name) for lesson in syllabus.lessons)
    return {int(number): name for number, name in numbered if number.isdecimal()}


def blocks(interview: Interview, lessons: Mapping[int, str]) -> Iterator[Block]:
    """The report, piece by piece.

    Args:
        interview: One that is over, or as far as it went.
        lessons: As ``lesson_names`` gives them.
    """
    judged = judge(interview)
    plan = interview.plan
    yield Block(kind="h1", lines=("Mock interview: network policies",))
    yield _line(
        f"{plan.minutes} minutes, level {plan.level}, seed {plan.seed}. You answered "
        f"{sum(each.record.text != SKIPPED for each in judged)} of {len(agenda(interview))} "
        f"questions in {_time(interview.used)}."
    )
    evidence = [found for each in judged for found in each.evidence]
    yield Block(kind="h2", lines=("Skills",))
    yield _overview(evidence)
    yield from _review(judged, lessons)
    yield Block(kind="h2", lines=("What shows it",))
    for skill in Skill:
        yield from _skill(skill, evidence)
    yield Block(kind="h2", lines=("Question by question",))
    for number, each in enumerate(judged, start=1):
        yield _answer(number, each)
    yield _line(
        f"The same questions again: `netpol interview --new --minutes {plan.minutes} "
        f"--level {plan.level} --seed {plan.seed}`. Others: leave out the seed."
    )


def as_markdown(interview: Interview, lessons: Mapping[int, str]) -> str:
    """The report as Markdown."""
    return "\n\n".join(map(_markdown, blocks(interview, lessons))) + "\n"


def as_html(interview: Interview, lessons: Mapping[int, str]) -> str:
    """The report as an HTML page that needs nothing else."""
    body = part(interview, lessons)
    style = (
        ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;"
        "margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap;overflow-wrap:break-word;"
        "padding:.6rem;border:1px solid #7d8590}summary{cursor:pointer;font-weight:bold}"
        "details{margin:.6rem 0}"
    )
    head = join(
        element("meta", attributes={"charset": "utf-8"}),
        element("title", "Mock interview: network policies"),
        element("style", Markup(style)),
    )
    page = element("html", element("head", head), element("body", body), attributes={"lang": "en"})
    return f"<!doctype html>\n{page}\n"


def part(interview: Interview, lessons: Mapping[int, str]) -> Markup:
    """The report as HTML to be put into a page."""
    return join(*map(_html, blocks(interview, lessons)))


# -- What is said --------------------------------------------------------------------------------


def _line(text: str) -> Block:
    return Block(kind="p", lines=(text,))


def _time(seconds: int) -> str:
    return f"{seconds // 60} min {seconds % 60:02} s"


def _overview(evidence: Sequence[Evidence]) -> Block:
    rows = ((skill.capitalize(), *_standing(_of_skill(evidence, skill))) for skill in Skill)
    return Block(kind="table", rows=(("skill", "standing", "score", "judged by"), *rows))


def _of_skill(evidence: Sequence[Evidence], skill: Skill) -> list[Evidence]:
    return [each for each in evidence if each.skill is skill]


def _standing(found: Sequence[Evidence]) -> tuple[str, str, str]:
    """How a skill is to be called, its score, and who judged it."""
    if not found:
        return ("not seen", "", "")
    share = sum(each.share for each in found) / len(found)
    word = "strong" if share >= _STRONG else "fair" if share >= _FAIR else "to work on"
    own = {each.self_assessed for each in found}
    judges = " and ".join(_JUDGES[each] for each in sorted(own))
    return (word, f"{share:.0%}", judges)


def _skill(skill: Skill, evidence: Sequence[Evidence]) -> Iterator[Block]:
    if found := _of_skill(evidence, skill):
        yield Block(kind="h3", lines=(skill.capitalize(),))
        yield Block(kind="ul", lines=tuple(map(_evidence, found)))


def _evidence(each: Evidence) -> str:
    mark = f"{each.share:.0%}" if 0 < each.share < 1 else _MARKS[each.share == 1]
    own = " (self-assessed)" if each.self_assessed else ""
    return f"{mark} {each.words.splitlines()[0]}{own}"


def _review(judged: Sequence[Judged], lessons: Mapping[int, str]) -> Iterator[Block]:
    wanted: dict[int, int] = {}
    for each in judged:
        if each.lesson is not None and each.lesson in lessons:
            wanted[each.lesson] = wanted.get(each.lesson, 0) + 1
    yield Block(kind="h2", lines=("What to review",))
    if not wanted:
        yield _line("Nothing came out wrong. Try a harder level.")
        return
    order = sorted(wanted, key=lambda lesson: (-wanted[lesson], lesson))
    yield Block(
        kind="ul",
        lines=tuple(
            f"[Lesson {lesson}](../lessons/{lessons[lesson]}.ipynb): "
            f"{wanted[lesson]} question{'s' if wanted[lesson] > 1 else ''}; "
            f"then `netpol quiz --lesson {lesson}`"
            for lesson in order
        ),
    )


def _answer(number: int, each: Judged) -> Block:
    own = each.evidence[0].self_assessed
    kind = f"{each.step.section.capitalize()}{', follow-up' if each.step.follows else ''}"
    mark = "" if own else f" {_MARKS[each.right]}"
    title = f"{number}. {kind}{mark} ({_time(each.record.seconds)})"
    unfolded = not each.right and not own
    parts = tuple(_parts(each))
    return Block(kind="details", lines=(title,), parts=parts, unfolded=unfolded)


def _parts(each: Judged) -> Iterator[Block]:
    yield from _asked(each.step)
    said = each.record.text.strip() or "nothing"
    yield _line("Your answer:")
    yield Block(kind="pre", lines=tuple(said.splitlines()))
    yield Block(kind="p", lines=tuple(each.said.splitlines()))
    if each.model:
        yield _line("A model answer:")
        yield Block(kind="pre", lines=tuple(each.model.splitlines()))


def _asked(step: Step) -> Iterator[Block]:
    """What was asked: the question, and what was shown with it."""
    if isinstance(step.asks, Practice):
        yield Block(kind="p", lines=(step.asks.task.title,))
        yield Block(kind="pre", lines=tuple(list(practice_page.lines(step.asks))[2:]))
        return
    shown = quiz_text.question_text(step.asks).removeprefix(step.asks.text).strip("\n")
    yield Block(kind="p", lines=tuple(step.asks.text.splitlines()))
    if shown:
        yield Block(kind="pre", lines=tuple(dedent(shown).splitlines()))


# -- How it looks --------------------------------------------------------------------------------

_MARKDOWN = {"h1": "# ", "h2": "## ", "h3": "### "}


def _markdown(block: Block) -> str:
    match block.kind:
        case "ul":
            return "\n".join(f"- {line}" for line in block.lines)
        case "pre":
            return "\n".join(("```text", *block.lines, "```"))
        case "table":
            head, *rows = block.rows
            ruler = tuple("---" for _ in head)
            return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ruler, *rows))
        case "details":
            return "\n\n".join((f"### {block.lines[0]}", *map(_markdown, block.parts)))
        case "p":
            return "  \n".join(block.lines)
        case kind:
            return _MARKDOWN[kind] + block.lines[0]


_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


def _html(block: Block) -> Markup:
    match block.kind:
        case "ul":
            return element("ul", *(element("li", _inline(line)) for line in block.lines))
        case "pre":
            return element("pre", "\n".join(block.lines))
        case "p":
            return element("p", join(*map(_inline, block.lines), by=element("br")))
        case "table":
            head, *rows = block.rows
            return table(
                *(row(*map(cell, cells)) for cells in rows),
                head=row(*(heading(name, scope="col") for name in head)),
            )
        case "details":
            summary = element("summary", *map(_inline, block.lines))
            return element(
                "details",
                summary,
                *map(_html, block.parts),
                attributes={"open": ""} if block.unfolded else None,
            )
        case kind:
            return element(kind, *map(_inline, block.lines))


def _inline(line: str) -> Markup:
    found = _LINK.search(line)
    if found is None:
        return with_code(line)
    link = element("a", found[1], attributes={"href": found[2]})
    return join(with_code(line[: found.start()]), link, with_code(line[found.end() :]))
