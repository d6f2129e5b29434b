"""A Pipeline's schedule, options and transformations, against its pinned flow spec."""

from collections.abc import Iterator
from typing import Any

from flowctl.manifest.checks.incremental import incremental
from flowctl.manifest.checks.source import Source, source_of
from flowctl.manifest.checks.spec_words import told
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.times import epoch_seconds
from flowctl.model.diagnostic import Diagnostic
from flowctl.specs.flow_specs import FlowSpec, pinned, pinned_names
from flowctl.specs.validate import option_problems, schedule_problems, transformation_problems
from flowctl.validation.check import accepted
from flowctl.validation.wording import nearest, one_of

_START = ("schedule", "startTime")
_LATER = {"name": "Mapping", "params": {"mappingId": "known after apply", "mappingVersion": "0"}}


def flow(document: Document, index: Index) -> Iterator[Diagnostic]:
    """What the flow spec does not accept; without a flow spec only the start time is checked."""
    source = source_of(document, index)
    yield from _flow_spec(document, source)
    yield from _start_time(document)
    spec = flow_spec_of(document, index)
    if spec is not None:
        yield from _schedule(document, index, spec)
        yield from _options(document, index, spec)
        yield from incremental(document, index, spec)
        yield from _mappings(document, index, spec)


def flow_spec_of(document: Document, index: Index) -> FlowSpec | None:
    """The pinned flow spec that a pipeline names, or the one that serves its connector."""
    known = source_of(document, index).connector
    name = document.at("flowSpec") or (known.flow_spec if known else None)
    return pinned(name) if isinstance(name, str) else None


def _flow_spec(document: Document, source: Source) -> Iterator[Diagnostic]:
    name, known = document.at("flowSpec"), source.connector
    if name is None and known is None and source.spec_id is not None:
        yield document.error(
            "unknown-connection-spec",
            f"the connection spec {source.spec_id} is not in the catalogue",
            "source",
            detail="For a source that the catalogue does not hold, the pipeline must name its flow spec.",
            hint="Correct the id, or add flowSpec.",
            at_key=True,
        )
    if not isinstance(name, str):
        return
    if pinned(name) is None:
        near = nearest(name, pinned_names())
        yield document.error(
            "unknown-flow-spec",
            f"there is no flow spec {document.shown('flowSpec')}",
            "flowSpec",
            detail=f"Expected {one_of(pinned_names())}.",
            hint=f"Did you mean {near}?" if near else "",
        )
    elif known is not None and name not in known.flow_specs:
        yield document.error(
            "flow-spec-mismatch",
            f"the flow spec {name} does not serve the connector {known.name}",
            "flowSpec",
            detail=f"Expected {one_of(known.flow_specs)}, found {name}.",
            hint="Leave flowSpec out." if len(known.flow_specs) == 1 else "",
        )


def _start_time(document: Document) -> Iterator[Diagnostic]:
    value = document.at("schedule", "startTime")
    if value is None:
        return
    try:
        epoch_seconds(value)
    except ValueError as error:
        yield document.error(
            "invalid-start-time",
            f"schedule.startTime {error}",
            *_START,
            detail="Expected RFC 3339 with an offset, or seconds since 1970-01-01 UTC, "
            f"found {document.written(*_START) or document.shown(*_START)}.",
        )


def _schedule(document: Document, index: Index, spec: FlowSpec) -> Iterator[Diagnostic]:
    schedule = document.at("schedule")
    if schedule is None:
        yield from told(document, index, (), schedule_problems(spec, None), "missing-schedule")
    elif isinstance(schedule, dict):
        sent = _sent(schedule)
        if not accepted(spec.schedule_schema, sent):
            yield from told(document, index, ("schedule",), schedule_problems(spec, sent), "invalid-schedule")


def _options(document: Document, index: Index, spec: FlowSpec) -> Iterator[Diagnostic]:
    options = document.at("options")
    if isinstance(options, dict) and not accepted(spec.option_schema, options):
        yield from told(document, index, ("options",), option_problems(spec, options), "invalid-options")


def _sent(schedule: dict[str, Any]) -> dict[str, Any]:
    """The schedule as it is sent; a start time that is not one was said to be so."""
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
                f"the flow spec {spec.name} maps no fields",
                "mappings",
                detail="It has no Mapping transformation: the data must already follow the schema.",
                hint="Remove mappings, or name another flowSpec.",
                at_key=True,
            )
        elif not accepted(spec.transformation_schemas["Mapping"], _LATER["params"]):
            yield from told(document, index, ("mappings",), transformation_problems(spec, [_LATER]), "invalid-mappings")
    elif "mappingId" in (spec.transformation_schemas.get("Mapping") or {}).get("required", ()):
        yield document.error(
            "missing-key",
            f"mappings is required by the flow spec {spec.name}",
            detail="Expected at least one mapping, found none.",
            hint="Add mappings.",
        )
