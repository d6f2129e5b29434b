"""The destinations of mappings: that each is a path, leads to a field of the schema, and that none is left out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from flowctl.manifest.checks.mapping_rules import RULES, broken
from flowctl.manifest.checks.target_schema import SchemaFields, TargetSchema, path_problem, target_schema
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.mapping_rows import Row, entries, rows, text_in
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSON
from flowctl.validation.wording import all_of

if TYPE_CHECKING:
    from flowctl.xdm.destinations import PathProblem

_FOREIGN: Final = re.compile(r"\A(properties\.|/)|(?:\A|\.)(xdm:)|(/)")
_IDENTITIES: Final = "identityMap"
"""A field that is never left out unnoticed: records without an identity belong to nobody."""
_INDEX: Final = re.compile(r"\[(\d+)\]")


def destinations(document: Document, index: Index) -> Iterator[Diagnostic]:
    """Each destination that is not a path or leads nowhere, and the required fields that no mapping writes."""
    found = entries(document)
    if not found:
        return
    schema = target_schema(document, index)
    fields = schema.fields if schema is not None else None
    if not all(_is_fine(entry, fields) for entry in found):
        for row in rows(document):
            path = row.text("destination")
            if path is not None:
                yield from _destination(row, path, schema)
        yield from _gaps(rows(document))
    if schema is not None and schema.fields.required:
        yield from _unmapped(document, found, schema)


def _is_fine(entry: Mapping[str, JSON], fields: SchemaFields | None) -> bool:
    """Whether nothing is to be said about a mapping: true for nearly all, which then need no place."""
    path = text_in(entry, "destination")
    if path is None:
        return True
    return _is_fine_path(path, fields) and "[*]" not in (text_in(entry, "source") or "")


@lru_cache(maxsize=16384)
def _is_fine_path(path: str, fields: SchemaFields | None) -> bool:
    """Whether nothing is to be said about a path, which has no index: many pipelines write the same fields."""
    if "[" in path or _FOREIGN.search(path) is not None:
        return False
    problem = path_problem(path, fields)
    return problem is None or not _is_certain(problem, fields, path)


def _destination(row: Row, path: str, schema: TargetSchema | None) -> Iterator[Diagnostic]:
    foreign = _FOREIGN.search(path)
    if foreign is not None:
        summary = f"{path} is not a destination"
        detail = "Expected a dotted path as Experience Platform shows it, without xdm:, properties. and slashes."
        near = re.sub(r"/(properties/)?", ".", path.removeprefix("properties.").strip("/")).replace("xdm:", "")
        yield broken(
            "destination-syntax",
            summary,
            row,
            "destination",
            offset=foreign.start(foreign.lastindex or 0),
            detail=detail,
            near=near,
        )
        return
    fields = schema.fields if schema is not None else None
    problem = path_problem(path, fields)
    if problem is not None and _is_certain(problem, fields, path):
        yield _path_diagnostic(row, path, problem, schema)
    elif problem is None:
        yield from _wildcards(row, path)


def _is_certain(problem: "PathProblem", fields: SchemaFields | None, path: str) -> bool:
    """Whether a destination is surely wrong: nothing is known of tenants' fields, and of unknown field groups."""
    if problem.code != "destination-unknown":
        return True
    if problem.name.startswith("_") and not problem.inside and "." in path:
        return False
    if fields is None or fields.is_whole:
        return True
    # A field group that is not known may be a misspelled one: what it would have had is not said to be missing.
    return problem.nearest is not None and (bool(problem.inside) or _group(problem.name, fields) is None)


def _path_diagnostic(row: Row, path: str, problem: "PathProblem", schema: TargetSchema | None) -> Diagnostic:
    name, near, detail = problem.name, problem.nearest, ""
    if problem.code == "destination-syntax":
        summary = f"{path} is not a destination"
        detail = "Expected names with dots and indexes, such as a.b, a[0].b or a[*].b."
    elif problem.code == "destination-needs-index":
        summary = f"{name} is an array, and the path goes on without an index"
    elif problem.code == "destination-index-on-scalar":
        summary = f"{name} has an index and is not an array"
    else:
        inside = f"{problem.inside} of " if problem.inside else ""
        summary = f"there is no field {name} in {inside}the schema {schema.name if schema else ''}"
        group = _group(name, schema.fields) if schema is not None and not problem.inside else None
        if group is not None:
            code = problem.code if name == _IDENTITIES else "field-group-missing"
            detail = f"The field group {group} has it."
            return broken(
                code,
                summary,
                row,
                "destination",
                offset=problem.offset,
                detail=detail,
                hint=RULES["field-group-missing"].hint,
            )
    return broken(problem.code, summary, row, "destination", offset=problem.offset, detail=detail, near=near)


def _group(name: str, fields: SchemaFields) -> str | None:
    from flowctl.xdm.library import standard
    from flowctl.xdm.suggestions import field_group_with

    return field_group_with(name, fields.class_, standard())


def _wildcards(row: Row, path: str) -> Iterator[Diagnostic]:
    source = row.text("source")
    if source is not None and source.count("[*]") != path.count("[*]"):
        summary = f"the source has {source.count('[*]')} [*], and the destination {path.count('[*]')}"
        yield broken("wildcard-count", summary, row, "destination")


def _gaps(found: Sequence[Row]) -> Iterator[Diagnostic]:
    """Each array of which an element is written and one before it is not."""
    written: dict[str, dict[int, Row]] = {}
    for row in found:
        path = row.text("destination") or ""
        for match in _INDEX.finditer(path):
            written.setdefault(path[: match.start()], {}).setdefault(int(match[1]), row)
    for name, elements in written.items():
        for number, row in elements.items():
            missing = [f"[{before}]" for before in range(min(number, 10)) if before not in elements]
            if missing:
                summary = f"{name}[{number}] is written, and {all_of(missing)} not"
                yield broken("destination-index-gap", summary, row, "destination", offset=len(name))
                break


def _unmapped(document: Document, found: Sequence[Mapping[str, JSON]], schema: TargetSchema) -> Iterator[Diagnostic]:
    """One problem for all required fields that neither a mapping nor the copy of a parent writes."""
    paths = [re.sub(r"\[[^\]]*\]", "", text_in(entry, "destination") or "") for entry in found]
    missing = [
        field
        for field in schema.fields.required
        if not any(path == field or field.startswith(f"{path}.") or path.startswith(f"{field}.") for path in paths)
    ]
    if missing:
        rule = RULES["required-unmapped"]
        yield document.error(
            rule.code,
            f"no mapping writes {all_of(missing)}, which the schema {schema.name} requires",
            "mappings",
            detail="Experience Platform rejects a record without a required field.",
            hint=rule.hint,
            at_key=True,
            severity=rule.severity,
        )
