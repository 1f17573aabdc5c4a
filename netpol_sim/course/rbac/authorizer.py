"""The decision of RBAC, and which binding and rule make it.

Rules only ever grant; what no rule grants is refused.  Sources:
``plugin/pkg/auth/authorizer/rbac/rbac.go``, ``pkg/registry/rbac/validation/rule.go`` and
``pkg/apis/rbac/v1/evaluation_helpers.go`` of Kubernetes.  Other ways past the API server's checks
(the group ``system:masters``, the node authorizer, webhooks) are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netpol_sim.course.rbac.model import Binding, PolicyRule, Role, Subject, SubjectKind

EVERYTHING = "*"
ANY_NAME = "*"
"""In a request: some object, whichever; no object can have this name."""
_ACCOUNT = "system:serviceaccount"
_ACCOUNTS = "system:serviceaccounts"
_AUTHENTICATED = "system:authenticated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who asks: a user name, and the groups of that user."""

    name: str
    groups: frozenset[str] = frozenset()

    @classmethod
    def user(cls, name: str, *groups: str) -> Identity:
        """A person who has logged in, with further groups."""
        return cls(name=name, groups=frozenset((*groups, _AUTHENTICATED)))

    @classmethod
    def service_account(cls, key: str) -> Identity:
        """The service account ``namespace/name``, as pods use it."""
        namespace, _, name = key.partition("/")
        groups = frozenset((_ACCOUNTS, f"{_ACCOUNTS}:{namespace}", _AUTHENTICATED))
        return cls(name=f"{_ACCOUNT}:{namespace}:{name}", groups=groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing somebody wants to do.

    ``resource`` may have a part, as in ``pods/exec``.  ``namespace`` is empty for requests about
    the whole cluster; one about a single Namespace object has that namespace's name in both
    ``namespace`` and ``name``, as the API server sees it.  ``name`` is empty where the server does
    not know it: for ``create`` of a whole object, and for ``list`` and ``watch`` of all.  With
    ``ANY_NAME`` the request is about any object that a rule may limit itself to.
    """

    verb: str
    resource: str
    namespace: str = ""
    name: str = ""
    api_group: str = ""

    def __str__(self) -> str:
        what = self.resource if self.name in ("", ANY_NAME) else f"{self.resource} {self.name}"
        return (
            f"{self.verb} {what} in {self.namespace}" if self.namespace else f"{self.verb} {what}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Somebody may do something, by a subject of a binding and by a rule of a role.

    ``role`` is the one that the rule is written in, which an aggregated role may have it from.
    ``rule`` counts from 0 in it.
    """

    request: Request
    subject: Subject
    binding: Binding
    role: Role
    rule: int

    def __str__(self) -> str:
        bound = f"{self.binding} -> {self.binding.role_kind} {self.binding.role_name}"
        source = "" if self.role.name == self.binding.role_name else f" (from {self.role})"
        return f"{self.subject} may {self.request}: {bound}{source}, rule {self.rule + 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """All roles and bindings of a cluster; one to a role that is not there grants nothing."""

    roles: tuple[Role, ...] = ()
    bindings: tuple[Binding, ...] = ()

    def __str__(self) -> str:
        return f"roles: {len(self.roles)}, bindings: {len(self.bindings)}"

    def allows(self, identity: Identity, request: Request) -> bool:
        """Whether somebody may do something."""
        return next(self._accesses(request, identity), None) is not None

    def accesses(self, identity: Identity, *requests: Request) -> tuple[Access, ...]:
        """Everything that lets somebody do one of several things."""
        return tuple(found for each in requests for found in self._accesses(each, identity))

    def who_can(self, *requests: Request) -> tuple[Access, ...]:
        """Everybody whom a binding lets do one of several things, and why.

        Groups are told as groups: who is in them is not written in manifests.
        """
        return tuple(found for each in requests for found in self._accesses(each, None))

    def without(self, *bindings: str) -> Permissions:
        """The same without some bindings, by name or ``namespace/name``."""
        names = set(bindings)
        kept = (
            each
            for each in self.bindings
            if not names & {each.name, f"{each.namespace}/{each.name}"}
        )
        return Permissions(roles=self.roles, bindings=tuple(kept))

    def rules_of(self, role: Role) -> tuple[tuple[Role, int, PolicyRule], ...]:
        """The rules in force of a role, with where each is written; those of an aggregated role.

        Aggregation goes through roles that are aggregated themselves.
        """
        return tuple(self._rules(role, set()))

    def _rules(self, role: Role, seen: set[str]) -> Iterator[tuple[Role, int, PolicyRule]]:
        if not role.aggregates:
            yield from ((role, index, rule) for index, rule in enumerate(role.rules))
            return
        seen.add(role.name)
        for other in self.roles:
            picked = any(selector.matches(other.labels) for selector in role.aggregates)
            if picked and not other.namespace and other.name not in seen:
                seen.add(other.name)
                yield from self._rules(other, seen)

    def _role(self, binding: Binding) -> Role | None:
        for role in self.roles:
            here = not role.namespace or role.namespace == binding.namespace
            if role.kind is binding.role_kind and role.name == binding.role_name and here:
                return role
        return None

    def _accesses(self, request: Request, identity: Identity | None) -> Iterator[Access]:
        for binding in self.bindings:
            if binding.namespace and binding.namespace != request.namespace:
                continue
            subjects = list(_applying(binding, identity))
            role = self._role(binding) if subjects else None
            if role is None:
                continue
            found = next((each for each in self.rules_of(role) if _grants(each[2], request)), None)
            if found is None:
                continue
            for subject in subjects:
                yield Access(
                    request=request, subject=subject, binding=binding, role=found[0], rule=found[1]
                )


def _applying(binding: Binding, identity: Identity | None) -> Iterable[Subject]:
    """The subjects of a binding that mean somebody; all of them for nobody in particular."""
    for subject in binding.subjects:
        if identity is None or _means(subject, identity, binding.namespace):
            yield subject


def _means(subject: Subject, identity: Identity, own_namespace: str) -> bool:
    match subject.kind:
        case SubjectKind.USER:
            return subject.name == identity.name
        case SubjectKind.GROUP:
            return subject.name in identity.groups
        case SubjectKind.SERVICE_ACCOUNT:
            namespace = subject.namespace or own_namespace
            return identity.name == f"{_ACCOUNT}:{namespace}:{subject.name}"


def _grants(rule: PolicyRule, request: Request) -> bool:
    return (
        _among(rule.verbs, request.verb)
        and _among(rule.api_groups, request.api_group)
        and _names_resource(rule, request.resource)
        and _names_object(rule, request.name)
    )


def _among(words: tuple[str, ...], word: str) -> bool:
    return EVERYTHING in words or word in words


def _names_object(rule: PolicyRule, name: str) -> bool:
    return not rule.resource_names or name == ANY_NAME or name in rule.resource_names


def _names_resource(rule: PolicyRule, resource: str) -> bool:
    """``*`` is every resource with all its parts, ``*/exec`` this part of every resource.

    ``pods`` is not ``pods/exec``, and ``pods/*`` is no pattern at all.
    """
    _, slash, part = resource.partition("/")
    return _among(rule.resources, resource) or (bool(slash) and f"*/{part}" in rule.resources)
