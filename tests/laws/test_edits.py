"""Two hundred edits in a row, each of one policy: the edited table is the one of a rebuild."""

from __future__ import annotations

import json
import random

from netpol_sim import loads
from netpol_sim.analysis.table import Table
from netpol_sim.analysis.table.layer import Layer
from netpol_sim.cluster import Cluster
from netpol_sim.policy import Protocol
from tests.bench.shapes import SHAPES, Size, objects

EDITS = 200
BEFORE = Size(pods=60, policies=24, namespaces=4)


def cluster(shape: str, size: Size) -> Cluster:
    """The cluster of a shape."""
    items = objects(shape, size)
    return loads(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))


def test_edits_of_one_policy_at_a_time() -> None:
    """After each of many random edits, all pairs on some port are those of a full rebuild."""
    chance = random.Random(5)  # noqa: S311  not for secrets
    pool = [
        policy
        for shape in SHAPES
        for policy in cluster(shape, Size(pods=60, policies=60, namespaces=4)).policies
    ]
    now = cluster("mixed", BEFORE)
    table = Table(now)
    for _ in range(EDITS):
        if now.policies and chance.random() < 0.4:
            now = now.without_policy(chance.choice(now.policies).key)
        else:
            now = now.with_policy(chance.choice(pool))
        table = table.edited(now)
        port = chance.choice((53, 80, 443, 3306, 8080, 9200))
        edited, fresh = (Layer(each, Protocol.TCP, port) for each in (table, Table(now)))
        assert edited.table.places == fresh.table.places
        assert edited.rows == fresh.rows
        assert (edited.egress, edited.ingress) == (fresh.egress, fresh.ingress)
