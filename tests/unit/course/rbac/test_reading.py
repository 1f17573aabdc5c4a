"""RBAC manifests are read as strictly as network policies, and problems say where."""

from __future__ import annotations

import pytest

from netpol_sim.course import rbac
from netpol_sim.errors import ManifestError

ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: some, namespace: bank}
rules:
- apiGroups: [""]
  resources: [pods]
  verbs: [get]
"""
BINDING = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: some}
subjects:
- {kind: User, name: alice}
roleRef: {kind: ClusterRole, name: view}
"""

# text, old, new, what the message says
WRONG = [
    (ROLE, "verbs: [get]", "verbs: []", "<text>:7:3: Role bank/some: rules[0].verbs: Required"),
    (ROLE, "rules:\n", "rules:\n- 3\n", "rules[0]: Wrong type"),
    (ROLE, "resources: [pods]", "resource: [pods]", "rules[0].resource: Forbidden"),
    (ROLE, "verbs: [get]", "verbs: get", "rules[0].verbs"),
    (ROLE, 'apiGroups: [""]', "apiGroups: []", "rules[0].apiGroups: Required value"),
    (ROLE, "rbac.authorization.k8s.io/v1", "v1", "apiVersion: Unsupported value: `v1`"),
    (ROLE, "name: some, ", "", "metadata.name: Required value"),
    (ROLE, "  resources: [pods]", '  nonResourceURLs: ["/x"]', "rules[0].nonResourceURLs"),
    (BINDING, "kind: ClusterRole,", "kind: Role,", "roleRef.kind: Unsupported value: `Role`"),
    (BINDING, ", name: view", "", "roleRef.name: Required value"),
    (BINDING, "kind: User", "kind: Person", "subjects[0].kind: Unsupported value: `Person`"),
    (BINDING, "kind: User", "kind: ServiceAccount", "subjects[0].namespace: Required value"),
    (BINDING, "alice}", "alice, apiGroup: v1}", "subjects[0].apiGroup: Unsupported value: `v1`"),
    (BINDING, "ClusterRole,", "ClusterRole, apiGroup: x,", "roleRef.apiGroup: Unsupported value"),
]


@pytest.mark.parametrize(("text", "old", "new", "said"), WRONG)
def test_what_the_api_server_refuses(text: str, old: str, new: str, said: str) -> None:
    """Each problem names the object, the field and the place."""
    assert old in text
    broken = text.replace(old, new)
    with pytest.raises(ManifestError, match="<text>:") as raised:
        rbac.loads(broken)
    assert any(said in str(problem) for problem in raised.value.problems)


@pytest.mark.parametrize("text", ["\0", "a: [", "- 1", "3", "kind: Role", "kind: [1]"])
def test_whatever_is_given(text: str) -> None:
    """Anything is read or refused with problems, never with a traceback of ours."""
    try:
        found = rbac.loads(text)
    except ManifestError as error:
        assert error.problems  # noqa: PT017  either is right
    else:
        assert found == rbac.Permissions()


def test_other_kinds_are_left_out() -> None:
    """A file may hold anything else beside; a List is opened."""
    listed = f"apiVersion: v1\nkind: List\nitems:\n- {{apiVersion: v1, kind: Pod}}\n---\n{ROLE}"
    assert len(rbac.loads(listed).roles) == 1


def test_what_is_right() -> None:
    """The two texts above are right, so that each change to them is what is refused."""
    assert str(rbac.loads(f"{ROLE}---\n{BINDING}")) == "roles: 1, bindings: 1"
