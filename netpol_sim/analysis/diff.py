"""What a change of policies, pods or labels changes: the connections that appear and disappear."""

from __future__ import annotations

from netpol_sim.cluster import Cluster


class Diff:
    """The connections that appear and disappear between two clusters."""


def diff(before: Cluster, after: Cluster) -> Diff:
    """Find exactly which connections appear and disappear."""
    raise NotImplementedError
