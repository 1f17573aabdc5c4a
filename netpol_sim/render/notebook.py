"""Teach IPython to show our values: ``%load_ext netpol_sim``.

Every value has a text twin with the same content, for where pictures and HTML do not reach.
Pictures are ``image/svg+xml`` followed by their words, everything else is HTML made of tables: both
are complete on a page that nobody runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from netpol_sim.errors import InvalidValueError, ManifestError, NetpolError

_Function = Callable[[Any], Any]

_DISPLAYS = {
    "netpol_sim.verdict.Verdict": "netpol_sim.render.steps",
    "netpol_sim.verdict.ServiceVerdict": "netpol_sim.render.steps",
    "netpol_sim.analysis.matrix.Matrix": "netpol_sim.render.table",
    "netpol_sim.analysis.diff.changes.Diff": "netpol_sim.render.diff",
    "netpol_sim.analysis.compare.relation.Relation": "netpol_sim.render.relation",
    "netpol_sim.analysis.repair.smallest.Repair": "netpol_sim.render.repair",
}
"""Type -> the module that shows it, with ``as_text`` and ``as_html``."""

_PAGES = {
    "netpol_sim.analysis.connections.Connections": "netpol_sim.render.connections",
    "netpol_sim.analysis.exposure.Exposure": "netpol_sim.render.exposure",
    "netpol_sim.analysis.flows.ConnectionMap": "netpol_sim.render.flows",
    "netpol_sim.analysis.needs.NeedsReport": "netpol_sim.render.needs",
    "netpol_sim.analysis.replay.Replay": "netpol_sim.render.replay",
    "netpol_sim.analysis.rollout.Rollout": "netpol_sim.render.rollout",
    "netpol_sim.analysis.access.Accesses": "netpol_sim.render.access",
    "netpol_sim.analysis.blast_radius.BlastRadius": "netpol_sim.render.blast_radius",
}
"""Type -> the module that says it in sentences and tables, with ``page``."""

_TUPLE_DISPLAYS = {"netpol_sim.analysis.lint.rule.Finding": "netpol_sim.render.findings"}
_TUPLE_PAGES = {
    "netpol_sim.analysis.isolation.Isolation": "netpol_sim.render.isolation",
    "netpol_sim.policy.NetworkPolicy": "netpol_sim.render.policies",
    "netpol_sim.cluster_policy.ClusterNetworkPolicy": "netpol_sim.render.policies",
}
"""The same for tuples, by the types of their items."""

_PICTURES = (
    "netpol_sim.cluster.Cluster",
    "netpol_sim.render.draw.Drawing",
    "netpol_sim.render.picture.Picture",
)


def load_ipython_extension(shell: Any) -> None:  # noqa: ANN401  IPython comes without types
    """Register our displays with an IPython shell, and show our errors as sentences."""
    formatters = shell.display_formatter.formatters
    plain, html = formatters["text/plain"], formatters["text/html"]
    for name, (text_of, html_of) in _showers(_DISPLAYS, _PAGES).items():
        plain.for_type_by_name(*_parts(name), _printed(text_of))
        html.for_type_by_name(*_parts(name), html_of)
    whole = shell.display_formatter.ipython_display_formatter
    for name in _PICTURES:
        whole.for_type_by_name(*_parts(name), _shown_by(shell.display_pub))
    if not isinstance(usual := plain.for_type(tuple), _Tuples):
        plain.for_type(tuple, _Tuples(usual))
    html.for_type(tuple, _html_of_tuple)
    # IPython asks an exception for this method, and shows a traceback where it has none.
    setattr(NetpolError, "_render_traceback_", _told)  # noqa: B010  the class knows no IPython


def _showers(
    displays: Mapping[str, str], pages: Mapping[str, str]
) -> dict[str, tuple[_Function, _Function]]:
    """Type -> what gives its text, and what gives its HTML."""
    own = {
        name: (_later(f"{module}.as_text"), _later(f"{module}.as_html"))
        for name, module in displays.items()
    }
    as_text, as_html = (
        _later(f"netpol_sim.render.sheet.{form}") for form in ("as_text", "as_html")
    )
    paged = {
        name: (_after(page, as_text), _after(page, as_html))
        for name, page in ((name, _later(f"{module}.page")) for name, module in pages.items())
    }
    return own | paged


def _after(first: _Function, second: _Function) -> _Function:
    return lambda value: second(first(value))


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


class _Tuples:
    """Shows a tuple of our values in our way, and every other tuple as usual."""

    def __init__(self, usual: Callable[[Any, Any, bool], None]) -> None:
        self.usual = usual

    def __call__(self, value: Any, printer: Any, cycle: bool) -> None:  # noqa: ANN401, FBT001
        shower = _tuple_shower(value)
        if shower is not None:
            printer.text(shower[0](value))
        else:
            self.usual(value, printer, cycle)


def _html_of_tuple(value: Any) -> str | None:  # noqa: ANN401  as above
    shower = _tuple_shower(value)
    return None if shower is None else str(shower[1](value))


def _tuple_shower(value: tuple[object, ...]) -> tuple[_Function, _Function] | None:
    # By name: a tuple that has nothing to do with us does not load our modules.
    names = {f"{type(item).__module__}.{type(item).__qualname__}" for item in value}
    modules = {_MODULES_OF_TUPLES.get(name) for name in names}
    return _OF_TUPLES.get(names.pop()) if len(modules) == 1 else None


_OF_TUPLES = _showers(_TUPLE_DISPLAYS, _TUPLE_PAGES)
_MODULES_OF_TUPLES = _TUPLE_DISPLAYS | _TUPLE_PAGES


def _told(error: NetpolError) -> list[str]:
    """One of our errors as lines; where in our code it was raised helps nobody."""
    kind = type(error).__name__
    if not isinstance(error, InvalidValueError | ManifestError):
        return [f"{kind}: {error}"]
    lines = [f"{kind}:"]
    for problem in error.problems:
        lines.append(f"  {problem}")
        lines += [f"    help: {line}" for line in problem.help.splitlines()]
    return lines
