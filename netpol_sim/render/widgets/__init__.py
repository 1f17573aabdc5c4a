"""Look and try, by mouse or keyboard: ``explore``, ``playground``, ``plugins``, ``predict``.

The widgets need the package ``anywidget``; nothing here imports it before a widget is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from netpol_sim.cluster import Cluster
from netpol_sim.errors import NetpolError
from netpol_sim.policy import Protocol
from netpol_sim.render.predict import state as prediction


def explore(cluster: Cluster, port: int | None = None, protocol: Protocol | str = "TCP") -> Any:  # noqa: ANN401  anywidget comes without types
    """Walk through the matrix of a cluster; a cell tells why.

    Args:
        cluster: What to look at.
        port: The port to begin with; None takes the first that a pod declares.
        protocol: The protocol of that port.
    """
    widget = _needing_anywidget("netpol_sim.render.explorer.widget").ExplorerWidget
    return widget(cluster, port, Protocol(protocol))


def playground(
    worlds: Cluster | Mapping[str, Cluster], policies: str = "", world: str | None = None
) -> Any:  # noqa: ANN401  as above
    """Edit policies and see the world change at once.

    Args:
        worlds: A cluster, or several by name to choose from.
        policies: The manifests to begin with.
        world: The name of the world to begin with; None takes the first.
    """
    widget = _needing_anywidget("netpol_sim.render.playground.widget").PlaygroundWidget
    named = {"world": worlds} if isinstance(worlds, Cluster) else worlds
    return widget(named, policies, world)


def plugins(
    cluster: Cluster,
    profile: str = "documentation",
    port: int = 80,
    protocol: Protocol | str = "TCP",
) -> Any:  # noqa: ANN401  as above
    """Choose a network plugin, and see what it changes of the documented behaviour.

    Args:
        cluster: What to look at; the profile that it has is left aside.
        profile: The plugin to begin with, by the name of its profile.
        port: The port of the matrix; the list of changes is about every port.
        protocol: The protocol of that port.

    Raises:
        InvalidValueError: There is no such profile.
    """
    widget = _needing_anywidget("netpol_sim.render.switcher.widget").SwitcherWidget
    return widget(cluster, profile, port, Protocol(protocol))


def predict(  # noqa: PLR0913  what is asked, and what becomes of the answers
    cluster: Cluster,
    questions: Sequence[str] = (),
    *,
    sources: Sequence[str] = (),
    destinations: Sequence[str] = (),
    port: int | str = "",
    because: prediction.Because | None = None,
    committed: Callable[[prediction.Prediction], None] | None = None,
) -> Any:  # noqa: ANN401  as above
    """Fill in verdicts first, then see the truth and the reasons.

    Args:
        cluster: What is asked about.
        questions: Connection texts; or, for a grid, the next three:
        sources: The rows of a grid.
        destinations: The columns of a grid.
        port: The port of a grid, such as ``8080`` or ``53/UDP``.
        because: Says what a wrong guess suggests.
        committed: Called once with the prediction when it is committed.

    Raises:
        ConnectionTextError, UnknownNameError, AmbiguousNameError: As ``evaluate``.
    """
    asked = prediction.begin(
        cluster, questions, sources=sources, destinations=destinations, port=str(port)
    )
    widget = _needing_anywidget("netpol_sim.render.predict.widget").PredictionWidget
    return widget(asked, because, committed)


def _needing_anywidget(name: str) -> Any:  # noqa: ANN401  a module
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != "anywidget":
            raise
        message = "widgets need the package anywidget: pip install 'netpol-sim[course]'"
        raise NetpolError(message) from error
