"""Read RBAC manifests: Role, ClusterRole, RoleBinding, ClusterRoleBinding.  Others are left out."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from typing import Any, Final

from netpol_sim.course.rbac.authorizer import Permissions
from netpol_sim.course.rbac.model import (
    API_GROUP,
    Binding,
    PolicyRule,
    Role,
    Subject,
    SubjectKind,
)
from netpol_sim.errors import ManifestError, Problem, ProblemKind
from netpol_sim.labels import Labels, LabelSelector, Requirement
from netpol_sim.manifest.documents import Written, objects
from netpol_sim.manifest.kinds import habits_of
from netpol_sim.manifest.report import Report
from netpol_sim.manifest.schema import METADATA, SELECTOR, TEXTS
from netpol_sim.manifest.shape import DROPPED, TEXT, ListOf, Shape, Struct
from netpol_sim.manifest.sources import Source, from_text, sources

_Fields = dict[str, Any]

_HEAD: Final[dict[str, Shape]] = {"apiVersion": TEXT, "kind": TEXT, "metadata": METADATA}
_RULE: Final = Struct(
    {
        "verbs": TEXTS,
        "apiGroups": TEXTS,
        "resources": TEXTS,
        "resourceNames": TEXTS,
        "nonResourceURLs": TEXTS,
    },
    strict=True,
)
_AGGREGATION: Final = Struct({"clusterRoleSelectors": ListOf(SELECTOR)}, strict=True)
_SUBJECT: Final = Struct(
    {"kind": TEXT, "name": TEXT, "namespace": TEXT, "apiGroup": TEXT}, strict=True
)
_ROLE_REF: Final = Struct({"apiGroup": TEXT, "kind": TEXT, "name": TEXT}, strict=True)
_RULES: Final = ListOf(_RULE)
_ROLE: Final = Struct({**_HEAD, "rules": _RULES}, strict=True)
_CLUSTER_ROLE: Final = Struct(
    {**_HEAD, "rules": _RULES, "aggregationRule": _AGGREGATION}, strict=True
)
_BINDING: Final = Struct({**_HEAD, "subjects": ListOf(_SUBJECT), "roleRef": _ROLE_REF}, strict=True)
_SHAPES: Final = {
    "Role": _ROLE,
    "ClusterRole": _CLUSTER_ROLE,
    "RoleBinding": _BINDING,
    "ClusterRoleBinding": _BINDING,
}
_VERSION: Final = f"{API_GROUP}/v1"


def load(*paths: str | PathLike[str]) -> Permissions:
    """The roles and bindings in files and folders of manifests.

    Raises:
        ManifestError: With every problem of every file.
    """
    problems: list[Problem] = []
    return _permissions(sources(paths, problems), problems)


def loads(text: str, file: str = "<text>") -> Permissions:
    """The same from a text.

    Raises:
        ManifestError: With every problem.
    """
    problems: list[Problem] = []
    return _permissions(from_text(text, file, problems), problems)


def _permissions(found: Iterable[Source], problems: list[Problem]) -> Permissions:
    roles: list[Role] = []
    bindings: list[Binding] = []
    for source in found:
        for written in objects(source, problems):
            shape = _SHAPES.get(str(written.kind))
            if shape is None:
                continue
            report = Report(written, habits_of(None))
            made = _made(written, shape, report)
            problems += report.problems
            if isinstance(made, Role):
                roles.append(made)
            elif made is not None:
                bindings.append(made)
    if problems:
        raise ManifestError(problems)
    return Permissions(roles=tuple(roles), bindings=tuple(bindings))


def _made(written: Written, shape: Struct, report: Report) -> Role | Binding | None:
    if written.api_version != _VERSION:
        report.refuse(
            ProblemKind.NOT_SUPPORTED,
            "apiVersion",
            f"supported for {written.kind} is {_VERSION}",
            value=str(written.api_version),
            help_text=f"write `apiVersion: {_VERSION}`",
        )
    fitted = shape.fit(written.fields, "", report)
    fields: _Fields = {} if fitted is DROPPED else fitted
    metadata = fields.get("metadata") or {}
    if not metadata.get("name"):
        report.refuse_missing("metadata.name", "a name is required")
    namespace = ""
    if not str(written.kind).startswith("Cluster"):
        namespace = metadata.get("namespace") or "default"
    if shape is _BINDING:
        return _binding(fields, metadata, namespace, written, report)
    return _role(fields, metadata, namespace, written, report)


def _role(
    fields: _Fields, metadata: _Fields, namespace: str, written: Written, report: Report
) -> Role | None:
    rules = []
    for index, item in enumerate(fields.get("rules") or ()):
        rule = report.attempt(PolicyRule, f"rules[{index}]", **_rule(item or {}))
        rules.append(rule)
        if rule is not None and rule.non_resource_urls and namespace:
            path = f"rules[{index}].nonResourceURLs"
            message = "namespaced rules cannot apply to non-resource URLs"
            report.refuse(ProblemKind.INVALID, path, message)
    selectors = (fields.get("aggregationRule") or {}).get("clusterRoleSelectors") or ()
    aggregates = [
        _selector(item or {}, f"aggregationRule.clusterRoleSelectors[{index}]", report)
        for index, item in enumerate(selectors)
    ]
    labels = report.attempt(Labels, "metadata.labels", items=metadata.get("labels") or {})
    if report.problems:
        return None
    return Role(
        name=metadata["name"],
        namespace=namespace,
        rules=tuple(rule for rule in rules if rule is not None),
        labels=labels or Labels(),
        aggregates=tuple(each for each in aggregates if each is not None),
        origin=written.origin,
    )


def _rule(item: _Fields) -> dict[str, tuple[str, ...]]:
    return {
        "verbs": tuple(item.get("verbs") or ()),
        "api_groups": tuple(item.get("apiGroups") or ()),
        "resources": tuple(item.get("resources") or ()),
        "resource_names": tuple(item.get("resourceNames") or ()),
        "non_resource_urls": tuple(item.get("nonResourceURLs") or ()),
    }


def _selector(item: _Fields, path: str, report: Report) -> LabelSelector | None:
    expressions = [
        report.attempt(
            Requirement,
            f"{path}.matchExpressions[{index}]",
            key=each.get("key") or "",
            operator=each.get("operator") or "",
            values=tuple(each.get("values") or ()),
        )
        for index, each in enumerate(item.get("matchExpressions") or ())
    ]
    if None in expressions:
        return None
    return report.attempt(
        LabelSelector,
        path,
        match_labels=item.get("matchLabels") or {},
        match_expressions=tuple(expressions),
    )


def _binding(
    fields: _Fields, metadata: _Fields, namespace: str, written: Written, report: Report
) -> Binding | None:
    subjects = []
    for index, item in enumerate(fields.get("subjects") or ()):
        given = item or {}
        subjects.append(
            report.attempt(
                Subject,
                f"subjects[{index}]",
                kind=given.get("kind") or "",
                name=given.get("name") or "",
                namespace=_namespace_of(given),
            )
        )
        _check_group(given, f"subjects[{index}].apiGroup", report)
    reference = fields.get("roleRef") or {}
    _check_group(reference, "roleRef.apiGroup", report)
    made = report.attempt(
        Binding,
        "",
        name=metadata.get("name") or "",
        namespace=namespace,
        role_kind=reference.get("kind") or "",
        role_name=reference.get("name") or "",
        subjects=tuple(each for each in subjects if each is not None),
        origin=written.origin,
    )
    return None if report.problems else made


def _namespace_of(subject: _Fields) -> str:
    own = subject.get("kind") == SubjectKind.SERVICE_ACCOUNT
    return (subject.get("namespace") or "") if own else ""


def _check_group(item: _Fields, path: str, report: Report) -> None:
    """Left out, the API server fills the group in; a service account is in the core group."""
    is_account = item.get("kind") == SubjectKind.SERVICE_ACCOUNT
    wanted = "" if is_account else API_GROUP
    found = item.get("apiGroup") or wanted
    if found != wanted:
        message = f"supported is {wanted or 'nothing: a ServiceAccount is in the core group'}"
        report.refuse(ProblemKind.NOT_SUPPORTED, path, message, value=found)
