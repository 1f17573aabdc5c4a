"""What rules and bindings grant, by the API server's own rules of matching."""

from __future__ import annotations

import pytest

from netpol_sim.course import rbac
from netpol_sim.course.rbac.authorizer import ANY_NAME, Identity, Permissions, Request

ALICE = Identity.user("alice", "platform")
API = Identity.service_account("bank/api")


def permissions(rule: str, subject: str = "{kind: User, name: alice}") -> Permissions:
    """One Role in ``bank`` with one rule, bound to one subject."""
    return rbac.loads(f"""
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{name: some, namespace: bank}}
rules: [{rule}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: some, namespace: bank}}
subjects: [{subject}]
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: some}}
""")


def asked(text: str) -> Request:
    """``verb group/resource[/part] [name]`` in ``bank``; the core group is ``core``."""
    verb, resource, *name = text.split()
    group, _, plural = resource.partition("/")
    return Request(
        verb=verb,
        resource=plural,
        api_group="" if group == "core" else group,
        namespace="bank",
        name="".join(name),
    )


PODS = '{apiGroups: [""], resources: [pods], verbs: [get]}'
EXEC = '{apiGroups: [""], resources: [pods/exec], verbs: [create]}'
ANY_EXEC = '{apiGroups: [""], resources: ["*/exec"], verbs: [create]}'
STAR_PART = '{apiGroups: [""], resources: [pods/*], verbs: [create]}'
ALL = '{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}'
LIMITED = '{apiGroups: [""], resources: [secrets], resourceNames: [pw], verbs: [get, list, create]}'
POLICIES = "{apiGroups: [networking.k8s.io], resources: [networkpolicies], verbs: [update]}"
URL = '{nonResourceURLs: ["*"], verbs: ["*"]}'

MATCHES = [
    (PODS, "get core/pods", True),
    (PODS, "list core/pods", False),
    (PODS, "get apps/pods", False),
    (PODS, "get core/pods/log x", False),
    (EXEC, "create core/pods/exec x", True),
    (EXEC, "create core/pods", False),
    (EXEC, "get core/pods/exec x", False),
    (ANY_EXEC, "create core/pods/exec x", True),
    (ANY_EXEC, "create core/pods/attach x", False),
    (ANY_EXEC, "create core/pods", False),
    (STAR_PART, "create core/pods/exec x", False),
    (ALL, "delete networking.k8s.io/networkpolicies x", True),
    (ALL, "create core/pods/exec x", True),
    (LIMITED, "get core/secrets pw", True),
    (LIMITED, "get core/secrets other", False),
    (LIMITED, f"get core/secrets {ANY_NAME}", True),
    (LIMITED, "list core/secrets", False),
    (LIMITED, "list core/secrets pw", True),
    (LIMITED, "create core/secrets", False),
    (POLICIES, "update networking.k8s.io/networkpolicies x", True),
    (POLICIES, "update extensions/networkpolicies x", False),
    (POLICIES, "patch networking.k8s.io/networkpolicies x", False),
]


@pytest.mark.parametrize(("rule", "text", "granted"), MATCHES)
def test_rules(rule: str, text: str, *, granted: bool) -> None:
    """A rule grants a request when verb, group, resource and name all match."""
    assert permissions(rule).allows(ALICE, asked(text)) is granted


SUBJECTS = [
    ("{kind: User, name: alice}", ALICE, True),
    ("{kind: User, name: Alice}", ALICE, False),
    ("{kind: Group, name: platform}", ALICE, True),
    ("{kind: Group, name: 'system:authenticated'}", ALICE, True),
    ("{kind: Group, name: 'system:authenticated'}", API, True),
    ("{kind: Group, name: 'system:serviceaccounts'}", API, True),
    ("{kind: Group, name: 'system:serviceaccounts:bank'}", API, True),
    ("{kind: Group, name: 'system:serviceaccounts:shop'}", API, False),
    ("{kind: Group, name: 'system:serviceaccounts'}", ALICE, False),
    ("{kind: ServiceAccount, name: api, namespace: bank}", API, True),
    ("{kind: ServiceAccount, name: api, namespace: shop}", API, False),
    ("{kind: ServiceAccount, name: api}", API, True),
    ("{kind: User, name: 'system:serviceaccount:bank:api'}", API, True),
    ("{kind: User, name: api}", API, False),
]


@pytest.mark.parametrize(("subject", "identity", "granted"), SUBJECTS)
def test_subjects(subject: str, identity: Identity, *, granted: bool) -> None:
    """A subject means a user, a group or a service account, the latter by its own namespace."""
    found = permissions(PODS, subject)
    assert found.allows(identity, asked("get core/pods")) is granted


CLUSTER = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: relabel}
rules: [{apiGroups: [""], resources: [namespaces, pods], verbs: [patch]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: %s
metadata: {name: relabel%s}
subjects: [{kind: User, name: alice}]
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: relabel}
"""


@pytest.mark.parametrize(
    ("kind", "namespace", "elsewhere"),
    [("RoleBinding", ", namespace: bank", False), ("ClusterRoleBinding", "", True)],
)
def test_where_a_binding_grants(kind: str, namespace: str, *, elsewhere: bool) -> None:
    """A RoleBinding to a ClusterRole grants in its namespace, the Namespace object included."""
    found = rbac.loads(CLUSTER % (kind, namespace))
    own = Request(verb="patch", resource="namespaces", namespace="bank", name="bank")
    other = Request(verb="patch", resource="namespaces", namespace="shop", name="shop")
    assert found.allows(ALICE, own)
    assert found.allows(ALICE, other) is elsewhere
    assert found.allows(ALICE, Request(verb="patch", resource="pods")) is elsewhere


def test_a_role_that_is_not_there_grants_nothing() -> None:
    """A binding to a missing role, or to a Role of another namespace, has no effect."""
    found = permissions(ALL)
    assert not Permissions(bindings=found.bindings).allows(ALICE, asked("get core/pods"))
    elsewhere = rbac.loads(CLUSTER % ("RoleBinding", ", namespace: bank"))
    roles = Permissions(roles=found.roles, bindings=elsewhere.bindings)
    assert not roles.allows(ALICE, asked("patch core/pods x"))


def test_aggregation() -> None:
    """Rules come from every ClusterRole picked, through several steps; own rules do not count."""
    found = rbac.loads("""
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: top}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: top}}]}
rules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: middle, labels: {to: top}}
aggregationRule:
  clusterRoleSelectors:
  - {matchExpressions: [{key: to, operator: In, values: [middle, top]}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: leaf, labels: {to: middle}}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: alice}
subjects: [{kind: User, name: alice}]
roleRef: {kind: ClusterRole, name: top}
""")
    assert found.allows(ALICE, asked("get core/pods"))
    assert not found.allows(ALICE, asked("get core/secrets"))
    (access,) = found.accesses(ALICE, asked("get core/pods"))
    assert str(access) == (
        "User alice may get pods in bank: ClusterRoleBinding alice -> ClusterRole top "
        "(from ClusterRole leaf), rule 1"
    )


def test_without_a_binding() -> None:
    """What a binding granted is gone with it."""
    found = permissions(ALL)
    assert not found.without("bank/some").allows(ALICE, asked("get core/pods"))
    assert found.without("other").allows(ALICE, asked("get core/pods"))


def test_urls_grant_no_resource() -> None:
    """A rule about URLs that are no resources says nothing about resources."""
    role = CLUSTER % ("ClusterRoleBinding", "")
    found = rbac.loads(
        role.replace('{apiGroups: [""], resources: [namespaces, pods], verbs: [patch]}', URL)
    )
    assert not found.allows(ALICE, asked("patch core/pods x"))
