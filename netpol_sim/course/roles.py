"""Judge an answer that is RBAC manifests: what each listed request comes to."""

from __future__ import annotations

from netpol_sim.course.forms import Result, RowResult
from netpol_sim.course.rbac import asking
from netpol_sim.course.rbac.authorizer import Permissions
from netpol_sim.course.rbac.reading import loads
from netpol_sim.course.task import Task
from netpol_sim.errors import ManifestError, Problem, ProblemKind

GRANTED, REFUSED = "granted", "refused"
_NO_RULE = "No rule of a role that is bound to them grants it."


def judge(task: Task, text: str) -> Result:
    """One row for each request that the task lists, with the rule that grants it."""
    file = f"{task.id}.yaml"
    try:
        own = loads(text, file=file)
    except ManifestError as error:
        return (), error.problems
    if not (own.roles or own.bindings):
        message = "this answer holds no role and no binding"
        return (), (Problem(kind=ProblemKind.REQUIRED, field="", message=message, file=file),)
    given = loads(task.given, file="given") if task.given else Permissions()
    permissions = Permissions(
        roles=(*given.roles, *own.roles), bindings=(*given.bindings, *own.bindings)
    )
    wanted = [(each, GRANTED) for each in task.may] + [(each, REFUSED) for each in task.may_not]
    return tuple(_row(permissions, request, expected) for request, expected in wanted), ()


def _row(permissions: Permissions, text: str, expected: str) -> RowResult:
    found = permissions.accesses(*asking.parse(text))
    return RowResult(
        label=text,
        given=GRANTED if found else REFUSED,
        expected=expected,
        because=f"{found[0]}." if found else _NO_RULE,
    )
