"""Drift as text for a terminal: by document, object and attribute."""

from collections.abc import Iterator
from typing import Final

from flowctl.model.drift_report import Acceptance, DriftedObject, DriftReport
from flowctl.model.plan import DriftedAttribute
from flowctl.views.both_values import both_values
from flowctl.views.drift_words import commands, state, total
from flowctl.views.lines import Line
from flowctl.views.values import place_value, shown
from flowctl.views.width import UNWRAPPED, Width

_INDENT: Final = 6
"""The indent of an attribute."""


def drift_lines(report: DriftReport, width: Width = UNWRAPPED) -> Iterator[Line]:
    """The report: environment, each document with its drifted objects, and the sum."""
    yield Line(
        f"Environment {report.environment}: organization {report.organization}, sandbox {report.sandbox}", "bold"
    )
    yield Line()
    for name, objects in report.by_document().items():
        yield Line(name, "bold")
        for drifted in objects:
            yield from _object_lines(drifted, width)
        yield Line()
    yield Line(total(report), "bold" if report.objects else "green")
    yield from (Line(note, "dim") for note in report.notes)
    if report.accepted is not None:
        yield from _accepted_lines(report.accepted)
    elif report.objects:
        accept, plan = commands(report)
        yield Line(f"To write the live values into the manifests, run `{accept}`.")
        yield Line(f"To see what apply does about them, run `{plan}`.")


def _object_lines(drifted: DriftedObject, width: Width) -> Iterator[Line]:
    place = f" ({drifted.span.file}:{drifted.span.line})" if drifted.span else ""
    yield Line(f"  {drifted.address}{place} {state(drifted)}", "red" if drifted.missing else "yellow")
    for attribute in drifted.attributes:
        yield from map(Line, both_values(attribute.path, _values(attribute), width, _INDENT))


def _values(attribute: DriftedAttribute) -> tuple[str, str]:
    recorded, observed = shown(attribute.recorded), shown(attribute.observed)
    before = "(none)" if recorded is None else place_value(attribute.steps, recorded)
    after = "(removed)" if observed is None else place_value(attribute.steps, observed)
    return before, after


def _accepted_lines(accepted: Acceptance) -> Iterator[Line]:
    yield from (Line(f"Edited {file}.", "green") for file in accepted.files)
    count = len(accepted.entries)
    if count:
        yield Line(f"Updated {count} lockfile entr{'y' if count == 1 else 'ies'}.", "green")
