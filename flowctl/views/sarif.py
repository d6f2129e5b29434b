"""Results as a SARIF 2.1.0 log, which code scanning of GitHub and many other tools read."""

from typing import Final
from urllib.parse import quote

from flowctl import __version__
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSONValue
from flowctl.model.result import NoResult, Result, WrongUsage
from flowctl.views.diagnostics import diagnostic_lines
from flowctl.views.findings import findings, place
from flowctl.views.fingerprints import fingerprints
from flowctl.views.output import Output, RenderOptions
from flowctl.views.sarif_rules import rule
from flowctl.views.visible import json_text, visible

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT: Final = "%SRCROOT%"
_FINGERPRINTS: Final = ("flowctl/v1", "primaryLocationLineHash")
"""The first is ours; the second is the only one that GitHub reads."""


def render(result: Result, options: RenderOptions) -> Output:
    """The findings as one run of one tool; they are messages, too, because the log goes into a file."""
    found = findings(result)
    codes = list(dict.fromkeys(finding.code for finding in found))
    folder = options.folder()
    marks = fingerprints(found, folder, options.masked)
    run: JSONValue = {
        "tool": {
            "driver": {
                "name": "flowctl",
                "version": __version__,
                "rules": [rule(code) for code in codes],
            }
        },
        "invocations": [{"executionSuccessful": not isinstance(result.data, NoResult | WrongUsage)}],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "results": [
            _result(finding, codes.index(finding.code), folder, mark)
            for finding, mark in zip(found, marks, strict=True)
        ],
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return Output(text=json_text(document, indent=2) + "\n", messages=diagnostic_lines(found))


def _result(finding: Diagnostic, index: int, folder: str, fingerprint: str) -> JSONValue:
    where = place(finding, folder)
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": str(finding.severity),
        "message": {"text": _message(finding)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(where.file), "uriBaseId": _ROOT},
                    "region": {"startLine": where.line, "startColumn": where.column},
                }
            }
        ],
        "partialFingerprints": dict.fromkeys(_FINGERPRINTS, fingerprint),
    }


def _message(finding: Diagnostic) -> str:
    """The words of a finding. Readers of SARIF make a link of `[text](target)`, so that no name may hold one."""
    words = "\n".join(visible(words) for words in (finding.summary, finding.detail, finding.hint) if words)
    return words.replace("](", "] (")
