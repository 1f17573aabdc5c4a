"""Say in plain words why a text is no YAML: what a YAML parser reports, seen with its lines."""

from __future__ import annotations

import re

from yaml import MarkedYAMLError

from netpol_sim.manifest.tree import Mark, Position, UnreadableError

_NO_SPACE = re.compile(r"(\s*(?:- +)*[\w./-]+):[^\s:/]")
_TEMPLATE = "`{{ }}` belongs to a template: render it first (for Helm with `helm template`)"
_QUOTES = "if it is text, put it in quotes"
_SIGNS = {"alias": "*", "anchor": "&", "tag": "!"}


def explained(error: Exception, text: str, first_line: int = 1) -> UnreadableError:
    """The error in plain words, at the place a person would point to.

    ``first_line`` is the line of the file in which the text begins.
    """
    if isinstance(error, UnreadableError):
        return error
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return UnreadableError("this holds a character that YAML does not allow")
    mark: Mark = error.problem_mark
    problem = error.problem or ""
    line = _line(text, mark.line)
    if tab := re.match(r"[ -]*\t", line):
        at = Position(mark.index, mark.line, tab.end() - 1)
        help_text = "replace every tab by spaces"
        return UnreadableError("a tab is used to indent; YAML takes only spaces", at, help_text)
    if "{{" in line or "{%" in line:
        return UnreadableError("this line is no YAML", mark, _TEMPLATE)
    if problem.startswith("mapping values"):
        return _second_colon(text, mark, first_line)
    if problem.startswith("could not find expected ':'") and error.context_mark:
        word = _line(text, error.context_mark.line).strip()
        return UnreadableError(f"there is no `:` after `{_short(word)}`", error.context_mark)
    if "quoted scalar" in (error.context or "") and "end of stream" in problem:
        return UnreadableError("the text that begins here has no closing quote", error.context_mark)
    return _by_context(error, mark, text, first_line)


def _by_context(error: MarkedYAMLError, mark: Mark, text: str, first_line: int) -> UnreadableError:
    problem = error.problem or ""
    context, start = error.context or "", error.context_mark
    found = text[mark.index : mark.index + 1]
    for name, sign in _SIGNS.items():
        if context.endswith(f" {name}") and start is not None:
            return UnreadableError(f"`{sign}` cannot stand here alone", start, _QUOTES)
    if "cannot start any token" in problem:
        what = "a tab" if found == "\t" else f"`{found}`"
        return UnreadableError(f"text cannot begin with {what}", mark, _QUOTES)
    if "flow " in context and "node" not in context and start is not None:
        bracket = text[start.index : start.index + 1]
        return UnreadableError(f"the `{bracket}` that opens here is not closed", start)
    if problem.startswith(("block sequence entries", "sequence entries")):
        help_text = "begin the list on the next line"
        return UnreadableError("a list cannot begin on the line of its name", mark, help_text)
    if context.startswith("while parsing a block") and start is not None:
        return _does_not_fit(mark, start, found, _line(text, mark.line), first_line)
    if "unexpected ':'" in problem:
        return UnreadableError("a space is missing after this `:`", mark)
    if "node content" in problem:
        return UnreadableError("a value is missing here", mark)
    return UnreadableError(problem.replace("found ", "this is "), mark)


def _second_colon(text: str, mark: Mark, first_line: int) -> UnreadableError:
    before = _line(text, mark.line)[: mark.column]
    if re.search(r":\s", before):
        help_text = "put the value in quotes, or begin a new line"
        return UnreadableError("there is a second `:` on this line", mark, help_text)
    above = mark.line - 1
    while above > 0 and not _line(text, above).strip():
        above -= 1
    line = _line(text, above)
    at = Position(0, above, len(line) - len(line.lstrip()))
    if glued := _NO_SPACE.match(line):
        help_text = f"write `{glued[1].strip()}: ` and then the value"
        return UnreadableError("there is no space after the `:`", at, help_text)
    if ":" not in line:
        return UnreadableError(f"there is no `:` after `{_short(line.strip())}`", at)
    at = Position(0, mark.line, len(before) - len(before.lstrip()))
    help_text = f"line {above + first_line} has a value already, so nothing can stand inside it"
    return UnreadableError("this line is indented too deep", at, help_text)


def _does_not_fit(
    mark: Mark, start: Mark, found: str, line: str, first_line: int
) -> UnreadableError:
    if found in ("}", "]"):
        return UnreadableError(f"`{found}` closes nothing", mark)
    if line[: mark.column].strip():
        help_text = "put the whole value in quotes"
        return UnreadableError("this cannot follow the value before it", mark, help_text)
    help_text = (
        "what belongs together begins at the same column: the block of line "
        f"{start.line + first_line} begins at column {start.column + 1}, this line at column "
        f"{mark.column + 1}"
    )
    if mark.column == start.column:
        here, there = ("a list", "names") if found == "-" else ("a name", "a list")
        message = f"{here} cannot stand in the column of {there}"
        return UnreadableError(message, mark)
    return UnreadableError("the indentation of this line fits no line above", mark, help_text)


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number] if number < len(lines) else ""


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."
