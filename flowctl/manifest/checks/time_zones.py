"""Time zones: whether the name is one, and whether the platform reads dates in it."""

from collections.abc import Iterator
from functools import cache

from flowctl.manifest.checks.source import source_of
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.text.positions import Step
from flowctl.validation.wording import label, nearest


def time_zones(document: Document, index: Index) -> Iterator[Diagnostic]:
    """The zone of `incremental`, which should be UTC, and that of a streaming table, which may be any."""
    yield from _zone(document, "incremental", "timezone", only_utc=True)
    known = source_of(document, index).connector
    if known is not None and "timezoneValue" in known.source_schema.get("properties", {}):
        yield from _zone(document, "source", "params", "timezoneValue", only_utc=False)


def has_only_utc(document: Document) -> bool:
    """Whether no zone is written of which the system has to know whether it is one."""
    written = (document.at("incremental", "timezone"), document.at("source", "params", "timezoneValue"))
    return all(zone is None or zone == "UTC" for zone in written)


def _zone(document: Document, *path: Step, only_utc: bool) -> Iterator[Diagnostic]:
    name = document.at(*path)
    if not isinstance(name, str) or name == "UTC":
        return
    shown = document.shown(*path)
    if name not in _zones():
        near = nearest(name, _zones())
        yield document.error(
            "unknown-timezone",
            f"{label(path)} is not a time zone",
            *path,
            detail=f'Expected UTC or a name such as Europe/Paris, found "{shown}".',
            hint=f"Did you mean {near}?" if near else "Write UTC.",
        )
    elif only_utc:
        yield document.error(
            "timezone-not-utc",
            f"{label(path)} is {shown}, and Experience Platform asks for UTC",
            *path,
            detail="Rows may be missed or read twice if the dates of the column are in another zone.",
            hint="Use a column in UTC, and write timezone: UTC.",
            severity=Severity.WARNING,
        )


@cache
def _zones() -> frozenset[str]:
    from zoneinfo import available_timezones  # imported only where a zone other than UTC is written

    return frozenset(available_timezones())
