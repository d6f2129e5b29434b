"""Findings from diagnostics."""

from collections.abc import Sequence

from flowctl.model.checkup import Finding, Health
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import all_of


def failed(part: str, diagnostics: Sequence[Diagnostic]) -> Finding:
    """A part that cannot be used, for the first of these reasons."""
    first = diagnostics[0]
    more = f", and {len(diagnostics) - 1} more" if len(diagnostics) > 1 else ""
    detail = f" ({first.detail.strip().rstrip('.')})" if first.detail else ""
    return Finding(
        part=part,
        health=Health.FAILED,
        found=f"{first.summary}{detail}{more}",
        action=first.hint or f"Run `flowctl explain {first.code}`.",
    )


def skipped(part: str, why: str) -> Finding:
    """A part that was not looked at, because of an earlier finding that has to be corrected first."""
    return Finding(part=part, health=Health.SKIPPED, found=why, action="Correct that, then run `flowctl doctor` again.")


def not_checked(*parts: str) -> Finding:
    """The checks that were left out because of the finding before: these, and those of the clock and of specs."""
    return skipped("later checks", f"not checked for the same reason: {all_of([*parts, 'clock', 'specs'])}")


def warned(part: str, diagnostic: Diagnostic) -> Finding:
    """A part that can be used, and about which there is a warning."""
    return Finding(part=part, health=Health.WARNING, found=diagnostic.summary, action=diagnostic.hint)
