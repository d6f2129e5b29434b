"""Bodies of Schema Registry and Identity Service for a model, written from Adobe's guides and not by flowctl."""

from collections.abc import Mapping
from typing import Any

from random_schemas import Model

_DEFINITION = "customFields"


def resource(model: Model, kind: str, name: str, ids: Mapping[str, str], tenant: str) -> dict[str, Any]:
    """A field group, a data type or a class with the fields of the model."""
    content = model[kind][name]
    tree = _object(content["fields"], ids)
    references = []
    if kind != "DataType":
        tree = {"type": "object", "properties": {f"_{tenant}": tree}}
    if kind == "Class":
        references.append({"$ref": f"https://ns.adobe.com/xdm/data/{content['behavior']}"})
    extended = [ids.get(f"Class/{each}", each) for each in content.get("extends", ())]
    return {
        "type": "object",
        "title": content.get("title", name),
        "description": "",
        **({"meta:intendedToExtend": extended} if extended else {}),
        "definitions": {_DEFINITION: tree},
        "allOf": [*references, {"$ref": f"#/definitions/{_DEFINITION}"}],
    }


def schema(model: Model, name: str, ids: Mapping[str, str], tags: list[str]) -> dict[str, Any]:
    """A schema with the parts of the model."""
    content = model["Schema"][name]
    parts = [
        ids.get(f"Class/{content['class']}", content["class"]),
        *(ids.get(f"FieldGroup/{group}", group) for group in content["fieldGroups"]),
    ]
    return {
        "type": "object",
        "title": content.get("title", name),
        "description": "",
        "allOf": [{"$ref": part} for part in parts],
        **({"meta:immutableTags": tags} if tags else {}),
    }


def _object(fields: dict[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    required = [name for name, each in fields.items() if each.get("required")]
    return {
        "type": "object",
        "properties": {name: _node(each, ids) for name, each in fields.items()},
        **({"required": required} if required else {}),
    }


def _node(each: dict[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    copied = ("title", "description", "default", "pattern", "minLength", "maxLength", "minimum", "maximum")
    node = {key: each[key] for key in (*copied, "minItems", "maxItems") if key in each}
    if each.get("deprecated"):
        node["meta:status"] = "deprecated"
    if "enum" in each:
        labels = each["enum"] if isinstance(each["enum"], dict) else {value: value for value in each["enum"]}
        node |= {"enum": list(labels), "meta:enum": labels}
    if "ref" in each:
        return {**node, "$ref": ids.get(f"DataType/{each['ref']}", each["ref"])}
    type_ = each["type"]
    if type_ in ("date", "date-time"):
        return {**node, "type": "string", "format": type_}
    if type_ == "object":
        return {**node, **_object(each["fields"], ids)}
    if type_ == "array":
        return {**node, "type": "array", "items": _node(each["items"], ids)}
    if type_ == "map":
        values = _node(each["values"], ids)
        return {**node, "type": "object", "meta:xdmType": "map", "additionalProperties": values}
    return {**node, "type": type_}
