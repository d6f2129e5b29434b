"""Schema Registry's refusals: `type` ends in XDM-<code>-<status>.

Published codes stand in the Schema Registry troubleshooting guide. Where Adobe publishes no code for a refusal
(breaking change, deletion of a used schema, unknown `$ref`), the code here is 0000, so that no one comes to
rely on an invented number.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flowctl.emulator.errors import Refusal
from flowctl.emulator.identifiers import new_uuid
from flowctl.emulator.routing import Refusals
from flowctl.emulator.services.refusals import GENERIC

UNPUBLISHED = "0000"
_NOT_FOUND = {
    "classes": "1010",
    "mixins": "1011",
    "schemas": "1012",
    "datatypes": "1013",
    "descriptors": "1014",
    "unions": "1015",
    "behaviors": "1016",
}


def xdm_error(code: str, title: str, detail: str, status: int = 400) -> Refusal:
    """Return a refusal in the registry's shape."""
    body = {
        "type": f"http://ns.adobe.com/aep/errors/XDM-{code}-{status}",
        "title": title,
        "status": status,
        "report": {
            "registryRequestId": new_uuid(),
            "timestamp": datetime.now(UTC).strftime("%m-%d-%Y %H:%M:%S"),
            "detailed-message": detail,
            "sub-errors": [],
        },
        "detail": detail,
    }
    return Refusal(status, body)


def invalid(detail: str) -> Refusal:
    """Return a 400 for which no code is published."""
    return xdm_error(UNPUBLISHED, "Invalid resource", detail)


def not_found(resource_type: str, id_: str) -> Refusal:
    """Return the 404 of a resource type; each type has its own code."""
    detail = f"The requested resource {id_} is not found in {resource_type}."
    return xdm_error(_NOT_FOUND[resource_type], "Resource not found", detail, 404)


REFUSALS = Refusals(
    bad_json=invalid,
    no_sandbox=GENERIC.no_sandbox,
    unknown_sandbox=GENERIC.unknown_sandbox,
    not_permitted=lambda permission: xdm_error("2010", "Forbidden", f"The permission {permission} is missing.", 403),
)
