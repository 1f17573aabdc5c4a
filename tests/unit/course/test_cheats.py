"""What looks like a way around the work, and is none."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from netpol_sim.course.catalog import Catalog, read_catalog
from netpol_sim.course.grade import Outcome, grade
from netpol_sim.course.task import Task
from netpol_sim.model import Pod

CATALOG = read_catalog()
BACKEND = CATALOG.task("shop-backend")

BY_ADDRESS = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: backend, namespace: ecommerce}
spec:
  podSelector: {matchLabels: {app: backend}}
  ingress:
  - from: [{ipBlock: {cidr: %s/32}}]
    ports: [{port: 8080}]
"""
REPLACED = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: lock-down, namespace: bank}
spec: {podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}]}
"""


def frontend() -> Pod:
    """The one pod that is to get through."""
    return CATALOG.world(BACKEND).pod("ecommerce/frontend")


def test_the_address_of_the_pod_is_no_answer() -> None:
    """Naming today's address lets nobody through tomorrow; a pod made up on the spot shows it."""
    result = grade(CATALOG, BACKEND, BY_ADDRESS % frontend().ips[0])
    assert result.outcome is Outcome.NOT_YET
    assert result.relation is not None
    assert not result.relation.equal


def test_listing_the_names_of_pods_is_no_answer() -> None:
    """Labels that pods do not have, such as their names, are no way to pick them."""
    text = BACKEND.references[0].text.replace("app: frontend", "name: frontend")
    assert grade(CATALOG, BACKEND, text).outcome is Outcome.NOT_YET


@pytest.mark.parametrize("task_id", ["bank-money-path", "bank-metrics", "bank-batch"])
def test_a_given_policy_cannot_be_replaced(task_id: str) -> None:
    """A policy with the name of a given one is refused, with the line where it stands."""
    task = CATALOG.task(task_id)
    name = CATALOG.world(task).policies[0]
    text = REPLACED.replace("lock-down", name.name).replace(
        "namespace: bank", f"namespace: {name.namespace}"
    )
    result = grade(CATALOG, task, text)
    assert result.outcome is Outcome.NOT_YET
    assert result.problems[0].line == 1
    assert "given and stays as it is" in result.problems[0].message


@pytest.mark.parametrize("kind", ["Pod", "Namespace", "Service"])
def test_an_answer_changes_no_pod(kind: str) -> None:
    """Only the policies of an answer count; objects that would change the world do not."""
    extra = (
        f"\n---\napiVersion: v1\nkind: {kind}\nmetadata: {{name: frontend, namespace: ecommerce}}\n"
    )
    wrong = BACKEND.references[0].text.replace("app: frontend", "app: other")
    if kind == "Namespace":
        extra = extra.replace(", namespace: ecommerce", "")
    assert grade(CATALOG, BACKEND, wrong + extra).outcome is Outcome.NOT_YET


class Anything:
    """Equal to everything, true, and done."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __str__(self) -> str:
        return "done"


def _always_done(catalog: Catalog, task: Task, text: str | None) -> object:
    return replace(grade(catalog, task, text), outcome=Outcome.DONE)


@pytest.mark.parametrize(
    ("name", "value"),
    [("grade.grade", _always_done), ("grade.Outcome.NOT_YET", Anything()), ("attempt.grade", None)],
    ids=["a grader that says done", "an object equal to everything", "no grader"],
)
def test_a_grader_patched_in_a_kernel_patches_no_command(
    name: str, value: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`netpol grade` is a process of its own: it reads the answer file and nothing else.

    Neither what a kernel has patched, nor a diary that claims success, gets past it.
    """
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "shop-backend.yaml").write_text(BY_ADDRESS % "10.0.0.1")
    (tmp_path / "progress.txt").write_text("2026-11-23T10:00:00Z graded shop-backend done\n")
    if "Outcome" in name:
        monkeypatch.setattr("netpol_sim.course.grade.Outcome._member_map_", {"NOT_YET": value})
    else:
        monkeypatch.setattr(f"netpol_sim.course.{name}", value)
    command = [sys.executable, "-m", "netpol_sim", "grade", "shop-backend"]
    ran = subprocess.run(
        [*command, "--workspace", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "✗ shop-backend: not yet" in ran.stdout


def test_an_answer_is_text_and_nothing_else() -> None:
    """What is given to the grader is read as YAML; tags that would make objects are refused."""
    for text in ("!!python/object/apply:os.system [exit 3]\n", "!!python/name:builtins.True\n"):
        result = grade(CATALOG, BACKEND, text)
        assert result.outcome is Outcome.NOT_YET
        assert result.problems
