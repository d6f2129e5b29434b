"""The views and files of datasets, to which the members `viewId` and `files` of a dataset lead.

Shape: Adobe docs, catalog/api/appendix.md. A run that reads no files leaves numbers and no file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowctl.emulator.ingestion.batch_files import batch_folder
from flowctl.emulator.message import Reply
from flowctl.emulator.services.catalog import batch_store, objects
from flowctl.emulator.services.refusals import not_found

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flowctl.emulator.message import Call

DATASET = "dataSet"


@dataclass(frozen=True, slots=True)
class DatasetFile:
    """A file of records: the batch that it belongs to, the view of its dataset, and where it is kept."""

    id: str
    batch: dict[str, Any]
    view_id: str
    path: Path

    def shown(self) -> dict[str, Any]:
        """Return the file as Catalog shows it."""
        names = ("imsOrg", "createdUser", "createdClient", "created", "updated")
        kept = {name: self.batch[name] for name in names}
        ids = {"id": self.id, "batchId": self.batch["id"], "dataSetViewId": self.view_id}
        return {**ids, **kept, "updatedUser": self.batch["createdUser"], "version": objects.FIRST_VERSION}


def files_of_batch(call: Call, batch: dict[str, Any]) -> Iterator[DatasetFile]:
    """Return the files of a batch in the order of their numbers; none of one whose records are yet to be made."""
    if batch["status"] in batch_store.IN_WORK:
        return
    for item in batch["relatedObjects"]:
        dataset = call.platform.objects.get(call.caller.scope, DATASET, str(item.get("id")))
        if item.get("type") != DATASET or dataset is None:
            continue
        folder = batch_folder(call.platform.data_dir, dataset.id, batch["id"])
        for number, path in enumerate(sorted(folder.glob("part-*")), 1):
            yield DatasetFile(f"{batch['id']}-{number}", batch, dataset.value()["viewId"], path)


def list_views(call: Call) -> Reply:
    """Return a map with the one view that a dataset has."""
    view = _view(call)
    return Reply(body={view["id"]: view})


def read_view(call: Call) -> Reply:
    """Return a map with the view of that ID. Refuses an unknown one (404)."""
    view = _view(call)
    return Reply(body={view["id"]: view})


def list_files(call: Call) -> Reply:
    """Return the files of a dataset's successful batches as a map by ID."""
    _view(call)
    return Reply(body={file.id: file.shown() for file in _files_of_dataset(call)})


def paths_of_dataset(call: Call) -> list[Path]:
    """Return where the files of a dataset's successful batches are. Refuses an unknown dataset (404)."""
    objects.find(call, DATASET)
    return [file.path for file in _files_of_dataset(call)]


def _files_of_dataset(call: Call) -> Iterator[DatasetFile]:
    scope, dataset_id = call.caller.scope, call.parameters["id"]
    for id_ in call.platform.objects.referrers(scope, batch_store.KIND, DATASET, dataset_id):
        stored = call.platform.objects.get(scope, batch_store.KIND, id_)
        if stored is not None and stored.value()["status"] in batch_store.SUCCESSFUL:
            yield from files_of_batch(call, stored.value())


def _view(call: Call) -> dict[str, Any]:
    dataset = objects.find(call, DATASET).value()
    wanted = call.parameters.get("view", dataset["viewId"])
    if wanted != dataset["viewId"]:
        raise not_found(f"The view {wanted} is not found.")
    kept = {name: dataset[name] for name in ("imsOrg", "created", "updated", "createdClient", "createdUser", "version")}
    return {"id": dataset["viewId"], "dataSetId": call.parameters["id"], "status": "enabled", **kept}
