"""Teach IPython to show our values: ``%load_ext netpol_sim``.

Every value has a text twin with the same content, for where pictures and HTML do not reach.
Pictures are ``image/svg+xml`` followed by their words, everything else is HTML made of tables: both
are complete on a page that nobody runs.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from netpol_sim.errors import NetpolError, Problem

_Function = Callable[[Any], Any]

_TEXT = {
    "netpol_sim.verdict.Verdict": "netpol_sim.render.steps.as_text",
    "netpol_sim.verdict.ServiceVerdict": "netpol_sim.render.steps.as_text",
    "netpol_sim.analysis.matrix.Matrix": "netpol_sim.render.table.matrix_text",
    "netpol_sim.analysis.diff.changes.Diff": "netpol_sim.render.change.as_text",
    "netpol_sim.analysis.compare.relation.Relation": "netpol_sim.render.relation.as_text",
}
_HTML = {
    "netpol_sim.verdict.Verdict": "netpol_sim.render.steps.as_html",
    "netpol_sim.verdict.ServiceVerdict": "netpol_sim.render.steps.as_html",
    "netpol_sim.analysis.matrix.Matrix": "netpol_sim.render.table.matrix_html",
    "netpol_sim.analysis.diff.changes.Diff": "netpol_sim.render.change.as_html",
    "netpol_sim.analysis.compare.relation.Relation": "netpol_sim.render.relation.as_html",
}
_PICTURES = (
    "netpol_sim.cluster.Cluster",
    "netpol_sim.render.draw.Drawing",
    "netpol_sim.render.picture.Picture",
)


def load_ipython_extension(shell: Any) -> None:  # noqa: ANN401  IPython comes without types
    """Register our displays with an IPython shell, and show our errors as sentences."""
    formatters = shell.display_formatter.formatters
    for name, function in _HTML.items():
        formatters["text/html"].for_type_by_name(*_parts(name), _later(function))
    whole = shell.display_formatter.ipython_display_formatter
    for name in _PICTURES:
        whole.for_type_by_name(*_parts(name), _shown_by(shell.display_pub))
    plain = formatters["text/plain"]
    for name, function in _TEXT.items():
        plain.for_type_by_name(*_parts(name), _printed(_later(function)))
    if not isinstance(usual := plain.for_type(tuple), _Findings):
        plain.for_type(tuple, _Findings(usual))
    formatters["text/html"].for_type(tuple, _html_of_tuple)
    # IPython asks an exception for this method, and shows a traceback where it has none.
    setattr(NetpolError, "_render_traceback_", _told)  # noqa: B010  the class knows no IPython


def _shown_by(publisher: Any) -> _Function:  # noqa: ANN401  as above
    """Shows a picture, and below it the same in words, for those who cannot see it."""

    def show(value: Any) -> None:  # noqa: ANN401  whatever can be drawn
        for bundle in _later("netpol_sim.render.draw.bundles")(value):
            publisher.publish(bundle)

    return show


def _parts(name: str) -> tuple[str, str]:
    """A dotted name as its module and the rest."""
    module, _, inside = name.rpartition(".")
    return module, inside


def _later(name: str) -> _Function:
    """The function of this name, imported when it is first called."""
    module, function = _parts(name)

    def show(value: Any) -> Any:  # noqa: ANN401  whatever there is to show
        return getattr(import_module(module), function)(value)

    return show


def _printed(show: _Function) -> Callable[[Any, Any, bool], None]:
    """A function that gives a text, in the form that IPython's text formatter asks for."""

    def write(value: Any, printer: Any, _: bool) -> None:  # noqa: ANN401, FBT001  as above
        printer.text(show(value))

    return write


class _Findings:
    """Shows a tuple of findings in our way, and every other tuple as usual."""

    def __init__(self, usual: Callable[[Any, Any, bool], None]) -> None:
        self.usual = usual

    def __call__(self, value: Any, printer: Any, cycle: bool) -> None:  # noqa: ANN401, FBT001
        if _are_findings(value):
            printer.text(_later("netpol_sim.render.findings.as_text")(value))
        else:
            self.usual(value, printer, cycle)


def _html_of_tuple(value: Any) -> str | None:  # noqa: ANN401  as above
    if not _are_findings(value):
        return None
    return str(_later("netpol_sim.render.findings.as_html")(value))


def _are_findings(value: tuple[object, ...]) -> bool:
    # By name: a tuple that has nothing to do with lint does not load it.
    names = {(type(item).__module__, type(item).__qualname__) for item in value}
    return names == {("netpol_sim.analysis.lint.rule", "Finding")}


def _told(error: NetpolError) -> list[str]:
    """One of our errors as lines; where in our code it was raised helps nobody."""
    kind = type(error).__name__
    problems: tuple[Problem, ...] = getattr(error, "problems", ())
    if not problems:
        return [f"{kind}: {error}"]
    lines = [f"{kind}:"]
    for problem in problems:
        lines.append(f"  {problem}")
        lines += [f"    help: {line}" for line in problem.help.splitlines()]
    return lines
