"""What Adobe's documents say of a change of schemas, over models of documents and without a line of flowctl.

Sources: XDM, schema composition (evolution), from the first dataset on; Profile; Identity Service (namespaces).
"""

from collections.abc import Iterator
from typing import Any

from random_schemas import HOLDERS, TENANT, Model

Refusal = tuple[str, str, str]
"""The document's kind and name with a slash between, what it is about, and the rule."""


def refusals(before: Model, after: Model) -> set[Refusal]:
    """What is refused in a model, and by which rule."""
    return {*_of_fields(before, after), *_of_schemas(before, after), *_of_namespaces(before, after)}


def bound(model: Model) -> set[str]:
    """The schemas that a dataset uses or that are in Profile."""
    used = {dataset["schema"] for dataset in model["Dataset"].values()}
    return used | {name for name, schema in model["Schema"].items() if schema.get("profile")}


def parts(model: Model, schema: str) -> set[tuple[str, str]]:
    """The documents with fields that a schema is made of, through field groups, its class and data types."""
    own = model["Schema"][schema]
    found = {("FieldGroup", group) for group in own["fieldGroups"] if group in model["FieldGroup"]}
    found |= {("Class", own["class"])} if own["class"] in model["Class"] else set()
    waiting = sorted(found)
    for kind, name in waiting:
        for used in _data_types(model[kind][name]["fields"].values()):
            if used in model["DataType"] and ("DataType", used) not in found:
                found.add(("DataType", used))
                waiting.append(("DataType", used))
    return found


def _data_types(fields: Any) -> Iterator[str]:
    for each in fields:
        yield from (each["ref"],) if "ref" in each else ()
        yield from _data_types(each.get("fields", {}).values())
        yield from _data_types(each[key] for key in ("items", "values") if key in each)


def _of_fields(before: Model, after: Model) -> Iterator[Refusal]:
    in_use = {part for schema in bound(before) for part in parts(before, schema)}
    for kind, name in in_use:
        root = "" if kind == "DataType" else TENANT
        for path, rule in _of_object(before[kind][name]["fields"], after[kind][name]["fields"], root):
            yield f"{kind}/{name}", path, rule


def _of_object(before: dict[str, Any], after: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for name, was in before.items():
        here = f"{path}.{name}" if path else name
        if name not in after:
            yield here, "field-removed"
        else:
            yield from _of_field(was, after[name], here)


def _of_field(was: dict[str, Any], now: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    if (was.get("type"), was.get("ref")) != (now.get("type"), now.get("ref")):
        yield path, "field-retyped"
        return
    if now.get("required") and not was.get("required"):
        yield path, "field-required"
    if "enum" in now and not ("enum" in was and set(was["enum"]) <= set(now["enum"])):
        yield path, "values-narrowed"
    if _is_tighter(was, now):
        yield path, "limits-narrowed"
    for key in HOLDERS.values():
        if key == "fields" and key in was:
            yield from _of_object(was[key], now[key], path)
        elif key in was:
            yield from _of_field(was[key], now[key], f"{path}[*]")


def _is_tighter(was: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether a value that was accepted may be refused."""
    if "pattern" in now and now["pattern"] != was.get("pattern"):
        return True
    low = any(key in now and now[key] > was.get(key, -(10**20)) for key in ("minimum", "minLength", "minItems"))
    high = any(key in now and now[key] < was.get(key, 10**20) for key in ("maximum", "maxLength", "maxItems"))
    return low or high


def _of_schemas(before: Model, after: Model) -> Iterator[Refusal]:
    for name, was in before["Schema"].items():
        now = after["Schema"][name]
        for group in set(was["fieldGroups"]) - set(now["fieldGroups"]) if name in bound(before) else ():
            yield f"Schema/{name}", group, "group-removed"
        if not was.get("profile"):
            continue
        if not now.get("profile"):
            yield f"Schema/{name}", name, "profile-disabled"
        if primary(was) != primary(now):
            yield f"Schema/{name}", primary(was)[0], "identity-changed"


def primary(schema: dict[str, Any]) -> tuple[str, str]:
    """The path and the namespace of the primary identity; empty if there is none."""
    found = (each for each in schema.get("identities", ()) if each.get("primary"))
    return next(((each["path"], each["namespace"]) for each in found), ("", ""))


def _of_namespaces(before: Model, after: Model) -> Iterator[Refusal]:
    for name, was in before["Namespace"].items():
        if (was["code"], was["idType"]) != (after["Namespace"][name]["code"], after["Namespace"][name]["idType"]):
            yield f"Namespace/{name}", was["idType"], "namespace-changed"
