"""What the bodies of runs say: every status, counts that tell nothing, errors at every place, batches, times."""

from typing import Any

import pytest
from run_bodies import FLOW, RUN, body

from flowctl.kinds.flow_runs import last_run_of, run_of
from flowctl.kinds.run_error_codes import RUN_ERROR_CODES, explained


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("scheduled", "pending"),
        ("QUEUED", "pending"),
        ("inProgress", "in_progress"),
        ("IN_PROGRESS", "in_progress"),
        ("success", "success"),
        ("Success", "success"),
        ("COMPLETED", "success"),
        ("PARTIAL_SUCCESS", "partial"),
        ("partialFailure", "partial"),
        ("failed", "failed"),
        ("cancelled", "canceled"),
        ("aborted", "canceled"),
    ],
)
def test_each_word_of_a_status(word: str, status: str) -> None:
    assert run_of(body(word)).status == status


def test_a_success_with_refused_rows_is_partial() -> None:
    records = {"inputRecordCount": 100, "outputRecordCount": 97, "failedRecordCount": 3}
    run = run_of(body("success", metrics={"recordSummary": records}))
    assert (run.status, run.records.failed, run.failed_percent) == ("partial", 3, 3.0)


def test_a_success_with_errors_is_partial() -> None:
    errors = [{"code": "INGEST-1212-400", "message": "Encountered 1 errors"}]
    assert (
        run_of(body("success", metrics={"statusSummary": {"status": "success", "errors": errors}})).status == "partial"
    )


def test_a_status_that_is_not_known_is_never_taken_for_a_success() -> None:
    over = run_of(body("exploded"))
    assert (over.status, over.errors[-1].code) == ("failed", "UNKNOWN-STATUS")
    assert '"exploded"' in over.errors[-1].message
    assert run_of(body("exploding", metrics={"durationSummary": {"startedAtUTC": 1}})).status == "in_progress"


def test_counts_of_minus_one_tell_nothing() -> None:
    records = dict.fromkeys(("inputRecordCount", "outputRecordCount", "failedRecordCount"), -1)
    run = run_of(body("failed", metrics={"recordSummary": records}))
    assert (run.records.read, run.records.written, run.records.failed, run.failed_percent) == (None, None, None, None)


def test_counts_that_only_an_activity_has_are_the_runs() -> None:
    activities = [{"id": "copyActivity", "recordSummary": {"inputRecordCount": 7}}, {"recordSummary": {}}]
    run = run_of(body("success", metrics={"recordSummary": {"outputRecordCount": 5}}, activities=activities))
    assert (run.records.read, run.records.written, run.records.failed) == (7, 5, None)


def test_errors_of_activities_are_told_once_with_their_count() -> None:
    copied = {"code": "CONNECTOR-2001-500", "message": "Error occurred at promotion activity."}
    mapper = {"code": "MAPPER-3700-400", "recordCount": 4, "message": "Mapper Transform Error"}
    activity = {"statusSummary": {"status": "failed", "errors": [copied], "extensions": {"errors": [mapper]}}}
    summary = {"status": "failed", "errors": [copied, {"code": "MAPPER-3700-400", "message": ""}]}
    run = run_of(body("failed", metrics={"statusSummary": summary}, activities=[activity]))
    assert [(error.code, error.records) for error in run.errors] == [
        ("CONNECTOR-2001-500", None),
        ("MAPPER-3700-400", 4),
    ]
    assert all(error.cause and error.cure and error.source.startswith("https://") for error in run.errors)


def test_an_error_that_is_not_documented_stays_as_it_is() -> None:
    summary = {"status": "failed", "errors": [{"code": "133", "message": "We are unable to locate any files"}]}
    (error,) = run_of(body("failed", metrics={"statusSummary": summary})).errors
    assert (error.code, error.message, error.cause, error.cure) == ("133", "We are unable to locate any files", "", "")


def test_batches_by_reference_and_by_extension() -> None:
    target = {"type": "TargetConnection", "reference": {"type": "batch", "ids": ["a", "b"]}}
    activities = [{"targetInfo": [target]}, {"statusSummary": {"extensions": {"batchId": "a"}}}]
    assert run_of(body("success", activities=activities)).batches == ("a", "b")
    assert run_of(body("success", activities=activities[1:])).batches == ("a",)
    source = {"targetInfo": [{"reference": {"type": "AdfRunId", "ids": ["c"]}}]}
    assert run_of(body("success", activities=[source])).batches == ()


def test_times_in_seconds_are_read_as_such_and_a_zero_as_none() -> None:
    run = run_of(body("success", metrics={"durationSummary": {"startedAtUTC": 1_590_512_053, "completedAtUTC": 0}}))
    assert (run.started_at, run.completed_at) == (1_590_512_053_000, None)
    assert run_of(body("scheduled", metrics={"durationSummary": {}})).begun == 1_767_229_190_000
    assert run_of(body("success", metrics={"durationSummary": {"startedAtUTC": 10**18}})).started_at is None


def test_a_run_under_way_is_not_completed() -> None:
    assert run_of(body("inProgress")).completed_at is None


@pytest.mark.parametrize("broken", [{"id": "x"}, {"flowId": None, "id": 7}])
def test_what_has_no_id_is_not_a_run(broken: dict[str, Any]) -> None:
    with pytest.raises((ValueError, LookupError)):
        run_of({**body("success"), **broken})


def test_what_a_flow_tells_of_its_last_run() -> None:
    details = {"id": RUN, "state": "failed", "startedAtUTC": 1_767_229_200_000, "completedAtUTC": 1_767_229_260_000}
    run = last_run_of(FLOW, {"lastRunDetails": details})
    assert run is not None
    assert (run.id, run.flow_id, run.status, run.completed_at) == (RUN, FLOW, "failed", 1_767_229_260_000)
    assert last_run_of(FLOW, {}) is None
    assert last_run_of(FLOW, {"lastRunDetails": {"id": "none"}}) is None


@pytest.mark.parametrize("code", ["INGEST-1212-400", "ingest-1212", "INGEST-1212"])
def test_a_code_is_known_with_and_without_its_http_status(code: str) -> None:
    assert explained(code) == RUN_ERROR_CODES["INGEST-1212"]


@pytest.mark.parametrize("code", ["", "133", "INGEST", "INGEST-12", "OTHER-1212-400"])
def test_other_codes_are_not_explained(code: str) -> None:
    assert explained(code) is None
