"""The questions about permissions that decide whether a network policy holds.

Source of what each way needs: the API server's verbs for these requests.  ``kubectl exec``,
``attach`` and ``port-forward`` need ``create``; before Kubernetes 1.35 ``get`` was enough to open
them as a WebSocket (feature gate ``AuthorizePodWebsocketUpgradeCreatePermission``), so that it
counts as a way, too.  Whoever may ``list`` or ``watch`` Secrets sees what is in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from netpol_sim.course.rbac.authorizer import ANY_NAME, Access, Permissions, Request
from netpol_sim.render import sheet
from netpol_sim.render.describe import where
from netpol_sim.render.sheet import Page, Sheet

_CHANGES = ("create", "update", "patch", "delete", "deletecollection")
_WITHOUT_NAME = ("create", "deletecollection")
_OPENS = ("create", "get")
_PODS_AND_WORKLOADS = (
    ("", "pods"),
    ("", "replicationcontrollers"),
    ("apps", "deployments"),
    ("apps", "replicasets"),
    ("apps", "statefulsets"),
    ("apps", "daemonsets"),
    ("batch", "jobs"),
    ("batch", "cronjobs"),
)
_HEAD = ("who may", "who", "by which binding and rule")
_NOBODY = "nobody"


def change_policies(namespace: str) -> tuple[Request, ...]:
    """To change or remove network policies."""
    return tuple(
        Request(
            verb=verb,
            resource="networkpolicies",
            api_group="networking.k8s.io",
            namespace=namespace,
            name="" if verb in _WITHOUT_NAME else ANY_NAME,
        )
        for verb in _CHANGES
    )


def choose_labels(namespace: str) -> tuple[Request, ...]:
    """To give pods the labels that policies trust: make pods or relabel them, or what makes pods.

    Who makes a pod also chooses which Secrets of the namespace it mounts.
    """
    return tuple(
        Request(verb=verb, resource=resource, api_group=group, namespace=namespace, name=name)
        for group, resource in _PODS_AND_WORKLOADS
        for verb, name in (("create", ""), ("update", ANY_NAME), ("patch", ANY_NAME))
    )


def act_as_service_account(namespace: str) -> tuple[Request, ...]:
    """To use what is granted to the service accounts of the namespace."""
    return (
        Request(verb="impersonate", resource="serviceaccounts", namespace=namespace, name=ANY_NAME),
        Request(
            verb="create", resource="serviceaccounts/token", namespace=namespace, name=ANY_NAME
        ),
    )


def relabel_namespace(namespace: str) -> tuple[Request, ...]:
    """To change the labels of the Namespace itself."""
    return tuple(
        Request(verb=verb, resource="namespaces", namespace=namespace, name=namespace)
        for verb in ("update", "patch")
    )


def run_commands(namespace: str) -> tuple[Request, ...]:
    """To run commands in pods, and so to use the network as those pods."""
    return tuple(
        Request(verb=verb, resource=resource, namespace=namespace, name=ANY_NAME)
        for resource in ("pods/exec", "pods/attach")
        for verb in _OPENS
    )


def forward_ports(namespace: str) -> tuple[Request, ...]:
    """To reach ports of pods through the API server and the node, past every policy."""
    return tuple(
        Request(verb=verb, resource="pods/portforward", namespace=namespace, name=ANY_NAME)
        for verb in _OPENS
    )


def read_secret(namespace: str, name: str) -> tuple[Request, ...]:
    """To read one Secret, alone or with all others.

    A ``list`` that asks for one name is a request for that name, so that a rule may limit it.
    """
    return tuple(
        Request(verb=verb, resource="secrets", namespace=namespace, name=name)
        for verb in ("get", "list", "watch")
    )


_WAYS: dict[str, Callable[[str], tuple[Request, ...]]] = {
    "change network policies": change_policies,
    "choose the labels of pods": choose_labels,
    "relabel the namespace": relabel_namespace,
    "run commands in pods": run_commands,
    "forward ports of pods": forward_ports,
    "act as a service account": act_as_service_account,
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Survey:
    """The ways around network policies in a namespace, each with those who have it."""

    namespace: str
    ways: tuple[tuple[str, tuple[Access, ...]], ...]

    @property
    def open_ways(self) -> tuple[str, ...]:
        """The ways that somebody has."""
        return tuple(way for way, found in self.ways if found)

    def subjects(self, way: str) -> tuple[str, ...]:
        """Those who have a way, each once."""
        return tuple(dict.fromkeys(str(each.subject) for each in dict(self.ways)[way]))

    def page(self) -> Page:
        """One row for each way."""
        rows = tuple((way, self._who(found), tuple(_reasons(found))) for way, found in self.ways)
        return (
            Sheet(caption=f"Who may, in the namespace {self.namespace}", head=_HEAD, rows=rows),
        )

    def _who(self, found: tuple[Access, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(each.subject) for each in found)) or (_NOBODY,)

    def __repr__(self) -> str:
        return sheet.as_text(self.page())

    def _repr_html_(self) -> str:
        return sheet.as_html(self.page())


def _reasons(found: tuple[Access, ...]) -> Iterator[str]:
    """Each binding and rule once, with where the rule is written."""
    told: dict[tuple[str, str, int], None] = {}
    for each in found:
        key = (str(each.binding), str(each.role), each.rule)
        if key not in told:
            told[key] = None
            place = each.role.origin.locate(f"rules[{each.rule}]") if each.role.origin else None
            yield where(f"{each.binding}: {each.role}, rule {each.rule + 1}", place)


def survey(permissions: Permissions, namespace: str, *, secret: str = "") -> Survey:
    """Ask who has each way around the network policies of a namespace.

    Args:
        permissions: The roles and bindings of the cluster.
        secret: The name of a Secret of the namespace, to ask who can read it as well.
    """
    ways = {way: requests(namespace) for way, requests in _WAYS.items()}
    if secret:
        ways[f"read the Secret {secret}"] = read_secret(namespace, secret)
    return Survey(
        namespace=namespace,
        ways=tuple((way, permissions.who_can(*requests)) for way, requests in ways.items()),
    )
