"""Fields as manifests declare them: a short row for each path, or objects in objects."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from flowctl.manifest.document import Document
from flowctl.model.field_path import ITEM, joined
from flowctl.model.json_value import JSON
from flowctl.model.tenant import namespace_of
from flowctl.text.positions import ValuePath

HOLDERS: Final = {"object": "fields", "array": "items", "map": "values"}
"""The key with what a field holds, by the type of the field."""


class Declared(NamedTuple):
    """One declared field: its path below the namespace, where it stands, and its members."""

    path: str
    place: ValuePath
    members: Mapping[str, JSON]


def declared_fields(document: Document) -> Sequence[Declared]:
    """Every field of a document, what arrays and maps hold included; those of another form are left out.

    YAML that is nested too deep is not read, so they need no limit of their own.
    """
    return list(_fields(document.at("fields"), "", ("fields",)))


def _fields(fields: JSON, path: str, place: ValuePath) -> Iterator[Declared]:
    for name, members in (fields if isinstance(fields, dict) else {}).items():
        yield from _field(members, joined(path, str(name)), (*place, name))


def _field(members: JSON, path: str, place: ValuePath) -> Iterator[Declared]:
    if not isinstance(members, dict):
        return
    yield Declared(path=path, place=place, members=members)
    if "ref" not in members:
        yield from _fields(members.get("fields"), path, (*place, "fields"))
    for key in ("items", "values"):
        if isinstance(members.get(key), dict):
            yield from _field(members[key], joined(path, ITEM), (*place, key))


def type_of(members: Mapping[str, JSON]) -> str:
    """The type of a field, declared or implied by its keys; empty for a field with `ref` and for one without a type."""
    if "ref" in members:
        return ""
    if isinstance(members.get("type"), str):
        return str(members["type"])
    return next((type_ for type_, key in HOLDERS.items() if key in members), "")


def namespace_for(document: Document) -> str:
    """The namespace that the fields of a document lie below; those of a data type lie below none."""
    return namespace_of(document.tenant) if document.kind != "DataType" else ""


def full_path(path: str, namespace: str) -> str:
    """The path of a field in a record."""
    return f"{namespace}.{path}" if namespace else path


def is_name(value: Any) -> bool:
    """Whether a reference to a resource of Schema Registry is a document's name and not a `$id`."""
    return isinstance(value, str) and ":" not in value and "/" not in value


def referred(document: Document) -> Iterator[tuple[str, ValuePath]]:
    """The names of data types, with their places."""
    for each in declared_fields(document):
        ref = each.members.get("ref")
        if is_name(ref):
            yield str(ref), (*each.place, "ref")
