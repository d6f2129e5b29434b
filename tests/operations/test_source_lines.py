"""The line that a diagnostic is about is read from the workspace, and no secret is in it."""

from pathlib import Path

import pytest

from flowctl.masking.secret_values import SecretValues
from flowctl.model.diagnostic import Diagnostic, SourceSpan
from flowctl.operations.source_lines import SourceLines

MASK = "(sensitive)"


def line_of(folder: Path, text: str, place: tuple[int, int], *secrets: str, code: str = "unknown-key") -> object:
    (folder / "flowctl.yaml").write_text("kind: Workspace\n", encoding="utf-8")
    (folder / "a.yaml").write_text(text, encoding="utf-8", newline="")
    known = SecretValues()
    known.add(*secrets)
    (folder / "below").mkdir(exist_ok=True)
    span = SourceSpan(file="a.yaml", line=place[0], column=place[1])
    return SourceLines(known, folder / "below").of(Diagnostic(code=code, summary="wrong", span=span))


def test_a_line_is_found_from_a_folder_below(tmp_path: Path) -> None:
    assert line_of(tmp_path, "a: 1\r\nb: 2\r\n", (2, 4)) == ("b: 2", 4)


@pytest.mark.parametrize("place", [(9, 1), (1, 9)])
def test_a_place_that_the_file_no_longer_has_is_not_shown(tmp_path: Path, place: tuple[int, int]) -> None:
    assert line_of(tmp_path, "a: 1\n", place) is None


@pytest.mark.parametrize("code", ["not-utf-8", "no-manifests", "missing-key", "missing-schedule"])
def test_a_whole_file_or_document_has_no_line(tmp_path: Path, code: str) -> None:
    assert line_of(tmp_path, "a: 1\n", (1, 1), code=code) is None


def test_a_merge_conflict_is_shown(tmp_path: Path) -> None:
    assert line_of(tmp_path, "a: 1\n<<<<<<< mine\n", (2, 1), code="merge-conflict") == ("<<<<<<< mine", 1)


def test_what_the_run_knows_as_a_secret_is_hidden_and_the_column_follows(tmp_path: Path) -> None:
    text = "title: {a: very-secret-9, b: x}\n"
    assert line_of(tmp_path, text, (1, 30), "very-secret-9") == (f"title: {{a: {MASK}, b: x}}", 28)


@pytest.mark.parametrize(
    ("text", "line", "column", "shown"),
    [
        ("clientSecret: 'hunter2\n", 1, 15, (f"clientSecret: {MASK}", 15)),
        ("password: hunter2: x\n", 1, 18, (f"password: {MASK}", 11)),
        ("clientSecret: ${env:A}\n", 1, 15, ("clientSecret: ${env:A}", 15)),
        ("params: {host: a, password: hunter2, x: [1\n", 1, 9, (f"params: {{host: a, password: {MASK}", 9)),
        ("a: https://me:hunter2@host/\n", 1, 1, (f"a: https://{MASK}@host/", 1)),
        ("privateKey: |\n  hunter2\n bad\n", 2, 3, None),
        ("auth:\n  params:\n    own: hunter2\n", 3, 5, (f"    own: {MASK}", 5)),
        ("auth:\n  params:\n    host: a\n", 3, 5, ("    host: a", 5)),
        ("auth:\n  params:\n    hunter2\n", 3, 5, None),
        ("auth: {specName: a, params: {own: hunter2\n", 1, 7, (f"auth: {{specName: a, params: {{own: {MASK}", 7)),
        ("a:\n  b: c\n", 2, 3, ("  b: c", 3)),
    ],
)
def test_what_may_be_a_secret_is_hidden(
    tmp_path: Path, text: str, line: int, column: int, shown: tuple[str, int] | None
) -> None:
    found = line_of(tmp_path, text, (line, column), code="yaml-syntax")
    assert found == shown
    assert "hunter2" not in str(found)


def test_the_name_of_a_variable_is_not_hidden(tmp_path: Path) -> None:
    text = "auth:\n  params:\n    accessToken: ${var:shopToken}\n    password: p${env:PASS}\n"
    assert line_of(tmp_path, text, (3, 18)) == ("    accessToken: ${var:shopToken}", 18)
    shown = line_of(tmp_path, text, (4, 15))
    assert shown == (f"    password: {MASK}", 15)


def test_a_url_is_shown_without_its_password(tmp_path: Path) -> None:
    plain = '    auth: {tokenUrl: "http://127.0.0.1:9/ims"}'
    assert line_of(tmp_path, plain + "\n", (1, 22)) == (plain, 22)
    shown = line_of(tmp_path, plain.replace("127", "ana:Pa55word@127") + "\n", (1, 22))
    assert "Pa55word" not in str(shown)


@pytest.mark.parametrize("word", ["x", "x1", "é", "1", "-", "x-"])
def test_a_long_word_is_read_once(tmp_path: Path, word: str) -> None:
    text = f"{word * (200_000 // len(word))} # a\n"
    assert line_of(tmp_path, text, (1, 1)) is not None


@pytest.mark.parametrize("lead", ["", "1", "é", "9.", "--", "{", "a: b, "])
def test_a_key_is_found_after_anything(tmp_path: Path, lead: str) -> None:
    assert "hunter2" not in str(line_of(tmp_path, f"x: y {lead}password: hunter2\n", (1, 1)))
