"""The refusals of services that publish no error shape of their own: the generic problem body."""

from __future__ import annotations

from flowctl.emulator.errors import Refusal, problem
from flowctl.emulator.routing import Refusals


def bad_request(detail: str) -> Refusal:
    """Return a 400 with the generic problem body."""
    return problem(400, "BadRequestError", detail)


def not_found(detail: str) -> Refusal:
    """Return a 404 with the generic problem body."""
    return problem(404, "NotFoundError", detail)


GENERIC = Refusals(
    bad_json=bad_request,
    no_sandbox=lambda: bad_request("The header x-sandbox-name is missing."),
    unknown_sandbox=lambda name: not_found(f"There is no sandbox {name} in this organization."),
    not_permitted=lambda permission: problem(403, "ForbiddenError", f"The permission {permission} is missing."),
)
