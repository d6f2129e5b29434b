"""The limit of problems that are shown of one file."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from flowctl.model.diagnostic import Diagnostic, SourceSpan, in_file_order

MOST: Final = 1000
"""Errors, and as many warnings, of one file that are shown."""


def bounded(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics in the order of the files, with one in place of those above the limit."""
    counts: Counter[tuple[str, str]] = Counter()
    kept: list[Diagnostic] = []
    for diagnostic in in_file_order(diagnostics):
        key = (diagnostic.span.file if diagnostic.span else "", str(diagnostic.severity))
        counts[key] += 1
        if counts[key] <= MOST:
            kept.append(diagnostic)
        elif counts[key] == MOST + 1 and diagnostic.span is not None:
            kept.append(_more(diagnostic, diagnostic.span))
    return tuple(kept)


def _more(first: Diagnostic, place: SourceSpan) -> Diagnostic:
    plural = f"{first.severity}s"
    return Diagnostic(
        code="too-many-problems",
        summary=f"{place.file} has more than {MOST:,} {plural}",
        severity=first.severity,
        detail=f"Only the first {MOST:,} are shown.",
        hint="Fix those first. If the file is not a manifest, move it out of the folders in `manifests`.",
        span=place,
    )
