"""What state commands found, as text and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flowctl.operations.record_search import Finding
from flowctl.views.lines import Line


def finding_lines(findings: Sequence[Finding]) -> Iterator[Line]:
    """What a repair would record, and what it did not find."""
    if not findings:
        yield Line("Every resource of the manifests is recorded; nothing to repair.")
        return
    for finding in findings:
        if finding.entry is not None:
            yield Line(f"  < {finding.address}  {finding.entry.id}", "cyan")
        else:
            yield Line(f"  ? {finding.address}: {finding.why_not}", "yellow")
    found = sum(finding.entry is not None for finding in findings)
    yield Line(f"{found} to record, {len(findings) - found} not found or not unique.", "bold")


def findings_document(findings: Sequence[Finding]) -> dict[str, Any]:
    """The findings for scripts."""
    return {
        "formatVersion": "1",
        "findings": [
            {
                "address": finding.address,
                "kind": finding.address.kind,
                "id": finding.entry.id if finding.entry else None,
                "whyNot": finding.why_not or None,
            }
            for finding in findings
        ],
    }


def orphan_lines(orphans: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    """One line for each orphan."""
    if not orphans:
        yield Line("No orphans: every source and target connection is used by a flow or recorded.")
        return
    for orphan in orphans:
        yield Line(f"{orphan['kind']}  {orphan['id']}  {orphan['name']}  {_made(orphan)}".rstrip())
    yield Line(f"{len(orphans)} orphans. flowctl deletes none of them: look at each before you do.", "bold")


def _made(orphan: Mapping[str, Any]) -> str:
    created = orphan.get("createdAt")
    if not isinstance(created, int):
        return ""
    when = datetime.fromtimestamp(created / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    client = orphan.get("createdClient")
    return f"created {when}" + (f" by {client}" if client else "")
