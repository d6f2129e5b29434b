"""The registry's calls that are not about one resource: export and import, sample data, the change log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flowctl.emulator.identifiers import new_uuid
from flowctl.emulator.json_text import dump, parse
from flowctl.emulator.message import Reply
from flowctl.emulator.services.schema_registry.compose import all_references
from flowctl.emulator.services.schema_registry.errors import not_found, xdm_error
from flowctl.emulator.services.schema_registry.identity import NAMESPACE, full_id
from flowctl.emulator.services.schema_registry.resources import full_view, load
from flowctl.emulator.services.schema_registry.stats import js_date
from flowctl.emulator.services.schema_registry.write import create_resource

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

# The export names no tenant, so that another organization can import it.
TENANT_PLACEHOLDER = "<XDM_TENANTID_PLACEHOLDER>"
_CHANGES = (("replace", "repo:lastModifiedDate", "lastModified"), ("add", "repo:createdDate", "created"))
_OF_ORGANIZATION = frozenset({"imsOrg", "refs", "meta:registryMetadata", "meta:containerId", "meta:tenantNamespace"})
IMPORT_ORDER = ("datatypes", "classes", "mixins", "schemas")
_SAMPLES = {"boolean": True, "integer": 1, "number": 1.5, "date": "2024-01-31", "date-time": "2024-01-31T12:00:00Z"}


def export(call: Call) -> Reply:
    """Return a resource with all resources of the tenant that it needs, as `POST /rpc/import` takes them."""
    prefix = f"{NAMESPACE}{call.caller.tenant}/"
    waiting, found = [_resource(call)], {}
    while waiting:
        resource = waiting.pop()
        found[resource["$id"]] = {name: member for name, member in resource.items() if name not in _OF_ORGANIZATION}
        for reference in all_references(resource):
            needed = load(call, reference) if reference.startswith(prefix) and reference not in found else None
            if needed is not None:
                waiting.append(needed)
    ordered = sorted(found.values(), key=lambda item: IMPORT_ORDER.index(item["meta:resourceType"]))
    text = dump(ordered).replace(f"_{call.caller.tenant}", f"_{TENANT_PLACEHOLDER}")
    return Reply(text=text.replace(f"{NAMESPACE}{call.caller.tenant}/", f"{NAMESPACE}{TENANT_PLACEHOLDER}/"))


def import_resources(call: Call) -> Reply:
    """Create the resources of an export under new IDs. Refuses (XDM-3005-400) what is not one."""
    text = call.incoming.body.decode("utf-8", "replace").replace(TENANT_PLACEHOLDER, call.caller.tenant)
    resources = parse(text.encode())
    resources = resources if isinstance(resources, list) else [resources]
    created: list[dict[str, Any]] = []
    replaced: dict[str, str] = {}
    for resource in resources:
        if not isinstance(resource, dict) or resource.get("meta:resourceType") not in IMPORT_ORDER:
            raise xdm_error("3005", "Import failed", "The body is an array of exported resources.")
        body = json.loads(_with_new_ids(dump(resource), replaced))
        made = create_resource(call, resource["meta:resourceType"], body, imported=True)
        replaced[str(resource.get("$id"))] = made["$id"]
        created.append(made)
    return Reply(body=created)


def sample_data(call: Call) -> Reply:
    """Return one record of a schema with made-up values; standard fields have their XDM names."""
    return Reply(body=_sample(full_view(call, _resource(call))))


def audit_log(call: Call) -> Reply:
    """Return what is known of a resource's changes: its creation and its last change."""
    resource = _resource(call)
    registry = resource.get("meta:registryMetadata", {})
    changed = registry.get("repo:lastModifiedDate", 0) != registry.get("repo:createdDate", 0)
    return Reply(body=[_change(call, resource, *each) for each in (_CHANGES if changed else _CHANGES[1:])])


def _change(call: Call, resource: dict[str, Any], action: str, moment: str, who: str) -> dict[str, Any]:
    registry = resource.get("meta:registryMetadata", {})
    update = {
        "id": resource["$id"],
        "xdmType": resource["meta:resourceType"],
        "action": action,
        "path": "/",
        "value": {key: resource[key] for key in ("title", "description", "type", "meta:xdmType") if key in resource},
    }
    when = registry.get(moment, 0)
    if call.platform.settings.follows_guides:
        changes: dict[str, Any] = {"auditTrails": [update], "updated": when}
    else:
        changes = {"updates": [update], "updatedTime": js_date(when), "requestId": new_uuid()}
    return {
        "id": resource["$id"],
        **changes,
        "updatedUser": registry.get(f"xdm:{who}UserId", ""),
        "imsOrg": call.caller.org,
        "clientId": registry.get(f"xdm:{who}ClientId", ""),
        "sandBoxId": call.caller.sandbox_id,
    }


def _resource(call: Call) -> dict[str, Any]:
    name = call.parameters["id"]
    resource = load(call, full_id(name))
    if resource is None:
        raise not_found("schemas", name)
    return resource


def _with_new_ids(text: str, replaced: dict[str, str]) -> str:
    for old, new in replaced.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    return text


def _sample(node: dict[str, Any]) -> Any:
    if isinstance(node.get("properties"), dict):
        return {child.get("meta:xdmField", name): _sample(child) for name, child in node["properties"].items()}
    if node.get("type") == "array":
        return [_sample(node.get("items") or {})]
    if node.get("type") == "object":
        return {}
    if isinstance(node.get("enum"), list) and node["enum"]:
        return node["enum"][0]
    return _SAMPLES.get(str(node.get("format")), _SAMPLES.get(str(node.get("type")), "Sample value"))
