"""What every request of batch ingestion is checked for: its address, its content type and its batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.errors import problem
from flowctl.emulator.services.catalog import batch_store
from flowctl.emulator.services.refusals import bad_request, not_found

if TYPE_CHECKING:
    from collections.abc import Collection

    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import Stored

LONGEST_ADDRESS = 2000
LOADING = "loading"


def check_address(call: Call) -> None:
    """Refuse an address of more than 2,000 characters (414)."""
    incoming = call.incoming
    if len(incoming.base_url) + len(incoming.path) + len(incoming.query_string) + 1 > LONGEST_ADDRESS:
        raise problem(414, "UriTooLongError", f"An address has at most {LONGEST_ADDRESS} characters.")


def check_media_type(call: Call, wanted: str, status: int = 415) -> None:
    """Refuse a body of another type than `wanted`."""
    media_type = call.incoming.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type != wanted:
        raise problem(status, "UnsupportedMediaTypeError", f"The content type of this request is {wanted}.")


def find_batch(call: Call) -> Stored:
    """Return the batch of the path, after the check of the address. Refuses an unknown one (404)."""
    check_address(call)
    stored = call.platform.objects.get(call.caller.scope, batch_store.KIND, call.parameters["id"])
    if stored is None:
        raise not_found(f"The batch {call.parameters['id']} is not found.")
    return stored


def batch_of_dataset(call: Call) -> dict[str, Any]:
    """Return the batch of the path. Refuses a dataset that is not the batch's (404)."""
    batch = find_batch(call).value()
    if call.parameters["dataset"] != dataset_of(batch):
        raise not_found(f"The dataset {call.parameters['dataset']} is not found in the batch {batch['id']}.")
    return batch


def check_loading(batch: dict[str, Any]) -> None:
    """Refuse a batch that no longer takes files (400)."""
    if batch["status"] != LOADING:
        raise bad_request(f"The batch {batch['id']} has the status {batch['status']} and takes no files.")


def dataset_of(batch: dict[str, Any]) -> str:
    """Return the ID of the dataset that a batch belongs to; it is empty without one."""
    found = (str(item.get("id")) for item in batch["relatedObjects"] if item.get("type") == "dataSet")
    return next(found, "")


def action_of(call: Call, known: Collection[str]) -> str:
    """Return the action of the query in capitals, as the description spells it. Refuses another one (400)."""
    action = call.incoming.query.get("action", "").upper()
    if action not in known:
        raise bad_request(f"The query parameter action is one of {', '.join(known)}.")
    return action
