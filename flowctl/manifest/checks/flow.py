"""A Pipeline's schedule, options and transformations, against its pinned flow spec."""

from collections.abc import Iterator
from typing import Any

from flowctl.manifest.checks.incremental import incremental
from flowctl.manifest.checks.source import Source, source_of
from flowctl.manifest.checks.spec_words import told
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.published import schema
from flowctl.manifest.times import epoch_seconds
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.resource import KNOWN_LATER, NOW
from flowctl.specs.flow_specs import FlowSpec, is_id, pinned_as, pinned_names
from flowctl.specs.validate import option_problems, schedule_problems, transformation_problems
from flowctl.validation.check import accepted
from flowctl.validation.wording import code, codes, did_you_mean, nearest, one_of, quoted, value_words

_START = ("schedule", "startTime")
_REPLACEMENT_START = ("lifecycle", "onReplace", "startTime")
_LATER = {"name": "Mapping", "params": {"mappingId": KNOWN_LATER, "mappingVersion": "0"}}


def flow(document: Document, index: Index) -> Iterator[Diagnostic]:
    """What the flow spec does not accept; without a flow spec only the start time is checked."""
    source = source_of(document, index)
    yield from _flow_spec(document, source)
    yield from _start_time(document)
    yield from _replacement_start(document)
    spec = flow_spec_of(document, index)
    if spec is not None:
        yield from _schedule(document, index, spec)
        yield from _options(document, index, spec)
        yield from incremental(document, index, spec)
        yield from _mappings(document, index, spec)
        yield from _draft(document, spec)


def flow_spec_of(document: Document, index: Index) -> FlowSpec | None:
    """The pinned flow spec that a pipeline names, or the one that serves its connector."""
    return index.once(_flow_spec_of, document)


def _flow_spec_of(document: Document, index: Index) -> FlowSpec | None:
    known = source_of(document, index).connector
    name = document.at("flowSpec") or (known.flow_spec if known else None)
    return pinned_as(name) if isinstance(name, str) else None


def _flow_spec(document: Document, source: Source) -> Iterator[Diagnostic]:
    name, known = document.at("flowSpec"), source.connector
    if name is None and known is None and source.spec_id is not None:
        yield document.error(
            "unknown-connection-spec",
            f"connection spec {quoted(source.spec_id)} is not in the catalogue",
            "source",
            detail="flowctl does not know which flow spec this source needs.",
            hint="Correct the ID (`flowctl connectors` lists the sources that flowctl knows), or add `flowSpec: NAME`.",
            at_key=True,
        )
    if not isinstance(name, str):
        return
    spec = pinned_as(name)
    if spec is None and is_id(name):
        yield document.error(
            "unknown-flow-spec",
            f"flow spec {quoted(document.shown('flowSpec'))} is not one that flowctl knows",
            "flowSpec",
            detail="Schedule, options and transformations are checked during plan, against Experience Platform.",
            hint="Check that the ID is right. `flowctl connectors NAME` shows the flow specs of a source.",
            severity=Severity.WARNING,
        )
    elif spec is None:
        near = nearest(name, pinned_names())
        yield document.error(
            "unknown-flow-spec",
            f"unknown flow spec {quoted(document.shown('flowSpec'))}",
            "flowSpec",
            detail="" if near else f"Expected {one_of(codes(pinned_names()))}.",
            hint=did_you_mean(near, "Write one of these names, or the ID of another flow spec."),
        )
    elif (
        known is not None
        and spec.name not in known.flow_specs
        and not (spec.file and known.spec_id in spec.source_spec_ids)
    ):
        yield document.error(
            "flow-spec-mismatch",
            f"flow spec {code(spec.name)} does not support connector {code(known.name)}",
            "flowSpec",
            detail=f"Expected {one_of(codes(known.flow_specs))}.",
            hint="Remove `flowSpec`: flowctl chooses the right one."
            if len(known.flow_specs) == 1
            else "Write one of these names.",
        )


def _start_time(document: Document) -> Iterator[Diagnostic]:
    yield from _time(document, _START, document.written(*_START), "a date")


def _replacement_start(document: Document) -> Iterator[Diagnostic]:
    """A start time in `lifecycle.onReplace`, which may be `now`."""
    if document.at(*_REPLACEMENT_START) != NOW:
        yield from _time(document, _REPLACEMENT_START, "", "`now`, a date")


def _time(document: Document, path: tuple[str, ...], written: str | None, expected: str) -> Iterator[Diagnostic]:
    value = document.at(*path)
    if value is None:
        return
    try:
        epoch_seconds(value)
    except ValueError as error:
        yield document.error(
            "invalid-start-time",
            f"{code('.'.join(path))} {error}",
            *path,
            detail=f"Found {written or value_words(document.shown(*path))}.",
            hint=f"Write {expected} and time with an offset, such as `2026-12-01T00:00:00Z`, or seconds since 1970.",
        )


def _schedule(document: Document, index: Index, spec: FlowSpec) -> Iterator[Diagnostic]:
    schedule = document.at("schedule")
    if schedule is None and not _is_misspelled(document, "schedule"):
        yield from told(document, index, (), schedule_problems(spec, None), "missing-schedule")
    elif isinstance(schedule, dict):
        sent = _sent(schedule)
        if not accepted(spec.schedule_schema, sent):
            yield from told(document, index, ("schedule",), schedule_problems(spec, sent), "invalid-schedule")


def _is_misspelled(document: Document, key: str) -> bool:
    """Whether an unknown key was reported for which this one is suggested."""
    known = schema("Pipeline")["properties"]
    return nearest(key, (name for name in document.content if name not in known)) is not None


def _options(document: Document, index: Index, spec: FlowSpec) -> Iterator[Diagnostic]:
    options = document.at("options")
    if isinstance(options, dict) and not accepted(spec.option_schema, options):
        yield from told(document, index, ("options",), option_problems(spec, options), "invalid-options")


def _sent(schedule: dict[str, Any]) -> dict[str, Any]:
    """The schedule as it is sent; an invalid start time has its own diagnostic."""
    if "startTime" not in schedule:
        return schedule
    try:
        return {**schedule, "startTime": epoch_seconds(schedule["startTime"])}
    except ValueError:
        return {**schedule, "startTime": 0}


def _mappings(document: Document, index: Index, spec: FlowSpec) -> Iterator[Diagnostic]:
    if document.at("mappings"):
        if "Mapping" not in spec.transformation_schemas:
            yield document.error(
                "mappings-not-supported",
                f"flow spec {code(spec.name)} does not support mappings",
                "mappings",
                detail="Its dataflows ingest data that already follows the schema.",
                hint="Remove `mappings`, or choose another `flowSpec`.",
                at_key=True,
            )
        elif not accepted(spec.transformation_schemas["Mapping"], _LATER["params"]):
            yield from told(document, index, ("mappings",), transformation_problems(spec, [_LATER]), "invalid-mappings")
    elif "mappingId" in (spec.transformation_schemas.get("Mapping") or {}).get("required", ()) and not _is_misspelled(
        document, "mappings"
    ):
        yield document.error(
            "missing-key",
            "missing required key `mappings`",
            detail=f"Flow spec {code(spec.name)} needs at least one mapping.",
            hint="Add `mappings`, for example `mappings: [{source: Email, destination: personalEmail.address}]`.",
        )


def _draft(document: Document, spec: FlowSpec) -> Iterator[Diagnostic]:
    if document.at("state") == "draft" and not spec.has_drafts:
        yield document.error(
            "draft-not-supported",
            f"flow spec {code(spec.name)} has no drafts",
            "state",
            detail="Experience Platform accepts `mode=draft` only from some flow specs.",
            hint="Write `state: disabled`: the dataflow is created, and does not run.",
        )
