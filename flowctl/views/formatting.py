"""Formatted files, as lines and as a JSON document."""

from collections.abc import Iterator
from typing import Any

from flowctl.model.formatting_report import FormattedFiles
from flowctl.views.envelope import envelope
from flowctl.views.lines import Line


def formatting_lines(data: FormattedFiles) -> Iterator[Line]:
    """The files whose form changes, and how many there are; nothing if there was no file to look at."""
    if not data.checked and data.diagnostics:
        return
    yield from (Line(file) for file in data.files)
    number = len(data.files)
    total = f"{data.checked} file" if data.checked == 1 else f"{data.checked} files"
    if not number:
        yield Line(f"No change in {total}.")
    elif data.written:
        yield Line(f"Formatted {number} of {total}.")
    else:
        yield Line(f"`flowctl fmt` would change {number} of {total}.")


def formatting_document(data: FormattedFiles) -> dict[str, Any]:
    """The document of `fmt`."""
    return envelope(
        files=list(data.files),
        checked=data.checked,
        written=data.written,
        diagnostics=[diagnostic.to_json() for diagnostic in data.diagnostics],
    )
