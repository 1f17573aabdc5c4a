"""How the connections of a task stand with an answer: a small matrix, every source to every end.

What the task lists says whether it is as it must be.  The rest shows what else passes.
"""

from __future__ import annotations

from netpol_sim.ask import evaluate
from netpol_sim.cluster import Cluster
from netpol_sim.connection_text import parse
from netpol_sim.course.grade import Grade, Outcome
from netpol_sim.errors import NetpolError
from netpol_sim.render.grid import End, Grid, Sign
from netpol_sim.render.palette import Tone

_MOST_CELLS = 80
_RIGHT = {
    True: Sign(symbol="✓", word="passes, and must", tone=Tone.ALLOWED),
    False: Sign(symbol="✗", word="does not pass, and must not", tone=Tone.MUTED),
}
_WRONG = {
    True: Sign(symbol="✓ !", word="passes, but must not", tone=Tone.DENIED),
    False: Sign(symbol="✗ !", word="does not pass, but must", tone=Tone.DENIED),
}
_UNLISTED = {
    True: Sign(symbol="(✓)", word="passes; not listed", tone=Tone.PLAIN),
    False: Sign(symbol="(✗)", word="does not pass; not listed", tone=Tone.PLAIN),
}
_NONE = Sign(symbol="", word="not asked", tone=Tone.PLAIN)


def matrix(grade: Grade) -> Grid | None:
    """The matrix of a task's connections; None when there is no answer to show it for."""
    task, cluster = grade.task, grade.cluster
    shown = task.listed and not task.hidden
    if cluster is None or grade.outcome is Outcome.NOT_ATTEMPTED or not shown:
        return None
    listed = {_ends(connection): must_allow for connection, must_allow in task.listed}
    wrong = {_ends(failure.connection) for failure in grade.failures}
    sources = tuple(dict.fromkeys(source for source, _ in listed))
    destinations = tuple(dict.fromkeys(destination for _, destination in listed))
    all_of_them = len(sources) * len(destinations) <= _MOST_CELLS

    def sign(pair: tuple[str, str]) -> Sign:
        if pair in listed:
            return _WRONG[not listed[pair]] if pair in wrong else _RIGHT[listed[pair]]
        return _unlisted(cluster, *pair) if all_of_them else _NONE

    return Grid(
        caption="What passes with your policies",
        rows=tuple(map(_end, sources)),
        columns=tuple(map(_end, destinations)),
        signs=tuple(tuple(sign((one, other)) for other in destinations) for one in sources),
        counted=False,
    )


def _ends(connection: str) -> tuple[str, str]:
    """Source and destination of a connection, as rows and columns name them."""
    source, _, destination = str(parse(connection)).partition(" -> ")
    return source, destination.removesuffix("/TCP")


def _end(name: str) -> End:
    return End(key=name, name=name)


def _unlisted(cluster: Cluster, source: str, destination: str) -> Sign:
    if source == destination.rpartition(":")[0]:
        return _NONE
    try:
        return _UNLISTED[evaluate(cluster, f"{source} -> {destination}").allowed]
    except NetpolError:
        return _NONE
