"""What every JSON document has: the version of its form, and diagnostics."""

from collections.abc import Iterable
from typing import Any

from flowctl.model.diagnostic import Diagnostic
from flowctl.model.result import FORMAT_VERSION


def envelope(**members: Any) -> dict[str, Any]:
    """The document with these members. Its list of diagnostics may be empty, but is always there."""
    return {"formatVersion": FORMAT_VERSION, **members, "diagnostics": members.get("diagnostics", [])}


def diagnostics_document(diagnostics: Iterable[Diagnostic]) -> dict[str, Any]:
    """The document of a validation, and of any command that fails before it has a result."""
    return envelope(diagnostics=[diagnostic.to_json() for diagnostic in diagnostics])
