"""What a removal sends and records: data that came since the plan keeps a dataset, an old object leaves the entry."""

from pathlib import Path
from typing import Any

import pytest
from bench import Bench

from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Reason
from flowctl.model.operation import Operation
from flowctl.model.record import LockEntry
from flowctl.model.request import Reply, Request
from flowctl.model.resource import Lifecycle, OnDelete
from flowctl.model.step import Step

ADDRESS = Address("people.dataset")
CURRENT, OLD = "a" * 24, "b" * 24
SCHEMA = {"schemaRef": {"id": "https://ns.adobe.com/t/schemas/s"}, "name": "People"}


class _Catalog:
    """Datasets by ID, and which of them hold a batch."""

    def __init__(self, *with_data: str) -> None:
        self.datasets: dict[str, Any] = {CURRENT: SCHEMA, OLD: SCHEMA}
        self.with_data = set(with_data)
        self.deleted: list[str] = []

    def __call__(self, request: Request) -> Reply:
        if request.path.endswith("/batches"):
            holds_data = dict(request.query)["dataSet"] in self.with_data
            return Reply(status=200, body={"batch": {}} if holds_data else {})
        object_id = request.path.rpartition("/")[2]
        if request.method == "DELETE":
            self.deleted.append(object_id)
            return Reply(status=200, body=[])
        return Reply(status=200, body={object_id: self.datasets[object_id]})


def _removed(root: Path, catalog: _Catalog, object_id: str, rules: Lifecycle | None = None) -> tuple[Bench, str]:
    """A bench whose dataset has an old object awaiting deletion, after the removal of one of the two; and the note."""
    bench = Bench(root, catalog)
    entry = LockEntry(kind="dataset", id=CURRENT, deposed=(OLD,), lifecycle=rules or Lifecycle())
    bench.ledger.record(ADDRESS, entry)
    change = Change(address=ADDRESS, action=Action.DELETE, reason=Reason.NOT_IN_MANIFEST, remote_id=object_id)
    step = Step(key="key", operation=Operation.DELETE, change=change, remote_id=object_id, depends_on=frozenset())
    return bench, bench.runner({}).run(step).note


def test_a_dataset_without_data_is_deleted_and_forgotten(tmp_path: Path) -> None:
    catalog = _Catalog(OLD)
    bench, note = _removed(tmp_path, catalog, CURRENT)
    assert (catalog.deleted, note) == ([CURRENT], "")
    assert bench.ledger.lockfile.entries == {}


def test_data_that_came_since_the_plan_keeps_a_dataset(tmp_path: Path) -> None:
    catalog = _Catalog(CURRENT)
    bench, note = _removed(tmp_path, catalog, CURRENT)
    assert (catalog.deleted, note) == (
        [],
        "The dataset is not empty (it has at least one batch). The object stays on Experience Platform and is no "
        "longer managed.",
    )
    assert bench.ledger.lockfile.entries == {}


def test_data_goes_with_a_dataset_whose_rules_say_so(tmp_path: Path) -> None:
    catalog = _Catalog(CURRENT)
    _, note = _removed(tmp_path, catalog, CURRENT, Lifecycle(on_delete=OnDelete.DELETE))
    assert (catalog.deleted, note) == ([CURRENT], "")


@pytest.mark.parametrize("reopened", [False, True])
def test_an_old_object_leaves_the_entry_of_the_new_one(tmp_path: Path, reopened: bool) -> None:
    catalog = _Catalog()
    bench, _ = _removed(tmp_path, catalog, OLD)
    if reopened:
        bench.open()
    assert catalog.deleted == [OLD]
    entry = bench.ledger.lockfile.entries[ADDRESS]
    assert (entry.id, entry.deposed) == (CURRENT, ())
