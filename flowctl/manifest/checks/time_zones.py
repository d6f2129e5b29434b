"""Time zones: whether the name is one, and whether Experience Platform reads dates in it."""

from collections.abc import Iterator
from functools import cache

from flowctl.manifest.checks.source import source_of
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.text.positions import Step
from flowctl.validation.wording import did_you_mean, key, nearest, quoted


def time_zones(document: Document, index: Index) -> Iterator[Diagnostic]:
    """The zone of `incremental`, which should be UTC, and that of a streaming table, which may be any."""
    yield from _zone(document, "incremental", "timezone", only_utc=True)
    known = source_of(document, index).connector
    if known is not None and "timezoneValue" in known.source_schema.get("properties", {}):
        yield from _zone(document, "source", "params", "timezoneValue", only_utc=False)


def has_only_utc(document: Document) -> bool:
    """Whether no zone is written that only the system can confirm."""
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
            f"unknown time zone {quoted(shown)} for {key(*path)}",
            *path,
            hint=did_you_mean(near, "Write `UTC`, or a name such as `Europe/Paris`."),
        )
    elif only_utc:
        yield document.error(
            "timezone-not-utc",
            f"{key(*path)} is {quoted(shown)}, but Experience Platform expects UTC",
            *path,
            detail="If the dates of the column are not in UTC, rows may be missed or read twice.",
            hint="Use a column in UTC, and write `timezone: UTC`.",
            severity=Severity.WARNING,
        )


@cache
def _zones() -> frozenset[str]:
    from zoneinfo import available_timezones  # imported only if a zone other than UTC is written

    return frozenset(available_timezones())
