"""Searches by title: whichever way takes fewer requests, only exact titles, and several kinds at the same time."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from flowctl.engine.observe.search import begin_titled, find_titled
from flowctl.engine.plan.twins import find_twins
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Reason
from flowctl.model.request import Reply, Request

KIND = KINDS["connection"]
APART = ("a=1", "b=2", "c=3", "d=4")
"""Names with an operator of the filter: each takes a request of its own."""


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=4) as threads:
        yield threads


class Connections:
    """A platform with connections of these names in its list; a filter finds those of one name."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self.filters: list[str] = []
        self.lists = 0

    def send(self, request: Request) -> Reply:
        query = dict(request.query)
        if "property" in query:
            self.filters.append(query["property"])
            return _page(list(enumerate(self._names)), lambda name: f'name=="{name}"' == query["property"])
        self.lists += 1
        start = int(query.get("continuationToken", "0"))
        page = _page(list(enumerate(self._names))[start : start + 100])
        if start + 100 < len(self._names):
            page.body["_links"] = {"next": {"href": f"/connections?continuationToken={start + 100}"}}
        return page


def _page(numbered: Sequence[tuple[int, str]], holds: Callable[[str], bool] = lambda _name: True) -> Reply:
    items = [{"id": f"11111111-1111-4111-8111-{number:012}", "name": name} for number, name in numbered if holds(name)]
    return Reply(status=200, body={"items": items})


def found(names: Sequence[str], pool: ThreadPoolExecutor) -> tuple[list[object], Connections]:
    platform = Connections(names)
    return [live.attributes["name"] for live in find_titled(KIND, APART, platform.send, pool)], platform


def test_a_small_platform_is_read_whole_and_only_exact_titles_count(pool: ThreadPoolExecutor) -> None:
    names, platform = found(["a=1", "a=10", "x", "d=4", "A=1"], pool)
    assert names == ["a=1", "d=4"]
    assert (platform.lists, platform.filters) == (1, [])


@pytest.mark.parametrize("others", [96, 100, 250])
def test_a_large_platform_is_asked_for_each_title(pool: ThreadPoolExecutor, others: int) -> None:
    names, platform = found([*(f"other {number}" for number in range(others)), *APART], pool)
    assert names == list(APART), "what the first page does not show"
    assert platform.lists == 1
    assert len(platform.filters) == len(APART)


def test_nothing_is_asked_for_no_titles(pool: ThreadPoolExecutor) -> None:
    platform = Connections(["a=1"])
    assert begin_titled(KIND, (), platform.send, pool)() == []
    assert (platform.lists, platform.filters) == (0, [])


def test_the_titles_of_several_kinds_are_read_at_the_same_time(pool: ThreadPoolExecutor) -> None:
    both = Barrier(2, timeout=20)

    def send(_request: Request) -> Reply:
        both.wait()
        return Reply(status=200, body={"items": []})

    changes = [
        Change(
            address=Address.of("people", kind),
            action=Action.CREATE,
            reason=Reason.NOT_RECORDED,
            desired={"name": "People", "connectionSpec": {"id": "spec", "version": "1.0"}},
        )
        for kind in ("connection", "flow")
    ]
    assert find_twins(changes, frozenset(), KINDS, send, pool) == {change.address: [] for change in changes}
