"""Mappings in a CSV file: that it can be read, and that each of its rows is a mapping."""

from collections.abc import Iterator
from typing import Final

from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.mapping_file import mapping_file
from flowctl.manifest.mapping_rows import file_name
from flowctl.model.diagnostic import Diagnostic, SourceSpan
from flowctl.text.source import TextProblem

_AT_THE_NAME: Final = frozenset({"unreadable-file", "outside-workspace"})


def mapping_files(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """Each problem of the form of a mapping file, at its row; of a file that cannot be read, where it is named."""
    named = document.files.get(file_name(document) or "")
    if named is None:
        return
    if isinstance(named.text, TextProblem) and named.text.code in _AT_THE_NAME:
        problem = named.text
        shown = document.shown("mappings", "file")
        yield document.error(
            problem.code, f"{shown} {problem.summary}", "mappings", "file", detail=problem.detail, hint=problem.hint
        )
        return
    for problem in [named.text] if isinstance(named.text, TextProblem) else mapping_file(named.text).problems:
        yield Diagnostic(
            code=problem.code,
            summary=problem.summary,
            detail=problem.detail,
            hint=problem.hint,
            span=SourceSpan(file=named.path, line=problem.line, column=problem.column),
        )
