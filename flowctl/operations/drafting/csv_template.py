"""The CSV template of Schema Registry, by which `POST /rpc/csv2schema` makes schemas: its fields as field groups.

The columns are those of Adobe's page "CSV template to schema conversion". That page and its sample file differ, so
both are read: paths with dots or slashes, `minimum` or `min`, enumerations as JSON or as bare words.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from flowctl.model.json_value import JSON
from flowctl.operations.drafting.field_group import FieldDraft
from flowctl.operations.drafting.field_names import distinct, fit_name
from flowctl.operations.drafting.shapes import LONG
from flowctl.operations.drafting.unfit import why_unfit
from flowctl.row_files.row import SourceRow

_MARKS: Final = frozenset({"isCustom", "fieldPath", "dataType"})
_STEPS: Final = re.compile(r"[./]")
_RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "long": (-LONG, LONG),
    "short": (-32768, 32768),
    "byte": (-128, 128),
}
_TYPES: Final[Mapping[str, str]] = {
    **{name: name for name in ("string", "number", "integer", "boolean", "date", "date-time", "object")},
    "double": "number",
    "int": "integer",
    "long": "integer",
    "short": "integer",
    "byte": "integer",
    "datetime": "date-time",
}
_NUMERIC: Final = frozenset({"integer", "number"})
_DEEPEST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A row that is not a field of a field group of the organization, with the reason as a clause."""

    source: str
    reason: str


@dataclass(slots=True)
class Template:
    """What a template describes: fields by the name of their field group, identities, and rows that are left out."""

    groups: dict[str, list[FieldDraft]] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    identities: list[JSON] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    extends: str = ""
    title: str = ""
    _taken: dict[str, set[str]] = field(default_factory=dict)

    def fit_path(self, steps: Iterable[str]) -> str:
        """The path of a field, with names that are fit; each leaf has its own."""
        names = [fit_name(step) for step in steps]
        above = ".".join(names[:-1])
        names[-1] = distinct(names[-1], self._taken.setdefault(above.lower(), set()))
        return ".".join(names)

    def identity_lines(self) -> Iterator[str]:
        """The identities, as a Schema document declares them."""
        yield "  identities:"
        for each in self.identities:
            primary = ", primary: true" if each.get("primary") else ""
            yield f'    - {{path: "_${{tenant}}.{each["path"]}", namespace: {each["namespace"]}{primary}}}'


def is_template(columns: Iterable[str]) -> bool:
    """Whether a file with these columns is a template, and not a sample."""
    return set(columns) >= _MARKS


def read_template(rows: Iterable[SourceRow]) -> Template:
    """What the rows of a template describe."""
    found = Template()
    for row in rows:
        values = {name: str(value).strip() for name, value in row.values.items()}
        if _is_true(values, "isIgnored"):
            _read_head(found, values)
        elif row.fault:
            found.skipped.append(Skipped(source=values.get("fieldPath", ""), reason="the row has too few values"))
        else:
            _read_field(found, values)
    return found


def _read_head(found: Template, values: Mapping[str, str]) -> None:
    """The class, title and description of the schema, which stand in the comment of an ignored row."""
    class_, _, rest = values.get("comment", "").partition("~")
    if class_.startswith("https://"):
        found.extends, found.title = class_, rest.partition("~")[0]


def _read_field(found: Template, values: Mapping[str, str]) -> None:
    source = values.get("fieldPath", "")
    steps = [step for step in _STEPS.split(source) if step]
    reason = _why_not(values, steps)
    if reason:
        found.skipped.append(Skipped(source=source, reason=reason))
        return
    path = found.fit_path(steps[1:])
    members, note = _members(values)
    title = values.get("displayName") or ("" if path.split(".") == steps[1:] else steps[-1])
    described = {
        **members,
        **({"title": title} if title else {}),
        **({"description": values["fieldDescription"]} if values.get("fieldDescription") else {}),
        **({"required": True} if _is_true(values, "isRequired") else {}),
    }
    draft = FieldDraft(source=source, path=path, members=described, note=note)
    if reason := why_unfit(draft):
        found.skipped.append(Skipped(source=source, reason=reason))
        return
    group = values.get("fieldGroupName", "")
    found.groups.setdefault(group, []).append(draft)
    if values.get("fieldGroupId"):
        found.known[group] = values["fieldGroupId"]
    if _is_true(values, "isIdentity"):
        primary = {"primary": True} if _is_true(values, "isPrimaryIdentity") else {}
        found.identities.append({"path": path, "namespace": values.get("identityNamespace", ""), **primary})


def _why_not(values: Mapping[str, str], steps: list[str]) -> str:
    """Why a row is not a field below the namespace of the tenant; empty for one that is."""
    if not _is_true(values, "isCustom"):
        return "it is a standard field: name its field group in the Schema"
    if len(steps) < 2 or not steps[0].startswith("_"):
        return "it does not lie below the namespace of the tenant"
    return ""


def _is_true(values: Mapping[str, str], column: str) -> bool:
    return values.get(column, "").lower() == "true"


def _members(values: Mapping[str, str]) -> tuple[dict[str, JSON], str]:
    """The type and limits of a field, and what is in question."""
    notes: list[str] = []
    members = _typed(values, notes)
    if not _is_true(values, "isArray"):
        return members, "; ".join(notes)
    return {"type": "array", "items": members}, "; ".join(notes)


def _typed(values: Mapping[str, str], notes: list[str]) -> dict[str, JSON]:
    stated = values.get("dataType", "").lower()
    type_ = _TYPES.get(stated, "")
    if not type_:
        notes.append(f"the template has the type {stated}" if stated else "the template has no type")
        type_ = "string"
    if type_ == "object":
        return _object(values, notes)
    if type_ == "string" and values.get("format"):
        form = values["format"].lower()
        if form in ("date", "date-time"):
            return {"type": form}
        notes.append(f"the template has the format {form}, which no manifest declares")
    return {"type": type_, **dict(_limits(type_, stated, values, notes))}


def _limits(type_: str, stated: str, values: Mapping[str, str], notes: list[str]) -> Iterator[tuple[str, JSON]]:
    if type_ in _NUMERIC:
        low, high = _RANGES.get(stated, (None, None))
        for name, columns, usual in (("minimum", ("minimum", "min"), low), ("maximum", ("maximum", "max"), high)):
            number = _number(next((values[each] for each in columns if values.get(each)), ""))
            if number is not None or usual is not None:
                yield name, number if number is not None else usual
    if type_ == "string":
        if listed := _listed(values.get("enum", "")):
            yield "enum", listed
        if pattern := values.get("stringPattern"):
            yield "pattern", pattern
        for name in ("minLength", "maxLength"):
            length = _number(values.get(name, ""))
            if isinstance(length, int) and length >= 0:
                yield name, length
    elif values.get("enum"):
        notes.append("the template has values, which only a string can have")


def _number(text: str) -> int | float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    if number != number or number in (float("inf"), float("-inf")):
        return None
    return int(number) if number.is_integer() else number


def _listed(text: str) -> list[JSON]:
    """The values of an enumeration: a list in JSON, or words between brackets."""
    if not text:
        return []
    try:
        found = json.loads(text)
    except ValueError:
        found = [each.strip() for each in text.strip("[]").split(",")]
    return [str(each) for each in found if str(each)] if isinstance(found, list) else []


def _object(values: Mapping[str, str], notes: list[str]) -> dict[str, JSON]:
    if values.get("$ref"):
        return {"ref": values["$ref"]}
    try:
        properties = json.loads(values.get("properties", ""))
    except ValueError:
        properties = None
    fields = _nested(properties, 0)
    if fields:
        return {"type": "object", "fields": fields}
    notes.append("the template does not say what the object has")
    return {"type": "map", "values": {"type": "string"}}


def _nested(properties: JSON, depth: int) -> dict[str, JSON]:
    taken: set[str] = set()
    named = properties.items() if isinstance(properties, Mapping) and depth < _DEEPEST else ()
    return {distinct(fit_name(str(name)), taken): _node(node, depth + 1) for name, node in named}


def _node(node: JSON, depth: int) -> dict[str, JSON]:
    """A node of JSON Schema as a field."""
    if not isinstance(node, Mapping):
        return {"type": "string"}
    titled: dict[str, JSON] = {name: node[name] for name in ("title", "description") if isinstance(node.get(name), str)}
    if isinstance(node.get("$ref"), str):
        return {"ref": node["$ref"], **titled}
    type_ = str(node.get("type"))
    if type_ == "array":
        return {"type": type_, "items": _node(node.get("items"), depth + 1), **titled}
    fields = _nested(node.get("properties"), depth)
    if fields:
        return {"type": "object", "fields": fields, **titled}
    form = node.get("format")
    if type_ == "string" and form in ("date", "date-time"):
        return {"type": form, **titled}
    return {"type": type_ if type_ in ("string", "number", "integer", "boolean") else "string", **titled}
