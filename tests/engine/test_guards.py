"""What keeps objects on the platform, and how often the platform is asked."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest

from flowctl.engine.observe.guards import blocked_deletions
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.record import LockEntry
from flowctl.model.request import Reply, Request
from flowctl.model.resource import Lifecycle, OnDelete, RemoteObject

SCHEMAS = [f"https://ns.adobe.com/t/schemas/{number}" for number in range(4)]


def _entries(*lifecycles: Lifecycle) -> dict[Address, LockEntry]:
    rules = lifecycles or (Lifecycle(),) * len(SCHEMAS)
    return {
        Address(f"s{number}.schema"): LockEntry(kind="schema", id=SCHEMAS[number], lifecycle=lifecycle)
        for number, lifecycle in enumerate(rules)
    }


def _live(entries: dict[Address, LockEntry]) -> dict[Address, RemoteObject]:
    return {address: RemoteObject(id=entry.id, etag=None, attributes={}, body={}) for address, entry in entries.items()}


class _Datasets:
    """The dataset list. It replies when a second thread asks too, or after a moment."""

    def __init__(self, *used: str) -> None:
        self.asked: list[Request] = []
        self._body = {f"d{number}": {"name": "D", "schemaRef": {"id": used_}} for number, used_ in enumerate(used)}
        self._together = Barrier(2)

    def __call__(self, request: Request) -> Reply:
        self.asked.append(request)
        with suppress(BrokenBarrierError):
            self._together.wait(timeout=0.2)
        return Reply(status=200, body=self._body)


def _blocked(entries: dict[Address, LockEntry], datasets: _Datasets, threads: int = 4) -> dict[Address, str]:
    with ThreadPoolExecutor(threads) as pool:
        return blocked_deletions(entries, _live(entries), KINDS, datasets, pool)


def test_schemas_that_leave_at_once_read_the_dataset_list_once() -> None:
    datasets = _Datasets()
    assert _blocked(_entries(), datasets) == {}
    assert len(datasets.asked) == 1


def test_every_schema_that_a_dataset_uses_stays() -> None:
    blocked = _blocked(_entries(), _Datasets(SCHEMAS[1], SCHEMAS[3]))
    assert sorted(map(str, blocked)) == ["s1.schema", "s3.schema"]


@pytest.mark.parametrize("rule", [OnDelete.RETAIN, OnDelete.DELETE])
def test_nothing_is_read_for_what_is_retained_or_deleted_whatever_it_holds(rule: OnDelete) -> None:
    datasets = _Datasets(*SCHEMAS)
    assert _blocked(_entries(*[Lifecycle(on_delete=rule)] * 4), datasets) == {}
    assert datasets.asked == []
