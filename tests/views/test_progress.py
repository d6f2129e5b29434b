"""Progress of an apply: a line for each pipeline in a log, and for each step with -v."""

import itertools
import re
from collections.abc import Sequence

import pytest

from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Reason
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.operation import Operation
from flowctl.model.report import StepStatus
from flowctl.model.step import Step, StepEnd
from flowctl.views.progress import progress_view
from flowctl.views.step_words import OTHERWISE

DONE = StepEnd(status=StepStatus.DONE, id="id-1", seconds=0.1)
FAILED = StepEnd(status=StepStatus.FAILED, error=Diagnostic(code="x", summary="no permission"))
SKIPPED = StepEnd(status=StepStatus.SKIPPED, note="people.dataset failed")


def step(address: str, operation: Operation = Operation.CREATE, action: Action | None = None) -> Step:
    changed = Change(
        address=Address(address), action=action or Action(str(operation)), reason=Reason.ATTRIBUTES_CHANGED
    )
    return Step(
        key=f"{address} {operation}", operation=operation, change=changed, remote_id=None, depends_on=frozenset()
    )


def told(
    ends: Sequence[tuple[Step, StepEnd]], capsys: pytest.CaptureFixture[str], *, whole: bool = False, live: bool = False
) -> list[str]:
    names = {each.change.address: "people" for each, _ in ends if each.change.address.name == "people"}
    with progress_view([each for each, _ in ends], names, live=live, quiet=False, whole=whole) as progress:
        for each, _ in ends:
            progress.started(each)
        for each, end in ends:
            progress.ended(each, end)
    return [re.sub(r"\d+\.\d s", "0.0 s", line) for line in capsys.readouterr().err.splitlines()]


CREATED = [
    (step("crm.connection"), DONE),
    (step("people.source_connection"), DONE),
    (step("people.mapping_set"), DONE),
    (step("people.flow"), DONE),
]


def test_a_pipeline_has_one_line_without_ids(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(CREATED, capsys) == ["[1/4] crm.connection: created (0.0 s)", "[4/4] people:         3 created (0.0 s)"]


def test_v_has_a_line_for_each_step_with_its_id(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(CREATED, capsys, whole=True)
    assert lines[1] == "[2/4] people.source_connection: created id-1 (0.0 s)"
    assert len(lines) == 4


def test_a_failure_names_pipeline_step_and_reason_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    ends = [
        (step("people.dataset"), FAILED),
        (step("people.source_connection"), DONE),
        (step("people.flow"), SKIPPED),
    ]
    assert told(ends, capsys) == [
        "[1/3] people.dataset: failed: no permission",
        "[3/3] people: 1 created, 1 failed, 1 skipped (0.0 s)",
    ]


def test_a_single_step_that_failed_has_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    ends = [(step("crm.connection"), FAILED), (step("people.dataset"), DONE), (step("people.flow"), FAILED)]
    assert told(ends, capsys) == [
        "[1/3] crm.connection: failed: no permission",
        "[3/3] people.flow: failed: no permission",
        "[3/3] people:         1 created, 1 failed (0.0 s)",
    ]
    assert told([(step("people.flow"), FAILED)], capsys) == ["[1/1] people.flow: failed: no permission"]


def test_an_object_that_is_replaced_counts_once(capsys: pytest.CaptureFixture[str]) -> None:
    ends = [
        (step("people.flow", Operation.CREATE, Action.REPLACE), DONE),
        (step("people.flow", Operation.DELETE, Action.REPLACE), DONE),
        (step("people.dataset", Operation.DELETE), StepEnd(status=StepStatus.DONE, kept=True)),
    ]
    assert told(ends, capsys) == ["[3/3] people: 1 replaced, 1 no longer managed (0.0 s)"]


def test_very_many_pipelines_are_thinned_and_failures_stay(capsys: pytest.CaptureFixture[str]) -> None:
    ends = [(step(f"p{number}.flow"), FAILED if number % 100 == 7 else DONE) for number in range(1000)]
    lines = told(ends, capsys)
    assert 100 <= len(lines) <= 130
    assert sum(": failed: " in line for line in lines) == 10
    assert lines[-1].startswith("[1000/1000] ")


def test_a_slow_run_gives_a_sign_of_life(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    moments = itertools.count(step=60)
    monkeypatch.setattr("time.monotonic", lambda: next(moments))
    lines = told(CREATED[1:], capsys)
    assert lines[:2] == [
        "[1/3] people.source_connection: created id-1 (0.0 s)",
        "[2/3] people.mapping_set: created id-1 (0.0 s)",
    ]
    assert lines[2].startswith("[3/3] people: 3 created")


def test_a_terminal_gets_the_same_lines(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(CREATED, capsys, live=True)
    assert [line.rstrip() for line in lines if line.startswith("[")] == told(CREATED, capsys)


def test_a_name_that_is_longer_than_its_column_stays_apart(capsys: pytest.CaptureFixture[str]) -> None:
    address = f"{'long-name-' * 8}end.connection"
    assert told([(step(address), DONE)], capsys) == [f"[1/1] {address}: created (0.0 s)"]


def test_the_last_step_of_a_thinned_log_has_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert told([(step(f"p{number}.flow"), DONE) for number in range(1005)], capsys)[-1].startswith("[1005/1005] p1004")


def test_v_has_the_ids_of_new_objects_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert told([(step("people.flow", Operation.UPDATE), DONE)], capsys, whole=True) == [
        "[1/1] people.flow: updated (0.0 s)"
    ]


def test_an_old_object_that_stays_is_not_deleted(capsys: pytest.CaptureFixture[str]) -> None:
    kept = StepEnd(status=StepStatus.DONE, kept=True)
    (line,) = told([(step("people.dataset", Operation.DELETE, Action.REPLACE), kept)], capsys, whole=True)
    assert line == "[1/1] people.dataset: no longer managed (0.0 s)"


def test_an_unknown_end_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    unknown = StepEnd(status=StepStatus.UNKNOWN, note="the reply was lost")
    ends = [(step("people.dataset"), unknown), (step("people.flow"), SKIPPED)]
    assert told(ends, capsys)[0].endswith("people.dataset: " + OTHERWISE[StepStatus.UNKNOWN] + ": the reply was lost")
