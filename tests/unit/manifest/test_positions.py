"""Where everything was written: for each field the line and column to look at."""

from __future__ import annotations

import copy
import pickle

import pytest

from netpol_sim.manifest import loads
from netpol_sim.origin import Origin
from tests.unit.manifest.reading import place, places, problems

BLOCK = """\
# A comment.
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
  labels:
    app.kubernetes.io/name: db
spec:
  podSelector:
    matchLabels: {app: db}
  ingress:
  - from:
    - podSelector:
      namespaceSelector: {}
    ports:
      - port: 80
"""
EXPECTED = {
    "apiVersion": (3, 13),
    "kind": (4, 7),
    "metadata": (5, 1),
    "spec": (9, 1),
    "metadata.name": (6, 9),
    "metadata.labels": (7, 3),
    "metadata.labels.app.kubernetes.io/name": (8, 29),
    "spec.podSelector": (10, 3),
    "spec.podSelector.matchLabels": (11, 5),
    "spec.podSelector.matchLabels.app": (11, 24),
    "spec.ingress": (12, 3),
    "spec.ingress[0]": (13, 5),
    "spec.ingress[0].from": (13, 5),
    "spec.ingress[0].from[0]": (14, 7),
    "spec.ingress[0].from[0].podSelector": (14, 19),
    "spec.ingress[0].from[0].namespaceSelector": (15, 7),
    "spec.ingress[0].ports": (16, 5),
    "spec.ingress[0].ports[0]": (17, 9),
    "spec.ingress[0].ports[0].port": (17, 15),
}


def origin(text: str, index: int = 0) -> Origin:
    """The origin of a policy."""
    found = loads(text, file="db.yaml").policies[index].origin
    assert found is not None
    return found


def test_every_field_has_its_place() -> None:
    """Scalars and entries stand where they begin, mappings and lists where their name does."""
    assert dict(origin(BLOCK).positions) == EXPECTED


def test_windows_line_ends_change_nothing() -> None:
    """Lines count the same with CRLF."""
    assert dict(origin(BLOCK.replace("\n", "\r\n")).positions) == EXPECTED


def test_a_document_after_others() -> None:
    """Lines count from the top of the file, in every document of it."""
    shifted = {path: (line + 17, column) for path, (line, column) in EXPECTED.items()}
    text = BLOCK.replace("db", "zz") + BLOCK
    assert dict(origin(text, 1).positions) == shifted
    assert origin(text, 1).line == 20
    assert str(origin(text, 1).locate("spec.ingress[0].ports[0].port")) == "db.yaml:34"


def test_an_entry_of_a_list() -> None:
    """Fields of an object in a List have the paths of the object, and the lines of the file."""
    indented = "".join(f"  {line}\n" for line in BLOCK.splitlines()[2:])
    text = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret}\n-" + indented[1:]
    found = origin(text)
    assert found.line == 5
    moved = {path: (line + 2, column + 2) for path, (line, column) in EXPECTED.items()}
    assert dict(found.positions) == moved


def test_json() -> None:
    """JSON has places too, on one line or on many."""
    text = """\
{"apiVersion": "v1", "kind": "List", "items": [
  {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "a\\u0062"},
   "spec": {"podSelector": {},
     "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "x"}}}],
       "ports": [{"port": 80}]}]}}]}
"""
    found = origin(text)
    assert found.line == 2
    assert {path: found.positions[path] for path in found.positions if "ingress" in path} == {
        "spec.ingress": (4, 6),
        "spec.ingress[0]": (4, 18),
        "spec.ingress[0].from": (4, 19),
        "spec.ingress[0].from[0]": (4, 28),
        "spec.ingress[0].from[0].podSelector": (4, 29),
        "spec.ingress[0].from[0].podSelector.matchLabels": (4, 45),
        "spec.ingress[0].from[0].podSelector.matchLabels.app": (4, 68),
        "spec.ingress[0].ports": (5, 8),
        "spec.ingress[0].ports[0]": (5, 18),
        "spec.ingress[0].ports[0].port": (5, 27),
    }


def test_aliases_stand_where_their_anchor_stands() -> None:
    """What an alias or a merge brings in was written at the anchor."""
    text = BLOCK.replace("{app: db}", "&labels {app: db}").replace(
        "podSelector:\n      namespace", "podSelector: {matchLabels: *labels}\n      namespace"
    )
    found = origin(text)
    assert found.positions["spec.ingress[0].from[0].podSelector.matchLabels"] == (14, 21)
    assert found.positions["spec.ingress[0].from[0].podSelector.matchLabels.app"] == (11, 32)
    merged = origin(BLOCK.replace("{app: db}", "{<<: {tier: x}, app: db}"))
    assert merged.positions["spec.podSelector.matchLabels.tier"] == (11, 30)


def test_an_alias_from_another_entry_of_a_list() -> None:
    """An entry of a List may use what an entry before it defines."""
    text = """\
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Pod, metadata: {name: a, labels: &app {app: db}}}
- apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata: {name: a}
  spec:
    podSelector: {matchLabels: *app}
"""
    found = origin(text)
    assert found.positions["spec.podSelector.matchLabels.app"] == (4, 70)
    assert found.positions["metadata.name"] == (7, 20)


def test_a_field_that_is_not_there() -> None:
    """The nearest mapping around it is the place of a field that was not written."""
    found = origin(BLOCK)
    assert not found.wrote("spec.egress")
    assert found.locate("spec.ingress[0].ports[0].endPort").line == 17
    assert found.locate("spec.egress[0].to").line == 9
    assert found.locate("status").line == 3
    assert found.quote(found.locate("spec.ingress[0].ports[0].port").line) == "      - port: 80"


@pytest.mark.parametrize("asked", [False, True])
def test_origins_can_be_copied(asked: bool) -> None:  # noqa: FBT001  a row of the table
    """A policy and its origin survive copying and pickling, before and after they are asked."""
    policy = loads(BLOCK).policies[0]
    assert policy.origin is not None
    if asked:
        assert policy.origin.wrote("spec")
    again = copy.deepcopy(policy)
    pickled = pickle.loads(pickle.dumps(policy))  # noqa: S301  our own bytes
    for found in (again, pickled):
        assert found == policy
        assert found.origin is not None
        assert dict(found.origin.positions) == EXPECTED


def test_a_label_is_pointed_to_by_its_entry() -> None:
    """The server names the map of labels; the place is that of the entry."""
    text, marks = places(BLOCK.replace("app: db}", "app: db, »b c: d, e: »f g}"))
    assert [place(problem) for problem in problems(text)] == marks
