"""The `health` of a Pipeline: its duration."""

from collections.abc import Iterator

from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.durations import seconds_of

_OVERDUE = ("health", "overdue")


def health(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """An `overdue` that is not a duration."""
    value = document.at(*_OVERDUE)
    if not isinstance(value, str):
        return
    try:
        seconds_of(value)
    except ValueError as error:
        yield document.error(
            "invalid-duration",
            "`health.overdue` is not a valid duration",
            *_OVERDUE,
            detail=f"{str(error).capitalize()}.",
            hint="Write a number and a unit, such as `2h`.",
        )
