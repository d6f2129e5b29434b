"""Flow Service's refusals: codes of the service itself (FLOW-) and of its connectors (CONNECTOR-).

Codes: Adobe docs, errors/flow-service-errors.md and errors/sources-errors.md. The two tables reuse numbers;
the CONNECTOR prefix, seen in flow runs, keeps them apart here.
"""

from __future__ import annotations

from flowctl.emulator.errors import Refusal
from flowctl.emulator.identifiers import new_uuid
from flowctl.emulator.routing import Refusals

_TITLES = {
    "1403": "Header is missing",
    "1404": "Version not matching",
    "1439": "Resource not found",
}


def service_error(code: str, message: str, *, status: int = 400, **report: object) -> Refusal:
    """Return a refusal of Flow Service itself: `type` is FLOW-<code>-<status>."""
    return _error("FLOW", code, status, message, _TITLES.get(code, "Invalid request"), report)


def connector_error(code: str, message: str, *, status: int = 400, **report: object) -> Refusal:
    """Return a refusal made by the connector of a source: `type` is CONNECTOR-<code>-<status>."""
    return _error("CONNECTOR", code, status, message, "Bad Request", report)


def _error(prefix: str, code: str, status: int, message: str, title: str, report: dict[str, object]) -> Refusal:
    body = {
        "type": f"https://ns.adobe.com/aep/errors/{prefix}-{code}-{status}",
        "title": title,
        "status": status,
        "report": {"detailed-message": message, **report, "request-id": new_uuid()},
        "errorMessage": message,
        "errorDetails": message,
    }
    return Refusal(status, body)


def not_found(collection: str, id_: str) -> Refusal:
    """Return the 404 for an id in the path."""
    message = f"The requested {collection} resource {id_} is not found. Verify the resource ID before trying again."
    return service_error("1439", message, status=404, id=id_, type=collection)


def missing_reference(collection: str, id_: object) -> Refusal:
    """Return the 400 for an id in a body that names nothing."""
    message = f"The requested {collection} resource {id_} is not found. Verify the resource ID before trying again."
    return service_error("1439", message, id=id_, type=collection)


def missing_version(field: str) -> Refusal:
    """Return the 422 for a spec without version, in the older short form (Destinations view of the API)."""
    message = f"{field} 'version' is required for spec info"
    return Refusal(422, {"errorMessage": message, "errorDetails": message})


REFUSALS = Refusals(
    bad_json=lambda detail: service_error("1405", detail),
    no_sandbox=lambda: service_error("2105", "The header x-sandbox-name is missing."),
    unknown_sandbox=lambda name: service_error("2100", f"The sandbox {name} is not found.", status=404),
    not_permitted=lambda permission: service_error("2118", f"The permission {permission} is missing.", status=403),
)
