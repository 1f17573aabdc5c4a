"""A request in words: ``Group developers: patch pods in bank``.

The form is ``WHO: VERB RESOURCE[.GROUP] [NAME] in NAMESPACE``.  WHO is ``User NAME``,
``Group NAME`` or ``ServiceAccount NAMESPACE/NAME``; GROUP is an API group such as
``networking.k8s.io``.  Without a NAME, some object will do, whichever.
"""

from __future__ import annotations

import re

from netpol_sim.course.rbac.authorizer import ANY_NAME, Identity, Request
from netpol_sim.course.rbac.model import SubjectKind
from netpol_sim.errors import ConnectionTextError

_FORM = re.compile(
    r"(?P<kind>User|Group|ServiceAccount) (?P<who>\S+): "
    r"(?P<verb>\w+) (?P<resource>[\w/]+)(?:\.(?P<group>[\w.]+))?(?: (?P<name>\S+))? "
    r"in (?P<where>\S+)"
)
_WITHOUT_NAME = ("create", "deletecollection")


def parse(text: str) -> tuple[Identity, Request]:
    """Take a request in words apart.

    Raises:
        ConnectionTextError: The text does not have the form above.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        form = "`WHO: VERB RESOURCE[.GROUP] [NAME] in NAMESPACE`"
        raise ConnectionTextError(f"`{text}` is no request; write {form}")
    whole = found["verb"] in _WITHOUT_NAME and "/" not in found["resource"]
    request = Request(
        verb=found["verb"],
        resource=found["resource"],
        api_group=found["group"] or "",
        namespace=found["where"],
        name=found["name"] or ("" if whole else ANY_NAME),
    )
    return _identity(SubjectKind(found["kind"]), found["who"]), request


def _identity(kind: SubjectKind, name: str) -> Identity:
    match kind:
        case SubjectKind.USER:
            return Identity.user(name)
        case SubjectKind.GROUP:
            return Identity.user("", name)
        case SubjectKind.SERVICE_ACCOUNT:
            return Identity.service_account(name)
