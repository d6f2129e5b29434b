"""MappingTest documents: source rows, and the records that a pipeline's mappings must make of them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKind, DocumentReference
from flowctl.manifest.index import Index
from flowctl.manifest.mapping_rows import destinations_of
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSON
from flowctl.model.tenant import with_tenant
from flowctl.text.positions import Step, ValuePath
from flowctl.validation.wording import all_of, code, codes, did_you_mean, nearest, quoted

_MOST_SHOWN: Final = 10
_OF_RECORDS: Final = frozenset({"expect", "exactly", "absent", "warnings"})


def moment(document: Document) -> datetime | None:
    """Return the time that stands still in a test, or None. Raises ValueError if the text is not a time."""
    text = document.at("now")
    if text is None:
        return None
    found = datetime.fromisoformat(str(text).strip().upper())
    if found.tzinfo is None:
        raise ValueError("it has no time zone")
    return found


def cases(document: Document) -> Sequence[Mapping[str, JSON]]:
    """The cases of a test, with the tenant ID in the fields and values that a record must have."""
    return [
        {key: _with_tenant(value, document.tenant) if key in _OF_RECORDS else value for key, value in case.items()}
        for case in document.content["cases"]
    ]


def _with_tenant(value: JSON, tenant: str) -> JSON:
    if isinstance(value, str):
        return with_tenant(value, tenant)
    if isinstance(value, Mapping):
        return {with_tenant(str(name), tenant): _with_tenant(child, tenant) for name, child in value.items()}
    return [_with_tenant(each, tenant) for each in value] if isinstance(value, list) else value


def times(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """Yield the problem of a `now` that is not a time."""
    try:
        moment(document)
    except ValueError:
        yield document.error(
            "invalid-time",
            "`now` is not a date and time with a time zone",
            "now",
            hint="Write a time such as `2026-11-26T00:00:00Z`.",
        )


def case_names(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """Yield each case whose name an earlier case of the document has."""
    first: dict[str, int] = {}
    for number, case in _cases(document):
        name = case.get("name")
        if isinstance(name, str) and first.setdefault(name, number) != number:
            yield document.error(
                "duplicate-case",
                f"two cases are named {quoted(name)}",
                "cases",
                number,
                "name",
                detail=f"The first is at line {document.span('cases', first[name], 'name').line}.",
                hint="Rename one of them.",
            )


def sources(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """Yield each case with a row of its own and a sample file, which the schema lets pass without a snapshot."""
    for number, case in _cases(document):
        if {"given", "rows"} <= case.keys() and "snapshot" not in case:
            yield document.error(
                "conflicting-keys",
                f"conflicting keys `given` and `rows` in {code(f'cases[{number}]')}",
                "cases",
                number,
                "rows",
                detail="Expected exactly one of `given` or `rows`.",
                hint="Keep one of them and remove the others.",
                at_key=True,
            )


def destinations(document: Document, index: Index) -> Iterator[Diagnostic]:
    """Yield each place of a record that no mapping of the pipeline writes."""
    pipeline = index.get("Pipeline", document.at("pipeline"))
    if pipeline is None:
        return
    # Only where there is a mapping test is the library of fields needed.
    from flowctl.xdm.overlap import overlap

    known = destinations_of(pipeline)
    for written, place in _named_places(document):
        path = with_tenant(written, document.tenant)
        if not any(overlap(path, destination) for destination in known):
            yield _unknown(document, path, place, known)


def _unknown(document: Document, path: str, place: ValuePath, known: Sequence[str]) -> Diagnostic:
    near = nearest(path, known)
    shown = codes(known[:_MOST_SHOWN])
    listed = f"{', '.join(shown)} and more" if len(known) > _MOST_SHOWN else all_of(shown)
    return document.error(
        "unknown-destination",
        f"no mapping of {document.at('pipeline')} writes {code(path)}",
        *place,
        detail=f"Its mappings write {listed}." if known else "It has no mappings.",
        hint=did_you_mean(near, "Use a destination of the pipeline, or add a mapping."),
        at_key=place[2] in ("expect", "exactly"),
    )


def _named_places(document: Document) -> Iterator[tuple[str, ValuePath]]:
    """Yield each destination that a case names, and where."""
    for number, case in _cases(document):
        for key in ("expect", "exactly"):
            yield from _paths(case.get(key), ("cases", number, key), "")
        for key in ("absent", "warnings"):
            entries = case.get(key)
            for position, entry in enumerate(entries if isinstance(entries, list) else ()):
                place: tuple[Step, ...] = ("cases", number, key, position)
                if isinstance(entry, str):
                    yield entry, place
                elif isinstance(entry, dict) and isinstance(entry.get("destination"), str):
                    yield entry["destination"], (*place, "destination")


def _paths(values: JSON, place: ValuePath, path: str) -> Iterator[tuple[str, ValuePath]]:
    if not isinstance(values, Mapping):
        return
    for name, value in values.items():
        below = f"{path}.{name}" if path else str(name)
        if isinstance(value, Mapping) and value:
            yield from _paths(value, (*place, name), below)
        else:
            yield below, (*place, name)


def _cases(document: Document) -> Iterator[tuple[int, Mapping[str, JSON]]]:
    cases = document.at("cases")
    for number, case in enumerate(cases if isinstance(cases, list) else ()):
        if isinstance(case, dict):
            yield number, case


def _asks_others(_document: Document) -> bool:
    """Keep no verdict: it depends on the destinations of the pipeline, which that one does not show."""
    return False


MAPPING_TEST: Final = DocumentKind(
    name="MappingTest",
    references=(DocumentReference("Pipeline", ("pipeline",)),),
    checks=(times, case_names, sources, destinations),
    has_lasting_verdict=_asks_others,
)
