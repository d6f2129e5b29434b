"""What the service checks about a base connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.services.flow_service.errors import connector_error, service_error
from flowctl.emulator.services.flow_service.spec_references import connection_spec

if TYPE_CHECKING:
    from flowctl.emulator.message import Call


def check(call: Call, body: dict[str, Any], *, draft: bool) -> None:
    """Refuse what the service refuses: an unknown spec (FLOW-1413-400), no spec version (422), a wrong
    authentication (FLOW-1415-400), a missing parameter (CONNECTOR-1393-400).
    """
    spec = connection_spec(call, body)
    check_name(body)
    check_draft_mode(call, spec, draft=draft)
    if draft and "auth" not in body:
        return
    check_auth(call, spec, body.get("auth"))


def check_draft_mode(call: Call, spec: dict[str, Any], *, draft: bool) -> None:
    """Refuse a draft where the spec does not support drafts (CONNECTOR-1368-400)."""
    if not draft or call.platform.settings.drafts == "all":
        return
    if spec.get("attributes", {}).get("isDraftModeSupported") is not True:
        raise connector_error("1368", f"The mode draft is not supported by {spec['name']}.")


def check_name(body: dict[str, Any]) -> None:
    """Refuse an object without a name (CONNECTOR-1393-400)."""
    if not isinstance(body.get("name"), str) or not body["name"]:
        raise connector_error("1393", "The value of the parameter name must not be null or empty.")


def check_auth(call: Call, spec: dict[str, Any], auth: object) -> None:
    """Refuse an authentication that the spec does not describe (FLOW-1415-400) or an incomplete one."""
    auth_specs = {item["name"]: item for item in spec.get("authSpec", [])}
    if not auth_specs:
        return
    name = auth.get("specName") if isinstance(auth, dict) else None
    if not isinstance(auth, dict) or not isinstance(name, str) or name not in auth_specs:
        known = ", ".join(auth_specs)
        raise service_error("1415", f"The auth spec {name} is not valid for {spec['name']}; valid: {known}.")
    params = auth.get("params")
    if not isinstance(params, dict):
        raise connector_error("1393", "The value of the parameter auth.params must not be null.")
    described = auth_specs[name].get("spec", {}).get("properties", {})
    unknown = sorted(params.keys() - described.keys())
    if unknown and described and call.platform.settings.authParams == "described":
        raise connector_error("1393", f"The parameter {unknown[0]} is not one of {name}.")
    for parameter, value in params.items():
        schema = described.get(parameter, {})
        takes_object = "object" in schema.get("type", ()) and isinstance(value, dict)
        if schema.get("format") == "password" and not isinstance(value, str | None) and not takes_object:
            raise connector_error("1393", f"The value of the parameter {parameter} must be a string.")
    for required in auth_specs[name].get("spec", {}).get("required", []):
        if params.get(required) in (None, ""):
            raise connector_error("1393", f"The value of the parameter {required} must not be null or empty.")
