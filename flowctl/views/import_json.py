"""An import as a JSON document."""

from typing import Any

from flowctl.model.import_report import ImportedSandbox, SkippedObject
from flowctl.views.envelope import envelope


def _with_reason(each: SkippedObject) -> dict[str, str]:
    return {"kind": each.kind, "id": each.id, "name": each.name, "reason": each.reason}


def import_document(found: ImportedSandbox) -> dict[str, Any]:
    """What was written, bound and left out."""
    return envelope(
        environment=found.environment,
        dryRun=not found.is_written,
        summary={"import": found.objects},
        written=[{"file": file.file, "addresses": list(file.addresses)} for file in found.written],
        bound=[{"address": bound.address, "id": bound.id, "file": bound.file} for bound in found.bound],
        skipped=[_with_reason(skipped) for skipped in found.skipped],
        referred=[_with_reason(each) for each in found.referred],
        diagnostics=[each.to_json() for each in found.diagnostics],
    )
