"""An import as a JSON document."""

from typing import Any

from flowctl.model.import_report import ImportedSandbox
from flowctl.views.envelope import envelope


def import_document(found: ImportedSandbox) -> dict[str, Any]:
    """What was written, bound and left out."""
    return envelope(
        environment=found.environment,
        dryRun=not found.is_written,
        summary={"import": found.objects},
        written=[{"file": file.file, "addresses": list(file.addresses)} for file in found.written],
        bound=[{"address": bound.address, "id": bound.id, "file": bound.file} for bound in found.bound],
        skipped=[
            {"kind": skipped.kind, "id": skipped.id, "name": skipped.name, "reason": skipped.reason}
            for skipped in found.skipped
        ],
        diagnostics=[each.to_json() for each in found.diagnostics],
    )
