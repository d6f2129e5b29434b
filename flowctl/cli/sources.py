"""Show the source line of a diagnostic; what reads files is imported only if there is a line to show."""

from pathlib import Path

from flowctl.masking.secret_values import SecretValues
from flowctl.model.diagnostic import Diagnostic
from flowctl.views.output import Source


def source_of(folder: Path, secrets: SecretValues) -> Source:
    """The source lines of the workspace that a folder is in, without secrets."""
    found: list[Source] = []

    def source(diagnostic: Diagnostic) -> tuple[str, int] | None:
        if diagnostic.span is None:
            return None
        if not found:
            from flowctl.operations.source_lines import SourceLines

            found.append(SourceLines(secrets, folder).of)
        return found[0](diagnostic)

    return source
