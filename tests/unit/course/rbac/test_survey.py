"""The ways around network policies, asked of the manifests of lesson 11."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from netpol_sim.course import rbac
from netpol_sim.course.rbac.authorizer import Identity
from netpol_sim.course.rbac.survey import change_policies, read_secret, run_commands

FILES = Path(__file__).parents[4] / "lessons" / "rbac"
DEFAULT = (FILES / "default-roles.yaml").read_text("utf-8")

BOUND = """
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: alice, namespace: bank}
subjects: [{kind: User, name: alice}]
roleRef: {kind: ClusterRole, name: %s}
"""

ALL_WAYS = {
    "change network policies",
    "choose the labels of pods",
    "run commands in pods",
    "forward ports of pods",
    "act as a service account",
    "read the Secret pw",
}


@pytest.mark.parametrize(
    ("role", "ways"), [("view", set()), ("edit", ALL_WAYS), ("admin", ALL_WAYS)]
)
def test_default_roles(role: str, ways: set[str]) -> None:
    """``view`` has no way around, ``edit`` and ``admin`` have all but the labels of the namespace.

    Source: the policy data of the API server, ``bootstrappolicy/testdata/cluster-roles.yaml``.
    """
    found = rbac.loads(DEFAULT + BOUND % role)
    assert set(rbac.survey(found, "bank", secret="pw").open_ways) == ways  # noqa: S106  its name
    assert not rbac.survey(found, "shop").open_ways


def test_only_admin_hands_out_permissions() -> None:
    """``admin`` may write RoleBindings in its namespace, ``edit`` may not."""
    bind = rbac.Request(
        verb="create",
        resource="rolebindings",
        namespace="bank",
        api_group="rbac.authorization.k8s.io",
    )
    alice = Identity.user("alice")
    granted = {
        role: rbac.loads(DEFAULT + BOUND % role).allows(alice, bind)
        for role in ("view", "edit", "admin")
    }
    assert granted == {"view": False, "edit": False, "admin": True}


def test_today(golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """The survey as it is shown, word for word."""
    monkeypatch.chdir(FILES)
    found = rbac.load("default-roles.yaml", "today.yaml")
    shown = rbac.survey(found, "bank", secret="ledger-password")  # noqa: S106  as above
    golden(f"{shown!r}\n", "rbac/today.txt")
    assert shown._repr_html_().count("<tr>") == 8


def test_limits_to_a_name_are_found() -> None:
    """A rule for one pod is a way to run commands, a rule for another Secret none to this one."""
    found = rbac.loads(
        """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: narrow, namespace: bank}
rules:
- {apiGroups: [""], resources: [pods/exec], resourceNames: [batch], verbs: [create]}
- {apiGroups: [""], resources: [secrets], resourceNames: [other], verbs: [get]}
- {apiGroups: [networking.k8s.io], resources: [networkpolicies], verbs: [get, list]}
"""
        + (BOUND % "narrow").replace("ClusterRole", "Role")
    )
    assert found.who_can(*run_commands("bank"))
    assert found.who_can(*read_secret("bank", "other"))
    assert not found.who_can(*read_secret("bank", "pw"))
    assert not found.who_can(*change_policies("bank"))
