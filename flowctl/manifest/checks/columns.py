"""The columns that mappings read, beside those that the source declares: none is misspelled, none is read by halves."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from flowctl.late_pattern import late_pattern
from flowctl.manifest.checks.mapping_rules import broken
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.mapping_rows import Row, rows
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSONObject
from flowctl.validation.wording import code, nearest

_FIRST: Final = late_pattern(r"(?:[^.\[\\]|\\.)*")
_WRAPPED: Final = late_pattern(r"\$\{([^{}]*-[^{}]*)\}")


def columns(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """Each misspelled column, and each name with a hyphen that is read as a subtraction."""
    found = rows(document)
    declared = declared_columns(document)
    hyphened = {name for name in _named(declared, found) if "-" in name}
    for row in found if declared or hyphened else ():
        if row.source in declared:
            continue
        subtracted = _subtracted(row, hyphened)
        for start, name in subtracted:
            summary = f"{code(name)} subtracts, and a column has this name"
            yield broken("hyphen-is-minus", summary, row, "expression", offset=start, near=f"${{{name}}}")
        if declared:
            yield from _unknown(row, declared, [(start, start + len(name)) for start, name in subtracted])


def declared_columns(document: Document) -> Mapping[str, bool]:
    """The columns that `source.params.columns` lists, and whether each is surely text; none if every column is read."""
    listed = document.at("source", "params", "columns")
    found: dict[str, bool] = {}
    for each in listed if isinstance(listed, list) else ():
        name = each.get("name") if isinstance(each, dict) else None
        if not isinstance(name, str):
            return {}
        found[name] = _is_text(each) if len(each) > 2 or "type" not in each else False  # a name and a type say nothing
    return found


def _is_text(column: JSONObject) -> bool:
    """Whether the XDM type of a column is a plain string: its `type` is `string` for times and dates, too."""
    described = column.get("xdm")
    if isinstance(described, dict):
        return described.get("type") == "string" and not described.get("format")
    return bool(column.get("meta:xdmType") == "string")


def _unknown(row: Row, declared: Mapping[str, bool], apart: Sequence[tuple[int, int]]) -> Iterator[Diagnostic]:
    """The columns that are not declared; the places in `apart` have their own problem."""
    source, expression = row.source, row.expression
    if source is not None and source not in declared:
        match = _FIRST.match(source)
        first = match[0].replace("\\.", ".").removeprefix("${").removesuffix("}") if match else ""
        if first and not _is_declared(first, declared):
            yield from _misspelled(row, "source", first, 0, declared)
    elif expression is not None:
        from flowctl.dataprep.reading import columns_of
        from flowctl.dataprep.shapes import may_read_more

        for field in columns_of(expression) if may_read_more(expression, declared) else ():
            name = field.name.replace("\\.", ".")
            is_apart = any(start <= field.start < end for start, end in apart)
            if not is_apart and not _is_declared(name, declared) and not _is_declared(name.partition(".")[0], declared):
                yield from _misspelled(row, "expression", name, field.start, declared)


def _is_declared(name: str, declared: Mapping[str, bool]) -> bool:
    """Whether a column has the name, or one with dots in its own name begins with it."""
    return name in declared or any(column.startswith(f"{name}.") for column in declared)


def _misspelled(row: Row, key: str, name: str, offset: int, declared: Mapping[str, bool]) -> Iterator[Diagnostic]:
    """A column that is not listed and resembles one that is.

    One that resembles none may be there: the source of Adobe's own tutorial lists fewer columns than it maps.
    """
    near = nearest(name, declared)
    if near is not None:
        summary = f"{code(name)} is not among the columns of the source"
        detail = "`source.params.columns` lists the columns that are read."
        yield broken("unknown-column", summary, row, key, offset=offset, detail=detail, near=near)


def _named(declared: Mapping[str, bool], found: Sequence[Row]) -> Iterator[str]:
    """The columns that are known by name: declared ones, and those that a mapping reads under their whole name."""
    yield from declared
    for row in found:
        source, expression = row.source, row.expression
        if source is not None:
            yield source.removeprefix("${").removesuffix("}")
        elif expression is not None and "-" in expression:
            yield from _WRAPPED.findall(expression)


def _subtracted(row: Row, hyphened: set[str]) -> Sequence[tuple[int, str]]:
    """Where an expression subtracts what is the name of a column, and that name."""
    text = row.expression
    if not hyphened or text is None or "-" not in text:
        return ()
    from flowctl.dataprep.reading import subtractions_of

    return [(start, text[start:end]) for start, end in subtractions_of(text) if text[start:end] in hyphened]
