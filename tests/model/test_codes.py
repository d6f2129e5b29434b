"""The table of diagnostic codes is what the source uses: every code, every severity, and nothing else."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from code_uses import evaluating, sources, uses, words
from surroundings import ROOT

from flowctl.kinds.evolution_rules import BY_NAME
from flowctl.model.codes import AREAS, CODES, described
from flowctl.model.codes.code import DiagnosticCode
from flowctl.model.diagnostic import Severity

_HYPHENATED = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
_NO_CODES = {
    *("content-encoding", "content-length", "content-type", "detailed-message", "retry-after", "transfer-encoding"),
    *("x-api-key", "x-gw-ims-org-id", "x-sandbox-name", "c604ff05-7f1a-43c0-8e18-33bf874cb11c"),
    *(
        "flow-specs",
        "re-trigger",
        "content-range",
        "if-match",
        "local-client",
        "local-secret",
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "latin-1",
        "x-gzip",
    ),
    *("date-time", "create-first", "delete-first"),
    *("local-example", "us-west-2", "sign-in", "unreadable-run", "not-a-secret"),
    *BY_NAME,  # the rules by which schemas change
}
"""Texts of flowctl that look like a code and are none."""
_NO_ROW_CODES = {
    *("date-pattern", "date-part", "0-9", "a-z", "path-syntax", "unicode-escape", "raw-unicode-escape"),
    *("utf-16-be", "utf-16-le", "utf-32-be"),
}
"""The same in the packages that evaluate; a path that is none is found before it is evaluated."""
ROWS = [row for area in AREAS for row in area.codes]


def test_the_table_holds_exactly_the_codes_of_the_source() -> None:
    found: set[str] = set()
    for name, tree in sources():
        found |= {use.code for use in uses(name, tree)}
        # Many ways lead to a diagnostic, and every code but a few is words with hyphens.
        found |= {word for word in words(tree) if _HYPHENATED.fullmatch(word) and word.upper() != word} - _NO_CODES
    assert found | _row_codes() == set(CODES)


def _row_codes() -> set[str]:
    """The codes of problems that the values of a row have."""
    found = {word for _, tree in evaluating() for word in words(tree) if _HYPHENATED.fullmatch(word)}
    return found - _NO_CODES - _NO_ROW_CODES


def test_the_table_has_the_codes_of_values_and_rows() -> None:
    (area,) = [area for area in AREAS if area.title == "Values and rows"]
    assert {row.code for row in area.codes} - _row_codes() == {"malformed-row"}
    assert {code for code in _row_codes() if described(code) is None} == set()


def test_the_table_lists_the_severities_that_the_source_uses() -> None:
    used: defaultdict[str, set[Severity]] = defaultdict(set)
    for name, tree in sources():
        for use in uses(name, tree):
            used[use.code] |= use.severities
    of_rows = {row.code for area in AREAS if area.title == "Values and rows" for row in area.codes}
    assert dict(used) == {row.code: set(row.severities) for row in ROWS if row.code not in of_rows - set(used)}


def test_a_code_stands_once_and_in_one_area() -> None:
    assert len(CODES) == len(ROWS)
    assert len({row.title for row in ROWS}) == len(ROWS)
    assert len({area.title for area in AREAS}) == len(AREAS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_a_row_is_complete_and_fits_into_a_table(row: DiagnosticCode) -> None:
    assert re.fullmatch(r"[A-Z][^.]*", row.title.replace("flowctl.yaml", "")), row.title
    assert re.search(r"[.?!`)]\Z", row.meaning)
    assert row.cure.endswith((".", "`"))
    assert not {"\n", "|"} & set(row.meaning + row.cure)
    assert len(row.severities) in (1, 2)
    assert ("warning" in row.meaning) is (len(row.severities) == 2), "one that may be both says when it is a warning"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("usage", "usage"),
        ("http-403", "http-STATUS"),
        ("http-STATUS", "http-STATUS"),
        ("http-600", None),
        ("http-4030", None),
        ("usag", None),
        ("", None),
    ],
)
def test_a_code_is_looked_up(code: str, found: str | None) -> None:
    row = described(code)
    assert (row.code if row else None) == found


def test_links_of_the_table_lead_somewhere() -> None:
    reference = ROOT / "docs" / "reference"
    for row in ROWS:
        for target in re.findall(r"\]\(([^)#]+)", row.meaning + row.cure):
            assert (reference / Path(target)).exists(), row.code
