"""The fixes of findings as unified diffs of the files they were found in.

Nothing is shown that was not tried: the edited text is read back, and must hold exactly the policy
that the fix promises.  A fix that cannot be shown as an edit of its file is shown as a change of
the policy as we would write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import unified_diff

from netpol_sim import manifest
from netpol_sim.analysis.lint.fix import Edit, Fix, edited
from netpol_sim.analysis.lint.rule import Finding
from netpol_sim.errors import ManifestError
from netpol_sim.origin import Origin
from netpol_sim.policy import NetworkPolicy

_SEPARATOR = re.compile(r"^---(?=\s|$)", re.MULTILINE)


def diff(finding: Finding) -> str:
    """The fix of one finding as a unified diff; empty when it has none."""
    if finding.fix is None:
        return ""
    origin, edits = finding.fix.policy.origin, proven(finding.fix)
    if origin is None or not edits:
        return _dumped(finding)
    return _unified(origin.file, origin.text, edited(origin.text, edits))


def patch(findings: Iterable[Finding]) -> str:
    """All fixes together: one diff for each file, then those that no edit of a file can show."""
    fixable = [(finding, proven(finding.fix)) for finding in findings if finding.fix]
    diffs = [
        _unified(origin.file, origin.text, text) for origin, text in _repaired(fixable).values()
    ]
    return "".join([*diffs, *(_dumped(finding) for finding, edits in fixable if not edits)])


def repaired(findings: Iterable[Finding]) -> dict[str, str]:
    """The text of each file with the fixes made that can be made by editing it."""
    fixable = [(finding, proven(finding.fix)) for finding in findings if finding.fix]
    return {file: text for file, (_, text) in _repaired(fixable).items()}


def _repaired(
    fixable: Iterable[tuple[Finding, tuple[Edit, ...]]],
) -> dict[str, tuple[Origin, str]]:
    """Fixes of the same lines, or of one name, cannot be made at once: the others wait."""
    origins: dict[str, Origin] = {}
    chosen: dict[str, list[Edit]] = {}
    named: set[str] = set()
    for finding, edits in fixable:
        policy = finding.fix.policy if finding.fix else None
        if policy is None or policy.origin is None or not edits or policy.key in named:
            continue
        origin = policy.origin
        if finding.object != f"NetworkPolicy {policy.key}":
            named.add(policy.key)
        origins[origin.file] = origin
        known = chosen.setdefault(origin.file, [])
        if not any(_clash(origin.text, old, new) for old in known for new in edits):
            known += edits
    return {
        file: (origin, edited(origin.text, tuple(chosen[file]))) for file, origin in origins.items()
    }


def _clash(text: str, first: Edit, second: Edit) -> bool:
    """Whether two edits touch the same line, or both add to the end of the file."""
    ends = [text.count("\n", 0, place) for place in (first.start, first.end)]
    others = [text.count("\n", 0, place) for place in (second.start, second.end)]
    at_end = first.start == second.start == len(text)
    return not at_end and ends[0] <= others[1] and others[0] <= ends[1]


def proven(fix: Fix) -> tuple[Edit, ...]:
    """The edits of a fix if they make its policy and leave all others as they are, else none."""
    origin, edits = fix.policy.origin, fix.edits()
    if origin is None or not edits:
        return ()
    start, end = _surroundings(origin.text, edits)
    before, after = (
        _policies(origin.text[start:end]),
        _policies(edited(origin.text, edits)[start : end + sum(_growth(edit) for edit in edits)]),
    )
    if before is None or after is None or fix.policy not in after:
        return ()
    others = [policy for policy in before if policy not in after]
    return edits if len(others) <= 1 and len(after) - len(before) in (0, 1) else ()


def _growth(edit: Edit) -> int:
    return len(edit.text) - (edit.end - edit.start)


def _surroundings(text: str, edits: tuple[Edit, ...]) -> tuple[int, int]:
    """The documents that edits are made in: from one ``---`` to the next."""
    first, last = min(edit.start for edit in edits), max(edit.end for edit in edits)
    borders = [0, *(found.start() for found in _SEPARATOR.finditer(text)), len(text)]
    return (
        max(border for border in borders if border < first or border == 0),
        min(border for border in borders if border >= last),
    )


def _policies(text: str) -> list[NetworkPolicy] | None:
    if not text.strip():
        return []
    try:
        return list(manifest.loads(text).policies)
    except ManifestError:
        return None


def _unified(file: str, before: str, after: str) -> str:
    return _lines(file, before.splitlines(keepends=True), after.splitlines(keepends=True))


def _lines(file: str, before: Sequence[str], after: Sequence[str]) -> str:
    lines = unified_diff(before, after, fromfile=file, tofile=file)
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _dumped(finding: Finding) -> str:
    """The change of a policy, or a new policy, as we would write them ourselves."""
    fix = finding.fix
    if fix is None:
        return ""
    old = finding.thing
    same = isinstance(old, NetworkPolicy) and old.name == fix.policy.name
    before = manifest.dump(old) if same and isinstance(old, NetworkPolicy) else ""
    file = f"{fix.policy.namespace}/{fix.policy.name}.yaml"
    after = manifest.dump(fix.policy)
    return _lines(file, before.splitlines(keepends=True), after.splitlines(keepends=True))
