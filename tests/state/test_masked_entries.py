"""What is recorded of a reply holds no secret: a gateway may put back into it what it was sent."""

from pathlib import Path
from typing import Any

import pytest

from flowctl.model.address import Address
from flowctl.model.record import LockEntry
from flowctl.state.ledger import Ledger
from flowctl.state.local.store import LocalStore

ADDRESS = Address("shop.connection")


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _masked(member) for name, member in value.items()}
    return value.replace("hunter2", "***") if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("etag", "outputs", "recorded"),
    [
        ('"1"', {"version": "1"}, ('"1"', {"version": "1"})),
        ("hunter2", {"version": "1"}, ("***", {"version": "1"})),
        ('"1"', {"version": "hunter2"}, ('"1"', {"version": "***"})),
        (None, {"version": "a hunter2 b"}, (None, {"version": "a *** b"})),
    ],
)
def test_the_version_of_an_object_is_masked(
    tmp_path: Path, etag: str | None, outputs: dict[str, str], recorded: tuple[Any, Any]
) -> None:
    ledger = Ledger(LocalStore(tmp_path, "dev"), masked=_masked)
    ledger.record(ADDRESS, LockEntry(kind="connection", id="1", etag=etag, outputs=outputs))
    for each in (ledger, Ledger(LocalStore(tmp_path, "dev"))):
        entry = each.entry(ADDRESS)
        assert entry is not None
        assert (entry.etag, entry.outputs) == recorded
