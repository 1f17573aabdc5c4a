"""Learn and check Kubernetes NetworkPolicy without a cluster.

Read ``evaluate.py`` first: it is the NetworkPolicy algorithm.  The verbs, in reading order:

- ``load``, ``loads``, ``dump``: manifests -> a cluster, and back
- ``evaluate``: a cluster and a connection -> a verdict
- ``explain``: a verdict -> sentences
- ``matrix``: a cluster and ports -> who can reach whom
- ``connections``, ``connection_map``: two ends, or a cluster -> the exact ports that are allowed
- ``who_can_reach``, ``what_can_be_reached``: a cluster and a place -> everyone on the other end
- ``blast_radius``: a cluster and a pod -> how far an intruder gets, step by step
- ``isolation``: a cluster -> which policies isolate which pod, in which direction
- ``check_needs``: a cluster and needed connections -> what is missing, and what nothing needs
- ``contribution``, ``redundant``: a cluster -> what one policy changes, which ones change nothing
- ``diff``: two clusters -> which connections appear and disappear
- ``exposure``: a cluster and labels -> what a pod that does not exist yet could reach
- ``compare``: two policy sets -> do they mean the same on every cluster, with witnesses
- ``convert``: older cluster-scoped policies -> ClusterNetworkPolicies
- ``minimal_repair``: two policy sets -> the smallest change that makes the one mean the other
- ``stage``: policies, needs and a cluster -> the order in which to apply them
- ``replay``: a cluster and recorded connections -> what its policies would have stopped
- ``lint``: a cluster -> findings
- ``draw``: a cluster or a verdict -> a picture
- ``hint``, ``reveal``, ``progress``, ``practice``: the course, in a notebook
- ``explore``, ``playground``, ``plugins``, ``predict``: a cluster -> a widget in a notebook
- ``quiz``: a lesson -> quiz cards in a notebook
- ``interview``: minutes and a level -> a mock interview in a notebook

A name is imported from its module when it is first used, so that a program pays for what it needs.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netpol_sim.analysis.access import Accesses, what_can_be_reached, who_can_reach
    from netpol_sim.analysis.blast_radius import BlastRadius, blast_radius
    from netpol_sim.analysis.compare import Relation, compare
    from netpol_sim.analysis.connections import Connections, connections
    from netpol_sim.analysis.contribution import contribution, redundant
    from netpol_sim.analysis.convert import convert
    from netpol_sim.analysis.diff import Diff, diff
    from netpol_sim.analysis.exposure import Exposure, exposure
    from netpol_sim.analysis.flows import ConnectionMap, connection_map
    from netpol_sim.analysis.isolation import Isolation, isolation
    from netpol_sim.analysis.lint import Finding, lint
    from netpol_sim.analysis.matrix import Matrix, matrix
    from netpol_sim.analysis.needs import NeedsReport, check_needs
    from netpol_sim.analysis.repair import Repair, minimal_repair
    from netpol_sim.analysis.replay import Replay, replay
    from netpol_sim.analysis.rollout import Rollout, stage
    from netpol_sim.ask import evaluate
    from netpol_sim.cluster import Cluster
    from netpol_sim.cluster_policy import ClusterNetworkPolicy
    from netpol_sim.course.interview.notebook import interview
    from netpol_sim.course.learner import hint, practice, predict, progress, reveal
    from netpol_sim.course.magic import load_ipython_extension
    from netpol_sim.course.quiz import quiz
    from netpol_sim.errors import (
        AmbiguousNameError,
        ConnectionTextError,
        InvalidValueError,
        ManifestError,
        NetpolError,
        Problem,
        ProblemKind,
        UnknownNameError,
    )
    from netpol_sim.labels import Labels, LabelSelector, Operator, Requirement
    from netpol_sim.manifest import dump, load, loads
    from netpol_sim.model import (
        Connection,
        ContainerPort,
        External,
        Namespace,
        Node,
        Pod,
        Service,
        ServicePort,
    )
    from netpol_sim.origin import Location
    from netpol_sim.peers import IPBlock, PodPeer
    from netpol_sim.plugin import Profile
    from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Protocol, Rule
    from netpol_sim.render.draw import Drawing, draw
    from netpol_sim.render.text import explain
    from netpol_sim.render.widgets import explore, playground, plugins
    from netpol_sim.render.workflow import workflow_picture
    from netpol_sim.verdict import Caveat, EndVerdict, Reason, ServiceVerdict, Verdict

HOMES = {
    "analysis.access": ("Accesses", "what_can_be_reached", "who_can_reach"),
    "analysis.blast_radius": ("BlastRadius", "blast_radius"),
    "analysis.compare": ("Relation", "compare"),
    "analysis.connections": ("Connections", "connections"),
    "analysis.contribution": ("contribution", "redundant"),
    "analysis.convert": ("convert",),
    "analysis.diff": ("Diff", "diff"),
    "analysis.exposure": ("Exposure", "exposure"),
    "analysis.flows": ("ConnectionMap", "connection_map"),
    "analysis.isolation": ("Isolation", "isolation"),
    "analysis.lint": ("Finding", "lint"),
    "analysis.matrix": ("Matrix", "matrix"),
    "analysis.needs": ("NeedsReport", "check_needs"),
    "analysis.repair": ("Repair", "minimal_repair"),
    "analysis.replay": ("Replay", "replay"),
    "analysis.rollout": ("Rollout", "stage"),
    "ask": ("evaluate",),
    "cluster": ("Cluster",),
    "cluster_policy": ("ClusterNetworkPolicy",),
    "course.learner": ("hint", "practice", "predict", "progress", "reveal"),
    "course.magic": ("load_ipython_extension",),
    "course.interview.notebook": ("interview",),
    "course.quiz": ("quiz",),
    "errors": (
        "AmbiguousNameError",
        "ConnectionTextError",
        "InvalidValueError",
        "ManifestError",
        "NetpolError",
        "Problem",
        "ProblemKind",
        "UnknownNameError",
    ),
    "labels": ("LabelSelector", "Labels", "Operator", "Requirement"),
    "manifest": ("dump", "load", "loads"),
    "model": (
        "Connection",
        "ContainerPort",
        "External",
        "Namespace",
        "Node",
        "Pod",
        "Service",
        "ServicePort",
    ),
    "origin": ("Location",),
    "peers": ("IPBlock", "PodPeer"),
    "plugin": ("Profile",),
    "policy": (
        "Direction",
        "NetworkPolicy",
        "PolicyPort",
        "Protocol",
        "Rule",
    ),
    "render.draw": ("Drawing", "draw"),
    "render.text": ("explain",),
    "render.widgets": ("explore", "playground", "plugins"),
    "render.workflow": ("workflow_picture",),
    "verdict": ("Caveat", "EndVerdict", "Reason", "ServiceVerdict", "Verdict"),
}
"""Module -> the public names it is the home of.  A test holds it to ``__all__`` and the imports."""

_HOME_OF = {name: module for module, names in HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


class _Package(ModuleType):
    """Ours, but a module never takes the place of the verb that it is named after."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME_OF and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


__all__ = [
    "Accesses",
    "AmbiguousNameError",
    "BlastRadius",
    "Caveat",
    "Cluster",
    "ClusterNetworkPolicy",
    "Connection",
    "ConnectionMap",
    "ConnectionTextError",
    "Connections",
    "ContainerPort",
    "Diff",
    "Direction",
    "Drawing",
    "EndVerdict",
    "Exposure",
    "External",
    "Finding",
    "IPBlock",
    "InvalidValueError",
    "Isolation",
    "LabelSelector",
    "Labels",
    "Location",
    "ManifestError",
    "Matrix",
    "Namespace",
    "NeedsReport",
    "NetpolError",
    "NetworkPolicy",
    "Node",
    "Operator",
    "Pod",
    "PodPeer",
    "PolicyPort",
    "Problem",
    "ProblemKind",
    "Profile",
    "Protocol",
    "Reason",
    "Relation",
    "Repair",
    "Replay",
    "Requirement",
    "Rollout",
    "Rule",
    "Service",
    "ServicePort",
    "ServiceVerdict",
    "UnknownNameError",
    "Verdict",
    "blast_radius",
    "check_needs",
    "compare",
    "connection_map",
    "connections",
    "contribution",
    "convert",
    "diff",
    "draw",
    "dump",
    "evaluate",
    "explain",
    "explore",
    "exposure",
    "hint",
    "interview",
    "isolation",
    "lint",
    "load",
    "load_ipython_extension",
    "loads",
    "matrix",
    "minimal_repair",
    "playground",
    "plugins",
    "practice",
    "predict",
    "progress",
    "quiz",
    "redundant",
    "replay",
    "reveal",
    "stage",
    "what_can_be_reached",
    "who_can_reach",
    "workflow_picture",
]
