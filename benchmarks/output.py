"""Figures as a table for a person, as Markdown for the documentation, and as JSON for a program."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from benchmarks.figure import Figure

_HEADER = ("figure", "measured", "against", "ratio", "limit", "met")


def as_json(figures: Sequence[Figure]) -> str:
    """One JSON document: `{"formatVersion": "1", "figures": [...]}`."""
    document = {"formatVersion": "1", "figures": [{**asdict(figure), "met": figure.met} for figure in figures]}
    return json.dumps(document, indent=2)


def as_table(figures: Sequence[Figure]) -> str:
    """Aligned columns, and below them the notes."""
    rows = [_HEADER, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, *_notes(figures)])


def as_markdown(figures: Sequence[Figure]) -> str:
    """A Markdown table, and below it the notes."""
    rows = [_HEADER, ("---", "---", "---", "--:", "--:", "---"), *(_cells(figure) for figure in figures)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([*lines, *_notes(figures)])


def _cells(figure: Figure) -> tuple[str, ...]:
    return (
        figure.name,
        figure.measured,
        figure.against,
        "-" if figure.ratio is None else f"{figure.ratio:.2f}",
        "-" if figure.limit is None else f"{figure.limit:.2f}",
        {True: "yes", False: "NO", None: "-"}[figure.met],
    )


def _notes(figures: Sequence[Figure]) -> list[str]:
    return [f"\n{figure.name}: {figure.note}" for figure in figures if figure.note]
