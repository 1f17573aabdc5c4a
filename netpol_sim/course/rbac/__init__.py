"""Who may do what in a cluster, by its RBAC manifests: what stands beside network policies.

``load`` reads Roles, ClusterRoles and their bindings; ``Permissions`` decides as the API server's
RBAC authorizer does, and says which binding and which rule grant a request; ``survey`` asks the
questions that matter for network policies.
"""

from netpol_sim.course.rbac.authorizer import Access, Identity, Permissions, Request
from netpol_sim.course.rbac.reading import load, loads
from netpol_sim.course.rbac.survey import Survey, survey

__all__ = [
    "Access",
    "Identity",
    "Permissions",
    "Request",
    "Survey",
    "load",
    "loads",
    "survey",
]
