"""What may no longer change: breaking changes and deletions of resources that datasets use.

Rules: Adobe docs, XDM schema composition (evolution). From when on they hold, the sources disagree; the setting
`schemaEvolution` chooses: as soon as a dataset uses the schema, or once such a dataset holds a batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.services.schema_registry.errors import invalid
from flowctl.emulator.services.schema_registry.resources import full_view
from flowctl.xdm.evolution import breaking

if TYPE_CHECKING:
    from flowctl.emulator.message import Call


def check_deletion(call: Call, type_: str, resource: dict[str, Any]) -> None:
    """Refuse to delete a schema with datasets or the union tag, or a part that other resources use."""
    objects, scope, id_ = call.platform.objects, call.caller.scope, resource["$id"]
    if "union" in resource.get("meta:immutableTags", []):
        raise invalid(f"The schema {id_} is enabled for Profile and cannot be deleted.")
    for user in ("dataSet", "schemas", "mixins", "classes", "datatypes"):
        found = objects.referrers(scope, user, type_, id_)
        if found:
            raise invalid(f"The resource {id_} is used by {user}: {', '.join(found)}.")


def check_classes(call: Call, resource: dict[str, Any]) -> None:
    """Refuse a field group that would no longer be for the class of a schema that has it (inferred)."""
    if resource["meta:resourceType"] != "mixins":
        return
    objects, scope = call.platform.objects, call.caller.scope
    for id_ in objects.referrers(scope, "schemas", "mixins", resource["$id"]):
        schema = objects.get(scope, "schemas", id_)
        lineage = schema.value()["meta:extends"] if schema is not None else resource["meta:intendedToExtend"]
        if not set(lineage) & set(resource["meta:intendedToExtend"]):
            raise invalid(f"The field group {resource['$id']} is used by {id_}, whose class it would not extend.")


def check_change(call: Call, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Refuse a breaking change of a schema that is in use, or of a part of one."""
    if not any(_is_bound(call, schema_id) for schema_id in _affected_schemas(call, before)):
        return
    if before.get("meta:class") != after.get("meta:class"):
        raise invalid("The class of a schema in use cannot be changed.")
    problems = list(breaking(full_view(call, before), full_view(call, after), ""))
    if problems:
        raise invalid(f"The change breaks a schema that is in use: {'; '.join(problems)}.")


def _affected_schemas(call: Call, resource: dict[str, Any]) -> set[str]:
    """Return the schemas that this resource is, or is a part of, through groups and data types."""
    objects, scope = call.platform.objects, call.caller.scope
    waiting = [(resource["meta:resourceType"], resource["$id"])]
    seen = set(waiting)
    while waiting:
        to_type, to_id = waiting.pop()
        for user in ("schemas", "mixins", "classes", "datatypes"):
            for id_ in objects.referrers(scope, user, to_type, to_id):
                if (user, id_) not in seen:
                    seen.add((user, id_))
                    waiting.append((user, id_))
    return {id_ for type_, id_ in seen if type_ == "schemas"}


def _is_bound(call: Call, schema_id: str) -> bool:
    objects, scope = call.platform.objects, call.caller.scope
    stored = objects.get(scope, "schemas", schema_id)
    if stored is not None and "union" in stored.value().get("meta:immutableTags", []):
        return True
    datasets = objects.referrers(scope, "dataSet", "schemas", schema_id)
    if call.platform.settings.schemaEvolution == "strict":
        return bool(datasets)
    return any(objects.referrers(scope, "batch", "dataSet", id_) for id_ in datasets)
