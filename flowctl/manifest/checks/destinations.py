"""The destinations of mappings: that each is a path, leads to a field of the schema, and that none is left out."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from flowctl.late_pattern import late_pattern
from flowctl.manifest.checks.mapping_rules import RULES, broken
from flowctl.manifest.checks.target_schema import path_problem, required_of, schema_of
from flowctl.manifest.checks.tenants import is_another_tenant, write_tenant
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.mapping_rows import Row, rows
from flowctl.manifest.target_schema import TargetSchema
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import all_of, code, codes

if TYPE_CHECKING:
    from flowctl.xdm.destinations import PathProblem
    from flowctl.xdm.fields import Field

_FOREIGN: Final = late_pattern(r"\A(properties\.|/)|(?:\A|\.)(xdm:)|(/)")
_IDENTITIES: Final = "identityMap"
"""A field that is never left out unnoticed: records without an identity belong to nobody."""
_INDEX: Final = late_pattern(r"\[(\d+)\]")


def destinations(document: Document, index: Index) -> Iterator[Diagnostic]:
    """Each destination that is not a path or leads nowhere, and the required fields that no mapping writes."""
    found = rows(document)
    if not found:
        return
    schema = schema_of(document, index)
    fields = schema.fields if schema is not None else None
    others = [row for row in found if row.destination is not None and not _is_plain(row, row.destination, fields)]
    for row in others:
        yield from _destination(row, row.destination or "", schema)
    if others:
        yield from _gaps(found)
    if schema is not None and (schema.primary or required_of(schema.fields)):
        yield from _unmapped(document, found, schema)


def _is_plain(row: Row, path: str, fields: "Field | None") -> bool:
    """Whether a mapping without any index leads to a field: true of most, and nothing is to be said about them."""
    return _leads_to_field(path, fields) and (row.source is None or "[*]" not in row.source)


@lru_cache(maxsize=16384)
def _leads_to_field(path: str, fields: "Field | None") -> bool:
    """Whether a path without an index leads to a field, or is a path at all if no field is known."""
    return "[" not in path and _FOREIGN.search(path) is None and path_problem(path, fields) is None


def _destination(row: Row, path: str, schema: TargetSchema | None) -> Iterator[Diagnostic]:
    foreign = _FOREIGN.search(path)
    if foreign is not None:
        summary = f"{code(path)} is not a destination path"
        detail = "Expected a dotted path as Experience Platform shows it, without `xdm:`, `properties.` and slashes."
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
    problem = path_problem(path, schema.fields if schema is not None else None)
    if problem is not None and _is_certain(problem, schema, path):
        yield _path_diagnostic(row, path, problem, schema)
    elif problem is None:
        yield from _wildcards(row, path)


def _is_certain(problem: "PathProblem", schema: TargetSchema | None, path: str) -> bool:
    """Whether a destination is surely wrong: nothing is known of tenants' fields, and of unknown field groups."""
    if problem.code != "destination-unknown":
        return True
    is_tenant = problem.name.startswith("_") and not problem.inside and "." in path
    if is_tenant and not (schema is not None and schema.has_tenant):
        return False
    if schema is None or schema.is_whole:
        return True
    # A field group that is not known may be a misspelled one: what it would have had is not said to be missing.
    return problem.nearest is not None and (bool(problem.inside) or _group(problem.name, schema) is None)


def _path_diagnostic(row: Row, path: str, problem: "PathProblem", schema: TargetSchema | None) -> Diagnostic:
    name, near, detail = problem.name, problem.nearest, ""
    if problem.code == "destination-syntax":
        summary = f"{code(path)} is not a destination path"
        detail = "Expected names with dots and indexes, such as `a.b`, `a[0].b` or `a[*].b`."
    elif problem.code == "destination-needs-index":
        summary = f"{code(name)} is an array, and the path continues without an index"
    elif problem.code == "destination-index-on-scalar":
        summary = f"{code(name)} has an index and is not an array"
    else:
        inside = f"{code(problem.inside)} of " if problem.inside else ""
        summary = f"there is no field {code(name)} in {inside}the schema {schema.name if schema else ''}"
        group = _group(name, schema) if schema is not None and not problem.inside else None
        if schema is not None and schema.version:
            detail = f"This is version {schema.version} of the schema, as `flowctl specs pull` read it."
        if group is not None:
            rule = problem.code if name == _IDENTITIES else "field-group-missing"
            detail = f"The field group {code(group)} has it."
            return broken(
                rule,
                summary,
                row,
                "destination",
                offset=problem.offset,
                detail=detail,
                hint=RULES["field-group-missing"].hint,
            )
    hint = ""
    if problem.code == "destination-unknown" and is_another_tenant(problem, path):
        near, hint = None, write_tenant(path) if row.is_shown("destination") else ""
    return broken(problem.code, summary, row, "destination", offset=problem.offset, detail=detail, near=near, hint=hint)


def _group(name: str, schema: TargetSchema) -> str | None:
    from flowctl.xdm.library import standard
    from flowctl.xdm.suggestions import field_group_with

    return field_group_with(name, schema.class_, standard())


def _wildcards(row: Row, path: str) -> Iterator[Diagnostic]:
    source = row.source
    if source is not None and source.count("[*]") != path.count("[*]"):
        summary = f"the source has {source.count('[*]')} `[*]`, and the destination has {path.count('[*]')}"
        yield broken("wildcard-count", summary, row, "destination")


def _gaps(found: Sequence[Row]) -> Iterator[Diagnostic]:
    """Each array of which an element is written and one before it is not."""
    written: dict[str, dict[int, Row]] = {}
    for row in found:
        path = row.destination or ""
        for match in _INDEX.finditer(path):
            written.setdefault(path[: match.start()], {}).setdefault(int(match[1]), row)
    for name, elements in written.items():
        for number, row in elements.items():
            missing = [code(f"[{before}]") for before in range(min(number, 10)) if before not in elements]
            if missing:
                summary = f"a mapping writes {code(f'{name}[{number}]')}, and none writes {all_of(missing)}"
                yield broken("destination-index-gap", summary, row, "destination", offset=len(name))
                break


def _unmapped(document: Document, found: Sequence[Row], schema: TargetSchema) -> Iterator[Diagnostic]:
    """One problem for all required fields that nothing writes, and one for the primary identity."""
    paths = [re.sub(r"\[[^\]]*\]", "", row.destination or "") for row in found]
    missing = [field for field in schema.fields.required() if not _is_written(field, paths)]
    if missing:
        summary = f"no mapping writes {all_of(codes(missing))}, which the schema {schema.name} requires"
        yield _of_all(
            document, "required-unmapped", summary, "Experience Platform rejects a record without a required field."
        )
    for field in schema.primary:
        if field not in missing and not _is_written(field, paths):
            summary = f"no mapping writes {code(field)}, the primary identity of the schema {schema.name}"
            yield _of_all(document, "identity-unmapped", summary, "A record without it belongs to nobody.")


def _is_written(field: str, paths: Sequence[str]) -> bool:
    """Whether a mapping writes a field, something in it, or an object that contains it."""
    return any(path == field or field.startswith(f"{path}.") or path.startswith(f"{field}.") for path in paths)


def _of_all(document: Document, rule_code: str, summary: str, detail: str) -> Diagnostic:
    rule = RULES[rule_code]
    return document.error(
        rule.code, summary, "mappings", detail=detail, hint=rule.hint, at_key=True, severity=rule.severity
    )
