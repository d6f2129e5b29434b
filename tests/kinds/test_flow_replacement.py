"""When a flow has to be made anew: by what changes, and by whether its start has passed at a fixed time."""

import pytest

from flowctl.engine.plan.replacement import forced_paths
from flowctl.kinds.flow import KIND
from flowctl.model.change import AttributeChange
from flowctl.model.resource import OnReplace, RemoteObject, Unknown

NOW = 1_800_000_000.0
DAILY = {"startTime": 5, "frequency": "day", "backfill": True}
PAST, FUTURE = 1_700_000_000, 1_900_000_000


def _is_replaced(path: tuple[str, ...], after: object, schedule: object, before: object = None) -> bool:
    live = RemoteObject(id="f", etag=None, attributes={"scheduleParams": schedule}, body={})
    change = AttributeChange(steps=path, before=before, after=after)
    return bool(forced_paths(KIND, (change,), live, NOW))


@pytest.mark.parametrize(
    ("member", "after", "before_start", "after_start"),
    [
        ("startTime", FUTURE + 60, False, True),
        ("startTime", str(FUTURE + 60), False, True),
        ("backfill", False, False, True),
        ("backfill", "true", False, True),
        ("backfill", None, False, False),
        ("frequency", "once", False, True),
        ("frequency", "hour", False, False),
        ("interval", 3, False, False),
        ("interval", None, False, False),
    ],
)
@pytest.mark.parametrize("as_posted", [int, str])
def test_the_schedule_is_fixed_in_part_once_the_start_has_passed(
    member: str, after: object, before_start: bool, after_start: bool, as_posted: type
) -> None:
    path = ("scheduleParams", member)
    assert _is_replaced(path, after, {"startTime": as_posted(FUTURE), "frequency": "day"}) is before_start
    assert _is_replaced(path, after, {"startTime": as_posted(PAST), "frequency": "day"}) is after_start


def test_the_start_has_passed_at_its_very_second() -> None:
    assert _is_replaced(("scheduleParams", "startTime"), FUTURE, {"startTime": int(NOW)})


@pytest.mark.parametrize("start", ["tomorrow", [], None])
def test_a_start_that_cannot_be_read_counts_as_passed(start: object) -> None:
    assert _is_replaced(("scheduleParams", "startTime"), FUTURE, {"startTime": start})


@pytest.mark.parametrize(
    ("path", "replaced"),
    [
        (("flowSpec", "id"), True),
        (("sourceConnectionIds", "[0]"), True),
        (("sourceConnectionIds",), True),
        (("targetConnectionIds",), True),
        (("transformations", "[Copy]"), True),
        (("transformations", "[Copy]", "params", "deltaColumn", "name"), True),
        (("transformations", "[Mapping]", "params", "mappingVersion"), False),
        (("name",), False),
        (("description",), False),
        (("options", "partialIngestionPercent"), False),
    ],
)
def test_what_a_flow_is_made_of_is_fixed(path: tuple[str, ...], replaced: bool) -> None:
    assert _is_replaced(path, "other", {"startTime": FUTURE}) is replaced


def test_a_connection_that_is_made_in_the_same_run_replaces_the_flow() -> None:
    from flowctl.model.address import Address

    unknown = Unknown(Address("p.source_connection"))
    assert _is_replaced(("sourceConnectionIds",), [unknown], {"startTime": FUTURE})


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ({"frequency": "once"}, "reads everything in the source again"),
        ({"frequency": "day", "backfill": True}, "reads everything in the source again"),
        ({"frequency": "day", "backfill": "true"}, "reads everything in the source again"),
        ({"frequency": "day"}, "reads everything in the source again"),
        ({"frequency": "day", "backfill": False}, "backfill is false: records that arrived"),
    ],
)
def test_a_replacement_says_what_becomes_of_history(schedule: dict[str, object], words: str) -> None:
    assert any(words in note for note in KIND.replacement.notes((), {"scheduleParams": schedule}, frozenset()))


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ({"frequency": "day"}, "starts empty: the first run reads everything"),
        ({"frequency": "day", "backfill": False}, "historical data is not ingested"),
    ],
)
def test_a_replacement_into_a_new_dataset_says_what_it_will_hold(schedule: dict[str, object], words: str) -> None:
    notes = KIND.replacement.notes((), {"scheduleParams": schedule}, frozenset({"dataset", "source_connection"}))
    assert any(words in note for note in notes)
    assert not any("already hold" in note for note in notes)


def test_a_streaming_flow_has_no_note_about_history() -> None:
    assert not any("ingested" in note for note in KIND.replacement.notes((), {}, frozenset()))


@pytest.mark.parametrize(
    ("schedule", "rule", "sent", "instead"),
    [
        (DAILY, OnReplace(), {}, {}),
        (DAILY, OnReplace(backfill=True, start_time=5), {}, {}),
        (DAILY, OnReplace(backfill=False), {"backfill": False}, {"backfill": True}),
        ({"startTime": 5, "frequency": "once"}, OnReplace(backfill=False), {}, {}),
        ({"startTime": 5, "frequency": "once"}, OnReplace(start_time="now"), {"startTime": 99}, {"startTime": 5}),
        (DAILY, OnReplace(start_time=7), {"startTime": 7}, {"startTime": 5}),
    ],
)
def test_a_replacement_has_the_schedule_of_its_rule(
    schedule: dict[str, object], rule: OnReplace, sent: dict[str, object], instead: dict[str, object]
) -> None:
    desired, declared = KIND.replacement.adapted({"name": "a", "scheduleParams": schedule}, rule, 99)
    assert desired == {"name": "a", "scheduleParams": {**schedule, **sent}}
    assert declared == {("scheduleParams", name): value for name, value in instead.items()}


def test_a_flow_without_a_schedule_has_none_afterwards() -> None:
    assert KIND.replacement.adapted({"name": "a"}, OnReplace(start_time="now"), 99) == ({"name": "a"}, {})
