"""Drift as Markdown for a comment or an issue: the sum, and a table for each document."""

from collections.abc import Iterator, Sequence

from flowctl.model.attribute_path import Path
from flowctl.model.drift_report import DriftedObject, DriftReport
from flowctl.model.json_value import JSON
from flowctl.views.drift_words import commands, state, total
from flowctl.views.markdown_block import LIMIT
from flowctl.views.markdown_text import code, html_code, sentence
from flowctl.views.values import place_value, shown

_CUT = "> **This comment is cut: it shows {} of {} documents.** Run the command to see all of them.\n\n"


def drift_markdown(report: DriftReport, limit: int = LIMIT) -> str:
    """The report as one comment; what does not fit is cut, and the text says so first of all."""
    head = "\n".join(_head(report)) + "\n"
    blocks = ["\n".join(_document(name, objects)) + "\n" for name, objects in report.by_document().items()]
    foot = "\n".join(_foot(report))
    room = limit - len(head) - len(foot) - len(_CUT.format(len(blocks), len(blocks)))
    kept: list[str] = []
    for block in blocks:
        room -= len(block)
        if room < 0:
            break
        kept.append(block)
    notice = _CUT.format(len(kept), len(blocks)) if len(kept) < len(blocks) else ""
    return (notice + head + "".join(kept) + foot).rstrip() + "\n"


def _head(report: DriftReport) -> Iterator[str]:
    yield f"### flowctl drift: {sentence(report.environment)} (sandbox {sentence(report.sandbox)})"
    yield ""
    yield f"**{sentence(total(report))}**"
    yield ""


def _document(name: str, objects: Sequence[DriftedObject]) -> Iterator[str]:
    yield f"#### {code(name)}"
    yield ""
    for drifted in objects:
        yield f"- {code(drifted.address)} {sentence(state(drifted))}"
    yield ""
    if not any(drifted.attributes for drifted in objects):
        return
    yield "| attribute | recorded | live |"
    yield "|---|---|---|"
    for drifted in objects:
        for each in drifted.attributes:
            cells = (_value(each.steps, shown(value)) for value in (each.recorded, each.observed))
            yield f"| {html_code(f'{drifted.address.kind}.{each.path}')} | {' | '.join(cells)} |"
    yield ""


def _value(path: Path, value: JSON) -> str:
    return "" if value is None else html_code(place_value(path, value))


def _foot(report: DriftReport) -> Iterator[str]:
    yield from (f"{sentence(note)}\n" for note in report.notes)
    if report.accepted is not None:
        yield from (f"- Edited {code(file)}." for file in report.accepted.files)
    elif report.objects:
        accept, plan = commands(report)
        yield f"To write the live values into the manifests, run {code(accept)}."
        yield f"To see what apply does about them, run {code(plan)}."
