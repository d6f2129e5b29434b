"""Field groups, data types and classes as documents."""

from collections.abc import Mapping, Sequence
from typing import Final

from flowctl.manifest.collapse.subject import API_VERSION, Subject, described, kept_rules, titled
from flowctl.model.field_path import ITEM, holders_of
from flowctl.model.json_value import JSON, JSONObject

_HOLDERS: Final = {"array": "items", "map": "values"}


def field_group(subject: Subject) -> Mapping[str, JSON]:
    """The document of a field group."""
    attributes = subject.attributes["field_group"]
    extends = [subject.named(each) for each in attributes["extends"]]
    return _document("FieldGroup", subject, attributes, {"extends": extends}, has_namespace=True)


def data_type(subject: Subject) -> Mapping[str, JSON]:
    """The document of a data type."""
    return _document("DataType", subject, subject.attributes["data_type"], {}, has_namespace=False)


def xdm_class(subject: Subject) -> Mapping[str, JSON]:
    """The document of a class."""
    attributes = subject.attributes["class"]
    return _document("Class", subject, attributes, {"behavior": attributes["behavior"]}, has_namespace=True)


def _document(
    kind: str, subject: Subject, attributes: JSONObject, members: JSONObject, *, has_namespace: bool
) -> Mapping[str, JSON]:
    return {
        "apiVersion": API_VERSION,
        "kind": kind,
        "metadata": {"name": subject.name},
        **titled(subject, attributes.get("title")),
        **described(attributes),
        **members,
        "fields": fields([_named(subject, each) for each in attributes["fields"]], has_namespace=has_namespace),
        **kept_rules(holds_data=False),
    }


def _named(subject: Subject, entry: JSONObject) -> JSONObject:
    """An entry with the name of its data type's document in place of the ID."""
    return {**entry, "ref": subject.named(entry["ref"])} if "ref" in entry else entry


def fields(entries: Sequence[JSONObject], *, has_namespace: bool) -> dict[str, JSON]:
    """The rows of fields by their path below the namespace.

    What arrays and maps hold stands inside of them, and so do the fields of an object that says more than its type.
    """
    by_path = {str(entry["path"]): entry for entry in entries}
    rows: dict[str, JSON] = {}
    for path, entry in by_path.items():
        objects = (by_path[above] for above in holders_of(path) if above in by_path)
        if ITEM in path or not all(map(_is_plain_object, objects)):
            continue
        if _is_plain_object(entry) and _has_below(path, by_path):
            continue
        short = path.partition(".")[2] if has_namespace else path
        rows[short] = _row(path, entry, by_path)
    return rows


def _is_plain_object(entry: JSONObject) -> bool:
    return entry.get("type") == "object" and entry.keys() <= {"path", "type"}


def _has_below(path: str, by_path: Mapping[str, JSONObject]) -> bool:
    return any(other.startswith(f"{path}.") for other in by_path)


def _row(path: str, entry: JSONObject, by_path: Mapping[str, JSONObject]) -> dict[str, JSON]:
    row = {name: value for name, value in entry.items() if name not in ("path", "labels")}
    labels = entry.get("labels") or {}
    if "enum" in entry:
        row["enum"] = {value: labels.get(value, value) for value in entry["enum"]} if labels else entry["enum"]
    holder = _HOLDERS.get(str(entry.get("type")))
    inside = by_path.get(f"{path}{ITEM}")
    if holder is not None and inside is not None:
        row[holder] = _row(f"{path}{ITEM}", inside, by_path)
    if entry.get("type") == "object":
        below = _below(path, by_path)
        row |= {"fields": below} if below else {}
    return row


def _below(path: str, by_path: Mapping[str, JSONObject]) -> dict[str, JSON]:
    """The fields of an object in an array or a map, each object with its own in it."""
    names = [other.removeprefix(f"{path}.") for other in by_path if other.startswith(f"{path}.")]
    direct = [name for name in names if "." not in name and not name.endswith(ITEM)]
    return {name: _row(f"{path}.{name}", by_path[f"{path}.{name}"], by_path) for name in direct}
