"""Very many datasets are looked for in the first pages of the list; what these do not have is read by ID."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from flowctl.kinds.registry import KINDS
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject
from flowctl.operations.importing.sandbox import Part, Reading, read_sandbox

BATCH, PAGE = KINDS["dataset"].batch_size, 100


def _dataset(number: int) -> str:
    return f"{number:024x}"


def _user(number: int) -> Part:
    attributes = {"params": {"dataSetId": _dataset(number)}, "data": {"schema": {}}}
    live = RemoteObject(id=f"{number:08x}-1111-4111-8111-111111111111", etag=None, attributes=attributes, body={})
    return Part(kind=KINDS["target_connection"], live=live)


class _Catalog:
    """A catalog whose list begins with these datasets; the others are found by their IDs."""

    def __init__(self, listed: list[int]) -> None:
        self._listed = listed
        self.pages: list[int] = []
        self.batches: list[int] = []

    def send(self, request: Request) -> Reply:
        query = dict(request.query)
        if "start" in query:
            start = int(query["start"])
            self.pages.append(start // PAGE)
            names = [_dataset(number) for number in self._listed[start : start + PAGE]]
        else:
            names = request.path.rpartition("/")[2].split(",")
            self.batches.append(len(names))
        return Reply(status=200, body={name: {"name": name, "version": "1.0.0"} for name in names})


def _read(wanted: int, listed: list[int]) -> _Catalog:
    catalog, told = _Catalog(listed), list[str]()
    session: Any = SimpleNamespace(send=catalog.send)
    with ThreadPoolExecutor(1) as pool:
        reading = Reading(session=session, told=told.append)
        sandbox = read_sandbox(reading, [_user(number) for number in range(wanted)], pool)
    assert {use.id for use in sandbox.parts} == {_dataset(number) for number in range(wanted)}
    assert told == [f"Read {wanted:,} dataset{'' if wanted == 1 else 's'}."]
    return catalog


OTHERS = list(range(10_000, 20_000))


@pytest.mark.parametrize("wanted", [1, 499])
def test_some_are_read_by_their_ids(wanted: int) -> None:
    catalog = _read(wanted, OTHERS)
    assert catalog.pages == []
    assert catalog.batches == [*[BATCH] * (wanted // BATCH), *[wanted % BATCH] * (wanted % BATCH > 0)]


def test_the_list_is_read_up_to_the_last_one() -> None:
    catalog = _read(500, [*range(250), *OTHERS[:50], *range(250, 500), *OTHERS])
    assert (catalog.pages, catalog.batches) == ([0, 1, 2, 3, 4, 5], [])


def test_no_more_pages_are_read_than_they_would_fill() -> None:
    catalog = _read(805, [*range(100), *OTHERS])
    assert (catalog.pages, catalog.batches) == (list(range(9)), [*[BATCH] * 14, 5])


def test_no_page_is_read_after_the_last_one_was_found() -> None:
    assert _read(500, [*range(500), *OTHERS]).pages == [0, 1, 2, 3, 4]


def test_an_object_of_other_types_than_the_api_has_is_left_out_and_named() -> None:
    def live(number: int, attributes: Any) -> RemoteObject:
        return RemoteObject(id=_dataset(number), etag=None, attributes=attributes, body={})

    session: Any = None
    reading = Reading(session=session, told=lambda _words: None)
    accounts = [live(1, {"name": "a"}), live(2, {"name": 5}), live(3, {})]
    assert [part.live.id for part in reading.parts(KINDS["connection"], accounts)] == [_dataset(1), _dataset(3)]
    assert list(reading.parts(KINDS["target_connection"], [live(4, {"name": "a"})])) == []
    assert [(each.kind, each.id, each.title) for each in reading.unreadable] == [
        ("connection", _dataset(2), "5"),
        ("target_connection", _dataset(4), "a"),
    ]
