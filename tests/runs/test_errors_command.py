"""`flowctl runs errors`: counts by code first, and rows of customers only where they are asked for."""

import json
import os
import stat

import pytest
from run_bodies import advance, ran
from surroundings import Platform, Workspace

EXPORT = "/data/foundation/export"
KEEPS = "partner-files"
"""The example whose dataflow keeps rejected rows."""


@pytest.fixture
def applied(examples: Workspace) -> Workspace:
    examples.begin_applied()
    return examples


def test_counts_by_code_come_first_and_no_row_is_read(applied: Workspace, platform: Platform) -> None:
    run_id = ran(platform, applied, KEEPS, "failed")
    platform.clear_log()
    result = applied.run("runs", "errors", run_id)
    assert result.code == 0
    lines = [line for line in result.out.splitlines() if line]
    assert lines[0] == f"{KEEPS}: run {run_id} (failed): 100 read, 0 written, 100 failed"
    assert lines[1] == "  MAPPER-3700-400 (100 rows): Mapper Transform Error"
    assert any(line.startswith("  CONNECTOR-2001-500: ") for line in lines)
    assert not [request for request in platform.log() if request["path"].startswith(EXPORT)]


def test_a_sample_shows_codes_and_columns_but_no_value(applied: Workspace, platform: Platform) -> None:
    run_id = ran(platform, applied, KEEPS, "failed")
    result = applied.run("runs", "errors", run_id, "--sample", "2")
    assert result.out.count("conversion_errors_0.json: MAPPER-3700-400") == 2
    assert "columns: id, _filename" in result.out
    document = applied.run("runs", "errors", run_id, "--sample", "2", "--format", "json")
    assert [row["values"] for row in document.json["rows"]] == [None, None]
    assert "made up" not in result.out + document.out


def test_values_are_shown_if_that_is_asked_for(applied: Workspace, platform: Platform) -> None:
    run_id = ran(platform, applied, KEEPS, "failed")
    result = applied.run("runs", "errors", run_id, "--show-values")
    assert 'id: "made up 1"' in result.out
    assert result.out.count('id: "made up') == 10
    rows = applied.run("runs", "errors", run_id, "--show-values", "--sample", "1", "--format", "json").json["rows"]
    assert [row["values"]["id"] for row in rows] == ["made up 1"]


def test_all_rows_are_written_to_a_folder_of_the_owner(applied: Workspace, platform: Platform) -> None:
    run_id = ran(platform, applied, KEEPS, "failed")
    folder = applied.root / "rejected"
    result = applied.run("runs", "errors", run_id, "--out", str(folder), "--format", "json")
    assert result.code == 0, result.err
    assert (result.json["written"], result.json["out"], result.json["rows"]) == (100, str(folder), [])
    assert "made up" not in result.out + result.err
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = sorted(folder.iterdir())
    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == [f"made up {number}" for number in range(1, 101)]
    assert {error["code"]: error["records"] for error in result.json["errors"]}["MAPPER-3700-400"] == 100
    text = applied.run("runs", "errors", run_id, "--out", str(applied.root / "again")).out
    assert f"100 rejected rows written to {applied.root / 'again'}." in text


def test_a_folder_with_something_in_it_is_left_alone(applied: Workspace, platform: Platform) -> None:
    run_id = ran(platform, applied, KEEPS, "failed")
    result = applied.run("runs", "errors", run_id, "--out", str(applied.root))
    assert (result.code, "is not empty" in result.err) == (1, True)
    (applied.root / "file").write_text("")
    assert applied.run("runs", "errors", run_id, "--out", str(applied.root / "file/below")).code == 1
    empty = applied.root / "empty"
    empty.mkdir(mode=0o755)
    assert applied.run("runs", "errors", run_id, "--out", str(empty)).code == 0
    assert stat.S_IMODE(empty.stat().st_mode) == 0o700
    assert os.listdir(empty)  # noqa: PTH208


@pytest.mark.parametrize(
    ("pipeline", "outcome", "days", "why"),
    [
        ("shop-customers", "failed", 0, "the dataflow keeps no rejected rows"),
        (KEEPS, "success", 0, "it rejected no rows"),
        (KEEPS, "failed", 31, "they are kept for 30 days"),
    ],
)
def test_why_there_are_no_rows(
    applied: Workspace, platform: Platform, pipeline: str, outcome: str, days: int, why: str
) -> None:
    run_id = ran(platform, applied, pipeline, outcome)
    advance(platform, days=days)
    folder = applied.root / "rejected"
    result = applied.run("runs", "errors", run_id, "--out", str(folder))
    assert (result.code, why in result.err) == (1, True)
    assert not folder.exists()
    assert applied.run("runs", "errors", run_id).code == 0


def test_rows_until_the_last_day(applied: Workspace, platform: Platform) -> None:
    run_id = ran(platform, applied, KEEPS, "partial")
    advance(platform, days=29)
    rows = applied.run("runs", "errors", run_id, "--sample", "9", "--format", "json").json["rows"]
    assert len(rows) == 3


def test_a_run_without_errors(applied: Workspace, platform: Platform) -> None:
    result = applied.run("runs", "errors", ran(platform, applied, KEEPS))
    assert (result.code, "The run has no errors." in result.out) == (0, True)


def test_a_refusal_of_the_rows_is_an_error(applied: Workspace, platform: Platform) -> None:
    run_id = ran(platform, applied, KEEPS, "failed")
    (batch,) = (applied.run("runs", "show", run_id, "--format", "json").json["runs"][0]["batch"],)
    platform.fault(match={"method": "GET", "path": f"{EXPORT}/batches/{batch}/meta"}, times=1, effect={"status": 403})
    result = applied.run("runs", "errors", run_id, "--sample", "1")
    assert (result.code, "http-403" in result.err) == (1, True)
