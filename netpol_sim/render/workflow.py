"""The life of a pod, from open to protected, as a flowchart."""

from __future__ import annotations

from netpol_sim.render.palette import Tone
from netpol_sim.render.picture import Arrow, Box, Picture, Shape


def workflow_picture() -> Picture:
    """A pod is created and open; a policy is applied; its rules are enforced; traffic is sorted."""
    steps = (
        Box(key="created", lines=("Pod created",), shape=Shape.STEP),
        Box(key="open", lines=("Default:", "open communication"), shape=Shape.STEP),
        Box(
            key="applied", lines=("Network Policy", "applied"), shape=Shape.STEP, tone=Tone.ISOLATED
        ),
        Box(
            key="enforced",
            lines=("Ingress / Egress rules", "enforced by the plugin"),
            shape=Shape.STEP,
            tone=Tone.ISOLATED,
        ),
        Box(
            key="allowed",
            lines=("Allowed traffic", "passes"),
            shape=Shape.STEP,
            tone=Tone.ALLOWED,
        ),
        Box(
            key="blocked",
            lines=("Unauthorized traffic", "is blocked"),
            shape=Shape.STEP,
            tone=Tone.DENIED,
        ),
    )
    arrows = (
        Arrow(source="created", target="open"),
        Arrow(source="open", target="applied"),
        Arrow(source="applied", target="enforced"),
        Arrow(source="enforced", target="allowed", label="a rule matches", tone=Tone.ALLOWED),
        Arrow(source="enforced", target="blocked", label="no rule matches", tone=Tone.DENIED),
    )
    return Picture(
        title="How a NetworkPolicy takes effect",
        description=(
            "A pod is created and is open by default: everything may reach it and it may reach "
            "everything. A NetworkPolicy that selects it is applied. Its ingress and egress rules "
            "are enforced by the network plugin. Traffic that a rule matches passes; traffic that "
            "no rule matches is blocked."
        ),
        boxes=steps,
        arrows=arrows,
    )
