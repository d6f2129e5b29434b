"""Diagnostic codes as explanations: the rows of the table, with links as plain words and the pages apart."""

import re
from typing import Final

from flowctl.kinds.run_error_codes import RunErrorCode
from flowctl.model.codes import AREAS
from flowctl.model.codes.code import DiagnosticCode
from flowctl.model.diagnostic import Severity
from flowctl.model.explanation import ExplainedCode
from flowctl.operations.explaining.pages import pages

_LINK: Final = re.compile(r"\[(?P<words>[^\]]+)\]\((?P<target>[^)\s]+)\)")
RUN_AREA: Final = "Errors of runs, from Experience Platform"
_FOLDER: Final = "reference"
"""The folder of `docs/` to which the links of the table are relative."""


def explained_code(row: DiagnosticCode) -> ExplainedCode:
    """The explanation of a code."""
    linked = [link["target"].partition("#")[0] for text in (row.meaning, row.cure) for link in _LINK.finditer(text)]
    named = [_from_docs(page) for page in linked if page.endswith(".md")]
    return ExplainedCode(
        code=row.code,
        title=row.title,
        area=next(area.title for area in AREAS if row in area.codes),
        severities=tuple(severity.value for severity in row.severities),
        meaning=_LINK.sub(lambda link: link["words"], row.meaning),
        cure=_LINK.sub(lambda link: link["words"], row.cure),
        pages=pages(*dict.fromkeys((*named, f"{_FOLDER}/diagnostics.md"))),
    )


def explained_run_code(code: str, row: RunErrorCode) -> ExplainedCode:
    """The explanation of an error code of runs, which is Adobe's."""
    return ExplainedCode(
        code=code,
        title="Error of a run",
        area=RUN_AREA,
        severities=(Severity.ERROR.value,),
        meaning=row.cause,
        cure=row.cure,
        pages=(row.source, *pages("guides/watch.md")),
    )


def _from_docs(page: str) -> str:
    """The page relative to `docs/`: links lead at most one folder up."""
    return page.removeprefix("../") if page.startswith("../") else f"{_FOLDER}/{page}"
