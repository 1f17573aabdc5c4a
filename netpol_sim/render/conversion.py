"""Converted policies as YAML, each below a comment that says what became of what."""

from __future__ import annotations

from collections.abc import Sequence

from netpol_sim.analysis.convert import Converted
from netpol_sim.cluster_policy import ClusterPolicyKind
from netpol_sim.manifest import dump


def text(converted: Sequence[Converted]) -> str:
    """The manifests of the new policies."""
    return "---\n".join(f"{_comment(each)}{dump(each.after)}" for each in converted)


def _comment(each: Converted) -> str:
    before, after = each.before, each.after
    lines = [f"# was {before.kind} {before.name}"]
    if before.kind is ClusterPolicyKind.BASELINE:
        lines.append(f"# a tier and a priority of its own: {after.tier}, {after.priority}")
    elif before.priority != after.priority:
        lines.append(f"# priority {before.priority} became {after.priority}; the order is the same")
    if len(after.ingress) + len(after.egress) < len(before.ingress) + len(before.egress):
        lines.append("# a part of its rules: a ClusterNetworkPolicy has at most 25 a direction")
    return "".join(f"{line}\n" for line in lines)
