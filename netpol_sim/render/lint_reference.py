"""The reference of lint: every rule, generated from the rules themselves."""

from __future__ import annotations

from netpol_sim.analysis.lint import RULES, LintRule
from netpol_sim.analysis.lint.elsewhere import LOAD_PROBLEMS, NOT_YET, Elsewhere
from netpol_sim.errors import UnknownNameError, nearest

_INTRODUCTION = """\
# Lint rules

`netpol lint` looks for what is probably wrong with policies that the API server would accept. Each
finding says where it is, what the mistake does to the pods that were loaded, why it bites and how
to fix it; `netpol lint --fix` prints edits where only one repair makes sense.

A rule that needs to know more than was loaded stays silent, and one that cannot be sure reports a
note (info). Rules about pods that nobody protects (NP601 to NP604, NP609) judge a set of policies
by what it sets out to protect: a gap is a note where the namespace, or the direction, is not
policed at all while others are.

A comment `# netpol-ignore: NP306 reason` at the end of a line, or above it, accepts what a rule
finds there.
"""


def markdown() -> str:
    """The whole reference as Markdown."""
    index = ["| Rule | Name | Severity |", "|---|---|---|"]
    index += [
        f"| [{rule.id}](#{rule.id.lower()}) | {rule.name} | {rule.severity} |" for rule in RULES
    ]
    sections = [_section(rule) for rule in RULES]
    return "\n".join(
        [
            _INTRODUCTION,
            *index,
            "",
            *sections,
            "## Reported while loading",
            "",
            "These are refused by the API server, and by us when a manifest is read.",
            "",
            *_table(LOAD_PROBLEMS),
            "",
            "## Not yet",
            "",
            "These cannot be seen in what we read so far.",
            "",
            *_table(NOT_YET),
            "",
        ]
    )


def _section(rule: LintRule) -> str:
    return "\n".join(
        [
            f"## {rule.id}",
            "",
            f"**{rule.name}** · severity {rule.severity} · needs {_needs(rule)}",
            "",
            rule.meaning,
            "",
            f"*Why it bites:* {rule.why}",
            "",
            f"*How to fix it:* {rule.remedy}",
            "",
        ]
    )


def _needs(rule: LintRule) -> str:
    return ", ".join(rule.inputs)


def _table(rows: tuple[Elsewhere, ...]) -> list[str]:
    return ["| Id | Name | |", "|---|---|---|"] + [
        f"| {row.id} | {row.name} | {row.says} |" for row in rows
    ]


def explained(name: str) -> str:
    """One rule, by id or name, as plain text.

    Raises:
        UnknownNameError: There is no such rule.
    """
    for rule in RULES:
        if name.lower() in (rule.id.lower(), rule.name):
            return "\n".join(
                [
                    f"{rule.id} {rule.name} (severity {rule.severity}; needs {_needs(rule)})",
                    "",
                    rule.meaning,
                    f"why: {rule.why}",
                    f"fix: {rule.remedy}",
                ]
            )
    for rows, what in ((LOAD_PROBLEMS, "reported while loading"), (NOT_YET, "not yet")):
        for row in rows:
            if name.lower() in (row.id.lower(), row.name):
                return f"{row.id} {row.name} ({what})\n\n{row.says}"
    names = [word for rule in RULES for word in (rule.id, rule.name)]
    names += [word for row in (*LOAD_PROBLEMS, *NOT_YET) for word in (row.id, row.name)]
    meant = nearest(name.upper(), names) or nearest(name, names)
    hint = f"; did you mean `{meant}`?" if meant else "; `netpol lint --rules` lists them"
    raise UnknownNameError(f"there is no rule `{name}`{hint}")
