"""From an attribute of a live field group, data type or class to the place where its manifest declares it."""

from collections.abc import Mapping
from typing import Final

from flowctl.manifest.declared_fields import declared_fields, full_path, namespace_for
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import Writer, Written
from flowctl.manifest.parts.writing import NO_KEY
from flowctl.model.attribute_path import Path
from flowctl.model.field_path import ITEM
from flowctl.model.json_value import JSON

_DEEP: Final = "the field lies in an array or a map, or is a whole object"
_WHOLE: Final = frozenset({"string", "integer", "number", "boolean", "date", "date-time"})


def fields_writer(names: Mapping[str, str]) -> Writer:
    """The writer of attributes under the names in `names`, and of fields by their path."""

    def write(document: Document, path: Path, value: JSON) -> Written | str:
        if path[0] in names and len(path) == 1:
            return Written(path=(names[path[0]],), value=value or None)
        if path[0] != "fields" or len(path) < 2:
            return NO_KEY
        namespace = namespace_for(document)
        wanted, below = path[1][1:-1], path[2:]
        known = next((each for each in declared_fields(document) if full_path(each.path, namespace) == wanted), None)
        if known is not None and below:
            return Written(path=(*known.place, *below), value=value) if below[0] not in ("enum", "labels") else NO_KEY
        if known is not None:
            return Written(path=known.place, value=None) if value is None else _DEEP
        short = wanted.removeprefix(f"{namespace}.") if namespace else wanted
        if value is None or not isinstance(value, Mapping) or ITEM in wanted or value.get("type") not in _WHOLE:
            return _DEEP
        members = {name: member for name, member in value.items() if name not in ("path", "labels")}
        if "labels" in value:
            members["enum"] = {each: value["labels"].get(each, each) for each in value["enum"]}
        return Written(path=("fields", short), value=members)

    return write
