"""Format the YAML files of a workspace: all are written, or none. What a file says does not change."""

import os
from codecs import BOM_UTF8
from collections.abc import Sequence
from pathlib import Path

from flowctl.manifest.reading.discover import WORKSPACE_FILE, discover, unreadable
from flowctl.manifest.reading.load import diagnostic
from flowctl.manifest.reading.selection import selected
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan, in_file_order
from flowctl.model.formatting_report import FormattedFiles
from flowctl.operations.written_manifests import write_manifests
from flowctl.regular_file import TooLarge, read_regular
from flowctl.settings.workspace import Workspace
from flowctl.text.layout.formatted import NotInForm, formatted
from flowctl.text.source import MOST_BYTES, TextProblem, decode, too_large


def format_files(workspace: Workspace, paths: Sequence[Path] = (), *, check: bool = False) -> FormattedFiles:
    """Write flowctl.yaml, manifests and policies, or those of them below `paths`, in form, unless this is a check.

    A file that is not YAML, or that cannot be formatted, stays as it is and has a diagnostic. Raises StateError if a
    file cannot be written; then none is changed.
    """
    files, problems, _ = discover(workspace)
    everything = {WORKSPACE_FILE: str(workspace.root / WORKSPACE_FILE), **files}
    wanted, missing = selected(workspace.root, everything, paths)
    chosen = {file: path for file, path in everything.items() if wanted is None or file in wanted}
    found: list[Diagnostic] = [*missing, *(problem for problem in problems if wanted is None)]
    changed: dict[str, str] = {}
    for file, path in chosen.items():
        new = _changed(file, path)
        if isinstance(new, Diagnostic):
            found.append(new)
        elif new is not None:
            changed[file] = new
    if not check:
        write_manifests({Path(os.path.realpath(everything[file])): text for file, text in changed.items()})
    return FormattedFiles(
        files=tuple(sorted(changed)), checked=len(chosen), written=not check, diagnostics=in_file_order(found)
    )


def _changed(file: str, path: str) -> str | Diagnostic | None:
    """The new text of a file, None if it is in form, or why it is left as it is."""
    try:
        data = read_regular(path, MOST_BYTES)
    except TooLarge:
        return diagnostic(file, too_large())
    except OSError as error:
        return unreadable(file, error)
    text = decode(data)
    if isinstance(text, TextProblem):
        return diagnostic(file, text)
    try:
        new = formatted(text)
    except NotInForm as error:
        return _left(file, str(error))
    if isinstance(new, TextProblem):
        return diagnostic(file, new)
    mark = BOM_UTF8.decode("utf-8") if data.startswith(BOM_UTF8) else ""
    return mark + new if new != text else None


def _left(file: str, why: str) -> Diagnostic:
    return Diagnostic(
        code="not-formatted",
        summary=f"the file is left as it is: {why}",
        severity=Severity.WARNING,
        detail="`fmt` writes a file only if its values, styles and comments stay the same.",
        hint="Change its form yourself.",
        span=SourceSpan(file=file),
    )
