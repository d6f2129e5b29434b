# ruff: noqa: E501 - tables read better in long lines
"""Mappings in a CSV file: read like those of a manifest, with every problem at its row and character."""

from __future__ import annotations

import pytest

from flowctl.manifest.mapping_file import mapping_file
from flowctl.manifest.mapping_rows import rows

HEADER = "source,expression,value,destination,identity,identityGroup,namespaceCode\n"
MAPPINGS = """\
  - {source: Vid, destination: _id}
  - {source: Properties_Firstname_Value, destination: person.name.firstName}
  - {expression: 'lower(Email)', destination: personalEmail.address}
"""


@pytest.fixture
def with_file(loaded, contract):
    """Load the contract's example with its mappings in a file of this text."""

    def run(text: str | bytes, name: str = "mappings.csv", written: str = "mappings.csv", **options):
        manifest = contract.replace(f"mappings:\n{MAPPINGS}", f"mappings: {{file: '{written}'}}\n")
        return loaded({"pipelines/a.yaml": manifest, f"pipelines/{name}": text}, **options)

    return run


def places(manifests) -> list[tuple[str, str, int, int]]:
    return [(each.code, each.span.file, each.span.line, each.span.column) for each in manifests.diagnostics]


@pytest.mark.parametrize("prefix", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_is_read_like_a_list(with_file, prefix, end):
    text = (
        HEADER + 'Vid,,,_id,,,\n\n,"concat(a, "","")",,person.name.firstName,,,\n,,crm,personalEmail.label,TRUE,g,n\n'
    )
    manifests = with_file((prefix + text.replace("\n", end)).encode())
    assert manifests.diagnostics == ()
    assert [dict(row.entry) for row in rows(manifests.documents[3])] == [
        {"source": "Vid", "destination": "_id"},
        {"expression": 'concat(a, ",")', "destination": "person.name.firstName"},
        {"value": "crm", "destination": "personalEmail.label", "identity": True, "identityGroup": "g", "namespaceCode": "n"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",§lowr(a),,_id,,,", "unknown-function"),
        (',"concat(""a"", §lowr(b))",,_id,,,', "unknown-function"),
        (',"concat(\n""a"", §lowr(b))",,_id,,,', "unknown-function"),
        (',"concat(\r\n""a"", §lowr(b))",,_id,,,', "unknown-function"),
        (',"concat(""\u2028\x85\x0b\x0c"", §lowr(b))",,_id,,,', "unknown-function"),
        (",'\u2028\x85\x0b\x0c' + §lowr(b),,_id,,,", "unknown-function"),
        ("a,,,person.§nam,,,", "destination-unknown"),
        (',"concat(""a"", b)",,person.§nam,,,', "destination-unknown"),
        ('"a,b",,,§persn,,,', "destination-unknown"),
        ("a.§.b,,,_id,,,", "source-path-syntax"),
        (",,§x,person.birthYear,,,", "literal-type"),
        ("§a,,,,,,", "mapping-file"),
        ("§a,lower(b),,_id,,,", "mapping-file"),
        ("§,,,_id,,,", "mapping-file"),
        ("§a,,,_id,perhaps,,", "mapping-file"),
        ("§,,x ${env:HOME},_id,,,", "mapping-file"),
        ('§,"concat(""${var:a}"", b)",,_id,,,', "mapping-file"),
        ("§a,,,_id,,,,more", "mapping-file"),
        ('§a,,,"_id"x,,,', "mapping-file"),
    ],
)
def test_a_problem_stands_at_its_row_and_character(with_file, row, code):
    text = f"{HEADER}{row}\n"
    before = text[: text.index("§")]
    column = len(before) - before.rfind("\n")
    assert places(with_file(text.replace("§", "")))[0] == (
        code,
        "pipelines/mappings.csv",
        before.count("\n") + 1,
        column,
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no mapping"),
        ("\n\n", "no mapping"),
        (HEADER, "no mapping"),
        ("sorce,destination\na,_id\n", 'unknown column "sorce"'),
        ("source,destination,\na,_id,\n", 'unknown column ""'),
        ("source,source,destination\na,b,_id\n", "column `source` is there twice"),
        ("source\na\n", "column `destination` is missing"),
        ("destination\n_id\n", "no column with sources"),
        ("source;destination\na;_id\n", "separated by semicolons"),
        ("source\tdestination\na\t_id\n", "separated by tabs"),
        ('source,destination\n"a,_id\n', "quotes of the row are broken"),
    ],
)
def test_the_form_of_a_file(with_file, text, words):
    (problem,) = with_file(text).diagnostics
    assert problem.code == "mapping-file"
    assert words in problem.summary
    assert problem.hint


def test_the_columns_of_a_mapping_file_may_be_wrapped(with_file):
    assert (
        with_file(f"{HEADER}${{First Name}},,,_id,,,\n,lower(${{env}}),,person.name.firstName,,,\n").diagnostics == ()
    )


def test_a_misspelled_column_has_its_nearest():
    assert mapping_file("sorce,destination\n").problems[0].hint == "Did you mean `source`?"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("missing.csv", "unreadable-file"),
        ("../../outside.csv", "outside-workspace"),
        ("/etc/hostname", "outside-workspace"),
        ("sub\\mappings.csv", "outside-workspace"),
        (".", "unreadable-file"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_in_the_manifest(with_file, written, code):
    (problem,) = with_file(HEADER, written=written).diagnostics
    assert (problem.code, problem.span.file) == (code, "pipelines/a.yaml")
    assert written in problem.summary


def test_a_missing_file_is_told_with_the_place_where_it_was_looked_for(with_file):
    (problem,) = with_file(HEADER, written="rows/missing.csv").diagnostics
    assert "`pipelines/rows/missing.csv`" in problem.detail


def test_a_file_that_is_not_utf_8(with_file):
    (problem,) = with_file(HEADER.encode() + b"\xff,,,_id,,,\n").diagnostics
    assert (problem.code, problem.span.file, problem.span.line) == ("not-utf-8", "pipelines/mappings.csv", 2)


def test_problems_of_a_file_are_told_where_its_manifest_is_chosen(with_file, tmp_path):
    manifests = with_file(f"{HEADER}a,,,persn,,,\n", paths=(tmp_path / "pipelines" / "a.yaml",))
    assert [each.code for each in manifests.diagnostics] == ["destination-unknown"]


def test_two_rows_of_one_destination(with_file):
    (problem,) = with_file(f"{HEADER}a,,,_id,,,\nb,,,_id,,,\n").diagnostics
    assert (problem.code, problem.span.line) == ("duplicate-destination", 3)
    assert problem.detail == "The first is at line 2."


def test_the_digest_changes_with_the_file_and_not_with_line_ends(with_file):
    first = with_file(f"{HEADER}a,,,_id,,,\n").digest
    assert with_file(f"{HEADER}a,,,_id,,,\n").digest == first
    assert with_file(f"{HEADER}b,,,_id,,,\n").digest != first
    assert with_file(f"{HEADER}a,,,_id,,,\n".replace("\n", "\r\n").encode()).digest == first


def test_an_expression_of_a_file_is_quoted_because_its_line_is_not_shown(with_file):
    (problem,) = with_file(f"{HEADER},lowr(Email),,_id,,,\n").diagnostics
    assert (problem.detail, problem.hint) == ("The expression is `lowr(Email)`.", "Did you mean `lower`?")
