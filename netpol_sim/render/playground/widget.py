"""The playground as a Jupyter widget: an editor, and beside it the world that its text makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anywidget
import traitlets

from netpol_sim.cluster import Cluster
from netpol_sim.render.playground import front
from netpol_sim.render.playground import state as machine
from netpol_sim.render.playground.view import view as look
from netpol_sim.render.widgets import twin


class PlaygroundWidget(anywidget.AnyWidget):
    """An editor for policies, and the matrix, picture, findings and changes they make."""

    _esm = front.SCRIPT
    _css = front.STYLE
    view = traitlets.Dict().tag(sync=True)

    def __init__(
        self, worlds: Mapping[str, Cluster], policies: str = "", world: str | None = None
    ) -> None:
        self.state = machine.begin(worlds, policies, world)
        super().__init__(view=look(self.state))
        self.on_msg(self._act)

    def _act(self, _: object, content: Any, __: object) -> None:  # noqa: ANN401  from a browser
        if isinstance(content, dict):
            self.state = machine.step(self.state, content)
            self.view = look(self.state)

    def _repr_mimebundle_(self, **asked: Any) -> Any:  # noqa: ANN401  as ipywidgets has it
        return twin.bundle(super()._repr_mimebundle_(**asked), self.view["grid"])
