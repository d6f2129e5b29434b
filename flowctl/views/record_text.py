"""The lockfile as text: its entries, one of them beside its live object, the findings of a repair, orphans."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from flowctl.model.attribute_path import dotted
from flowctl.model.record_report import Finding, Orphan, RecordedObject, RecordedObjects, RecordedValue
from flowctl.model.resource import OnDelete
from flowctl.views.columns import rows_lines
from flowctl.views.lines import Line
from flowctl.views.values import place_value, short
from flowctl.views.width import Width

_HANG: Final = 4
"""What the further lines of an object are indented by in a narrow terminal."""


def entries_lines(recorded: RecordedObjects, width: Width) -> Iterator[Line]:
    """One line for each recorded object."""
    if not recorded.entries:
        yield Line(f"The lockfile of environment {recorded.environment} has no entries.")
        return
    yield from rows_lines([(str(address), entry.id) for address, entry in recorded.entries.items()], width)


def entry_lines(entry: RecordedObject) -> Iterator[Line]:
    """One object: each recorded value, and the live one if it differs."""
    yield Line(f"{entry.address}  {entry.id}", "bold")
    if entry.state:
        yield Line(f"  state: {entry.state}")
    if entry.lifecycle.on_delete is not OnDelete.AUTO:
        yield Line(f"  lifecycle.onDelete: {short(str(entry.lifecycle.on_delete))}")
    if entry.lifecycle.prevent_destroy:
        yield Line(f"  lifecycle.preventDestroy: {short(True)}")
    if entry.live is None:
        yield Line("  not found on Experience Platform: deleted, or hidden by access labels", "yellow")
    yield from map(_value_line, entry.values)


def _value_line(value: RecordedValue) -> Line:
    recorded = place_value(value.steps, value.recorded)
    if not value.differs:
        return Line(f"  {dotted(value.steps)}: {recorded}")
    return Line(f"  {dotted(value.steps)}: recorded {recorded}, live {place_value(value.steps, value.live)}", "yellow")


def finding_lines(findings: Sequence[Finding], width: Width) -> Iterator[Line]:
    """The entries that a repair would add, and the objects that it did not find."""
    if not findings:
        yield Line("Nothing to repair: every resource of the manifests is in the lockfile.")
        return
    for finding in findings:
        if finding.entry is not None:
            text, style = f"< {finding.address}  {finding.entry.id}", "cyan"
        else:
            text, style = f"? {finding.address}: {finding.why_not}", "yellow"
        yield from (Line(line, style) for line in width.sentence(text, 2, _HANG))
    found = sum(finding.entry is not None for finding in findings)
    yield Line(_sum(found, len(findings) - found), "bold")


def _sum(found: int, others: int) -> str:
    also = f", {others} not found or not unique" if others else ""
    return f"{found} {'entry' if found == 1 else 'entries'} to add to the lockfile (<){also}{' (?)' if others else ''}."


def orphan_lines(orphans: Sequence[Orphan], width: Width) -> Iterator[Line]:
    """One line for each orphan."""
    if not orphans:
        yield Line("No orphans: every source and target connection is used by a flow or is in the lockfile.")
        return
    for orphan in orphans:
        text = "  ".join(filter(None, (orphan.kind, orphan.id, orphan.name, _creation(orphan))))
        yield from map(Line, width.sentence(text, 0, _HANG))
    number = f"{len(orphans)} orphan{'' if len(orphans) == 1 else 's'}"
    yield Line(f"{number}. flowctl does not delete them: check each one before you delete it yourself.", "bold")


def _creation(orphan: Orphan) -> str:
    if orphan.created_at is None:
        return ""
    when = datetime.fromtimestamp(orphan.created_at / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"created {when}" + (f" by {orphan.created_client}" if orphan.created_client else "")
