"""Manifests that lost their indentation on the way from a web page."""

from __future__ import annotations

import pytest

from netpol_sim.errors import ProblemKind
from netpol_sim.manifest import loads
from netpol_sim.manifest.flattened import unflatten
from tests.builders import INGRESS, labelled, pods, policy, rule
from tests.flattened import FINANCE, SHOP
from tests.unit.manifest.reading import problems

RESTORED = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db-policy
  namespace: finance
spec:
  podSelector:
    matchLabels:
      app: database
  policyTypes:
    - Ingress
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: backend
"""
RICH = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: rich  # every field there is
  labels:
    name: labelled
    team: a
spec:
  podSelector:
    matchExpressions:
      - key: tier
        operator: In
        values:
          - web
          - "api"
      - key: canary
        operator: DoesNotExist
  # both ways
  policyTypes:
    - Ingress
    - Egress
  ingress:
    - from:
        - ipBlock:
            cidr: 172.17.0.0/16
            except:
              - 172.17.1.0/24
        - namespaceSelector:
            matchLabels:
              project: a
          podSelector: {}
      ports:
        - protocol: TCP
          port: 6379
        - port: 8000
          endPort: 8080

    - ports:
        - port: http
  egress:
    - to:
        - podSelector:
            matchLabels: {app: db}
    - to: []
"""


def flat(text: str) -> str:
    """The text without its indentation."""
    return "".join(line.lstrip(" ") for line in text.splitlines(keepends=True))


@pytest.mark.parametrize("text", [SHOP, FINANCE])
def test_the_two_policies_that_everybody_copies(text: str) -> None:
    """One problem says that the indentation is lost and offers the text with it."""
    (problem,) = problems(text)
    assert problem.kind is ProblemKind.MALFORMED
    assert (problem.line, problem.column) == (4, 1)
    assert problem.message == (
        "the indentation is lost: lines 1 to 16 all begin at the same column, so `name` stands "
        "beside `metadata` instead of inside it"
    )
    restored = problem.help.removeprefix("this was probably meant:\n")
    assert len(loads(restored).policies) == 1


def test_what_was_probably_meant() -> None:
    """The restored policies are what their explanations say."""
    assert unflatten(FINANCE) == RESTORED
    assert loads(unflatten(FINANCE) or "").policies == (
        policy(
            "finance/db-policy",
            select=labelled(app="database"),
            types=[INGRESS],
            ingress=[rule(pods(app="backend"))],
        ),
    )
    assert loads(unflatten(SHOP) or "").policies[0].key == "ecommerce/allow-frontend-to-backend"


def test_every_field_finds_its_place() -> None:
    """Lists, lists in lists, expressions, ports, comments and gaps come back as they were."""
    restored = unflatten(flat(RICH))
    assert restored is not None
    assert loads(restored) == loads(RICH)
    assert restored == RICH.replace("  # both ways", "# both ways")


@pytest.mark.parametrize("glue", ["---\n", "", "\n"])
def test_two_policies_at_once(glue: str) -> None:
    """Policies that follow each other are restored one by one, even where `---` is lost too."""
    restored = unflatten(SHOP + glue + FINANCE)
    assert restored is not None
    assert restored.count("---") == 1
    assert [found.name for found in loads(restored).policies] == [
        "allow-frontend-to-backend",
        "db-policy",
    ]
    assert {problem.kind for problem in problems(SHOP + glue + FINANCE)} == {ProblemKind.MALFORMED}


CHANGED = {
    "Windows line ends": FINANCE.replace("\n", "\r\n"),
    "a common indentation": "".join(f"  {line}\n" for line in FINANCE.splitlines()),
    "a comment on a line": FINANCE.replace("spec:", "spec:  # what it does"),
    "comments and gaps": f"# copied\n\n{FINANCE}",
}


@pytest.mark.parametrize("name", CHANGED)
def test_other_ways_to_lose_it(name: str) -> None:
    """Line ends, a common indentation and comments do not matter."""
    (problem,) = problems(CHANGED[name])
    assert "the indentation is lost" in problem.message
    assert unflatten(CHANGED[name]) is not None


@pytest.mark.parametrize(
    "text",
    [
        RESTORED,
        "hello\n",
        FINANCE.replace("- from:\n- podSelector:", "from:\npodSelector:"),
        FINANCE + "surprise:\n",
        FINANCE.replace("app: backend", "just text"),
        "",
    ],
)
def test_what_cannot_be_told(text: str) -> None:
    """Where the nesting cannot be told there is no guess."""
    assert unflatten(text) is None


def test_other_kinds() -> None:
    """Other kinds are recognised, though not restored."""
    (problem,) = problems("apiVersion: v1\nkind: Pod\nmetadata:\nname: a\nspec:\nnodeName: n1\n")
    assert "`name` stands beside `metadata`" in problem.message
    assert problem.help == "indent by two spaces whatever belongs inside the line above it"


def test_only_a_part_is_out_of_place() -> None:
    """When only some lines are out of place, each is reported by itself."""
    found = problems(RESTORED.replace("  name:", "name:").replace("  namespace:", "namespace:"))
    assert [problem.field for problem in found] == ["name", "namespace"]
    assert found[0].help.startswith("`name` belongs in `metadata`")
