"""Learn and check Kubernetes NetworkPolicy without a cluster.

Read ``evaluate.py`` first: it is the NetworkPolicy algorithm.  The verbs, in reading order:

- ``load``, ``loads``: manifests -> a cluster
- ``evaluate``: a cluster and a connection -> a verdict
- ``explain``: a verdict -> sentences
"""

from netpol_sim.ask import evaluate
from netpol_sim.cluster import Cluster
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
from netpol_sim.manifest import load, loads
from netpol_sim.model import (
    Connection,
    ContainerPort,
    External,
    Namespace,
    Node,
    Pod,
    Profile,
    Service,
    ServicePort,
)
from netpol_sim.origin import Location
from netpol_sim.policy import (
    Direction,
    IPBlock,
    NetworkPolicy,
    PodPeer,
    PolicyPort,
    Protocol,
    Rule,
)
from netpol_sim.render.text import explain
from netpol_sim.verdict import Caveat, EndVerdict, Reason, ServiceVerdict, Verdict

__all__ = [
    "AmbiguousNameError",
    "Caveat",
    "Cluster",
    "Connection",
    "ConnectionTextError",
    "ContainerPort",
    "Direction",
    "EndVerdict",
    "External",
    "IPBlock",
    "InvalidValueError",
    "LabelSelector",
    "Labels",
    "Location",
    "ManifestError",
    "Namespace",
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
    "Requirement",
    "Rule",
    "Service",
    "ServicePort",
    "ServiceVerdict",
    "UnknownNameError",
    "Verdict",
    "evaluate",
    "explain",
    "load",
    "loads",
]
