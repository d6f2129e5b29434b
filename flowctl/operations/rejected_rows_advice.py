"""Advice about rejected rows: Experience Platform keeps them only for dataflows whose error diagnostics are on."""

from collections.abc import Sequence
from typing import Final

from flowctl.manifest.document import Document

_NAMED: Final = 3
_KEY: Final = "errorDiagnosticsEnabled"


def rejected_rows_advice(documents: Sequence[Document]) -> str:
    """A sentence about the batch pipelines that leave their error diagnostics off; empty if none does.

    One that sets the option has decided, and streaming pipelines do not have it.
    """
    names = sorted(
        document.name
        for document in documents
        if document.kind == "Pipeline" and document.at("schedule") and document.at("options", _KEY) is None
    )
    if not names:
        return ""
    more = len(names) - _NAMED
    shown = ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    return (
        f"Suggestion: set `options.{_KEY}: true` in {shown}, so that Experience Platform keeps the rows that a run "
        "rejects, and `flowctl runs errors` can show them."
    )
