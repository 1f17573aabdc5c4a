"""The objects of RBAC, in the API's words; each constructor enforces the API server's rules.

Sources: ``k8s.io/api/rbac/v1/types.go`` and ``pkg/apis/rbac/validation``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from netpol_sim.errors import Problem, ProblemKind, raise_if_any
from netpol_sim.labels import NO_LABELS, Labels, LabelSelector
from netpol_sim.origin import Origin

API_GROUP = "rbac.authorization.k8s.io"


class SubjectKind(StrEnum):
    """What a binding can name."""

    USER = "User"
    GROUP = "Group"
    SERVICE_ACCOUNT = "ServiceAccount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom a binding means; only a service account has a namespace."""

    kind: SubjectKind
    name: str
    namespace: str = ""

    def __post_init__(self) -> None:
        raise_if_any(list(self._problems()))
        object.__setattr__(self, "kind", SubjectKind(self.kind))

    def _problems(self) -> Iterator[Problem]:
        if self.kind not in list(SubjectKind):
            yield _unsupported("kind", str(self.kind), SubjectKind)
        if not self.name:
            yield _required("name", "a name is required")

    def __str__(self) -> str:
        name = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind} {name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRule:
    """One rule of a role: any of its verbs on any of its resources.

    ``resource_names`` left empty means objects of every name.  A rule about URLs that are no
    resources (``non_resource_urls``) grants nothing that is asked about here.
    """

    verbs: tuple[str, ...]
    api_groups: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    resource_names: tuple[str, ...] = ()
    non_resource_urls: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        raise_if_any(list(self._problems()))

    def _problems(self) -> Iterator[Problem]:
        if not self.verbs:
            yield _required("verbs", "verbs must contain at least one value")
        if self.non_resource_urls:
            return
        if not self.api_groups:
            message = "resource rules must supply at least one API group"
            yield _required("apiGroups", message, 'the core group is `""`')
        if not self.resources:
            yield _required("resources", "resource rules must supply at least one resource")


class RoleKind(StrEnum):
    """The two kinds of roles."""

    ROLE = "Role"
    CLUSTER_ROLE = "ClusterRole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A Role, or a ClusterRole when it has no namespace.

    ``aggregates`` are the selectors of an aggregated ClusterRole: its rules are those of the
    ClusterRoles that any of them picks, and what is written as its own rules is overwritten.
    """

    name: str
    namespace: str = ""
    rules: tuple[PolicyRule, ...] = ()
    labels: Labels = NO_LABELS
    aggregates: tuple[LabelSelector, ...] = ()
    origin: Origin | None = field(default=None, compare=False, repr=False)

    @property
    def kind(self) -> RoleKind:
        """Which of the two it is."""
        return RoleKind.ROLE if self.namespace else RoleKind.CLUSTER_ROLE

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}".replace(" /", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A RoleBinding, or a ClusterRoleBinding when it has no namespace.

    A RoleBinding grants in its own namespace only, also when it refers to a ClusterRole.
    """

    name: str
    role_kind: RoleKind
    role_name: str
    namespace: str = ""
    subjects: tuple[Subject, ...] = ()
    origin: Origin | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        raise_if_any(list(self._problems()))
        object.__setattr__(self, "role_kind", RoleKind(self.role_kind))

    def _problems(self) -> Iterator[Problem]:
        kinds = list(RoleKind) if self.namespace else [RoleKind.CLUSTER_ROLE]
        if self.role_kind not in kinds:
            yield _unsupported("roleRef.kind", str(self.role_kind), kinds)
        if not self.role_name:
            yield _required("roleRef.name", "a name is required")
        for index, subject in enumerate(self.subjects):
            needs_one = subject.kind is SubjectKind.SERVICE_ACCOUNT and not self.namespace
            if needs_one and not subject.namespace:
                yield _required(f"subjects[{index}].namespace", "a namespace is required")

    def __str__(self) -> str:
        if self.namespace:
            return f"RoleBinding {self.namespace}/{self.name}"
        return f"ClusterRoleBinding {self.name}"


def _required(path: str, message: str, help_text: str = "") -> Problem:
    return Problem(kind=ProblemKind.REQUIRED, field=path, message=message, help=help_text)


def _unsupported(path: str, value: str, allowed: type[StrEnum] | list[RoleKind]) -> Problem:
    listed = ", ".join(allowed)
    kind, message = ProblemKind.NOT_SUPPORTED, f"supported are {listed}"
    return Problem(kind=kind, field=path, value=value, message=message)
