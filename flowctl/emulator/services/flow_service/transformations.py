"""What the service checks about the transformations of a flow: Copy, Mapping and those that its spec names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.services.connectors import KEY
from flowctl.emulator.services.data_prep.validation import first_failure
from flowctl.emulator.services.flow_service.errors import connector_error, service_error
from flowctl.emulator.services.flow_service.schedule import as_integer

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

# The tutorials use it with cloud storage although the published flow spec does not list it.
EXTRA_NAMES = frozenset({"Encryption"})


def check_transformations(call: Call, flow: dict[str, Any], spec: dict[str, Any], target: dict[str, Any]) -> None:
    """Refuse unknown transformations (CONNECTOR-1312-400), Copy without a delta column (1367), a mapping that is
    needed and missing (1370), an unknown mapping set or, if the setting says so, one with a mapping that validation
    fails (FLOW-1419), an unknown version (FLOW-1412), and a mapping set for another schema than the target's
    (FLOW-1425).
    """
    entries = flow.get("transformations")
    if entries is None:
        entries = []
    if not isinstance(entries, list):
        raise connector_error("1312", "The transformations must be an array.")
    specs = transformation_specs(spec)
    seen = set()
    for entry in entries:
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str) or (name not in specs and name not in EXTRA_NAMES):
            raise connector_error("1312", f"The transformation {name} is not one of {spec['name']}.")
        params = entry.get("params")
        if not isinstance(params, dict):
            raise connector_error("1312", f"The transformation {name} has no params.")
        seen.add(name)
        if name == "Copy":
            _check_copy(params)
        elif name == "Mapping":
            _check_mapping(call, params, target)
        elif name == "Encryption":
            _check_encryption(call, params)
    mapping = specs.get("Mapping", {})
    if "Mapping" not in seen and "mapping" in str(mapping.get("required", [])).lower():
        raise connector_error("1370", "The flow needs a Mapping transformation.")


def transformation_specs(spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the schemas of the transformations of a flow spec by name; both spellings of the member occur."""
    entries = spec.get("transformationSpec") or spec.get("transformationSpecs") or []
    if isinstance(entries, dict):
        entries = [entries]
    return {entry["name"]: entry.get("spec", {}) for entry in entries}


def _check_copy(params: dict[str, Any]) -> None:
    column = params.get("deltaColumn")
    name = column.get("name") if isinstance(column, dict) else column  # older tutorials send the name alone
    if not isinstance(name, str) or not name:
        raise connector_error("1367", "The transformation Copy needs a deltaColumn with a name.")


def _check_encryption(call: Call, params: dict[str, Any]) -> None:
    """Refuse a key that was not made, if the setting says so; no code is published."""
    if call.platform.settings.encryptionKeys == "any":
        return
    id_ = params.get("publicKeyId")
    if not isinstance(id_, str) or call.platform.objects.get(call.caller.scope, KEY, id_) is None:
        raise connector_error("1312", f"The publicKeyId {id_} of the transformation Encryption is not found.")


def _check_mapping(call: Call, params: dict[str, Any], target: dict[str, Any]) -> None:
    mapping_id, version = params.get("mappingId"), as_integer(params.get("mappingVersion", 0))
    if not isinstance(mapping_id, str) or not mapping_id:
        raise connector_error("1328", "The mappingId must not be null.")
    if version is None:
        raise service_error("1412", f"The mapping version {params.get('mappingVersion')} is not valid.")
    versions, scope = call.platform.mapping_versions, call.caller.scope
    mapping_set = versions.get(scope, mapping_id, version)
    if mapping_set is None:
        if versions.get(scope, mapping_id) is None:
            raise service_error("1419", f"The mapping {mapping_id} can't be validated: it is not found.")
        raise service_error("1412", f"The mapping {mapping_id} has no version {version}.")
    failure = first_failure(call, mapping_set)
    if failure is not None:
        raise service_error("1419", f"The mapping {mapping_id} can't be validated: {failure}")
    wanted = mapping_set["outputSchema"]["schemaRef"]["id"]
    if wanted != _schema_of(call, target):
        raise service_error("1425", f"The mapping's schema {wanted} is not the schema of the target connection.")


def _schema_of(call: Call, target: dict[str, Any]) -> object:
    """Return the ID of a target connection's schema, which is its dataset's if the connection names none."""
    schema = (target.get("data") or {}).get("schema") or {}
    id_ = schema.get("id") or schema.get("schemaId")
    if id_:
        return id_
    params = target.get("params") or {}
    stored = call.platform.objects.get(
        call.caller.scope, "dataSet", str(params.get("dataSetId") or params.get("datasetId"))
    )
    return (stored.value().get("schemaRef") or {}).get("id") if stored else None
