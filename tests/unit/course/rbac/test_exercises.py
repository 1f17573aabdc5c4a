"""The tasks about permissions: what their stories show is what their answers say."""

from __future__ import annotations

import pytest

from netpol_sim.course import feedback
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.grade import Outcome, grade
from netpol_sim.course.rbac import asking, loads
from netpol_sim.course.rbac.authorizer import Permissions
from netpol_sim.errors import ConnectionTextError

CATALOG = read_catalog()
BOUND = {
    "platform": "{kind: Group, name: platform}",
    "api": "{kind: ServiceAccount, name: api, namespace: bank}",
    "developers": "{kind: Group, name: developers}",
    "helpers": "{kind: Group, name: 'system:serviceaccounts:ci'}",
}
POLICIES = "networkpolicies.networking.k8s.io"
SECRET = "secrets ledger-password"  # noqa: S105  the name of one
# statement -> a request, whether it is granted, whether the statement is right
STATEMENTS = {
    "platform": (f"Group platform: delete {POLICIES} in bank", True, True),
    "everywhere": (f"Group platform: delete {POLICIES} in ecommerce", False, False),
    "developers-secret": (f"Group developers: list {SECRET} in bank", True, False),
    "developers-exec": ("Group developers: get pods/exec in bank", True, True),
    "developers-label": ("Group developers: patch pods in bank", True, True),
    "helpers": (f"ServiceAccount ci/runner: update {POLICIES} in bank", False, False),
}


def roles_of_the_story() -> Permissions:
    """The roles that the review shows, made whole: each in ``bank``, bound as its remark says."""
    story = CATALOG.task("layers-roles").story
    shown = story.split("```yaml\n")[1].split("```")[0]
    texts = []
    for role in shown.split("---\n"):
        name = role.partition("bank/")[2].partition(",")[0]
        head = f"metadata: {{name: {name}, namespace: bank}}"
        version = "apiVersion: rbac.authorization.k8s.io/v1"
        texts.append(f"{version}\n{head}\n{role}")
        texts.append(
            f"{version}\nkind: RoleBinding\n{head}\nsubjects: [{BOUND[name]}]\n"
            f"roleRef: {{kind: Role, name: {name}}}\n"
        )
    return loads("---\n".join(texts))


@pytest.mark.parametrize("statement", STATEMENTS)
def test_statements_about_roles(statement: str) -> None:
    """What the review says of a role is what the role grants."""
    request, granted, right = STATEMENTS[statement]
    assert roles_of_the_story().allows(*asking.parse(request)) is granted
    option = next(o for o in CATALOG.task("layers-roles").options if o.id == statement)
    assert option.right is right


def test_the_one_secret() -> None:
    """The API's service account reads its own Secret and no other."""
    found = roles_of_the_story()
    account = "ServiceAccount bank/api: get secrets"
    assert found.allows(*asking.parse(f"{account} ledger-password in bank"))
    assert not found.allows(*asking.parse(f"{account} other in bank"))


def test_feedback_names_the_rule_that_grants_too_much() -> None:
    """A wrong role is told with the request, what it is, and the rule."""
    task = CATALOG.task("layers-permissions")
    right = task.references[0].text
    result = grade(CATALOG, task, right.replace("  resourceNames: [ledger-password]\n", ""))
    assert result.outcome is Outcome.NOT_YET
    request = "get secrets admin-password in bank"
    assert feedback.text(result).splitlines()[1:] == [
        "18 of 19 are right.",
        f"  ServiceAccount bank/api: {request}: it is granted, and must be refused.",
        f"    ServiceAccount bank/api may {request}: RoleBinding bank/api -> Role api, rule 1.",
    ]


def test_what_is_no_role_is_told() -> None:
    """An answer without roles, or that does not load, is not yet, and says why."""
    task = CATALOG.task("layers-permissions")
    for text, said in (("kind: Pod\napiVersion: v1\n", "no role"), ("kind: Role\n", "apiVersion")):
        result = grade(CATALOG, task, text)
        assert result.outcome is Outcome.NOT_YET
        assert said in feedback.text(result)


@pytest.mark.parametrize("text", ["alice: get pods", "User a get pods in b", "User a: pods in b"])
def test_requests_in_words(text: str) -> None:
    """What is no request is refused with the form of one."""
    with pytest.raises(ConnectionTextError, match="WHO: VERB RESOURCE"):
        asking.parse(text)
