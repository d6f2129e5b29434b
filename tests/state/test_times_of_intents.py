"""When a write was intended: the platform's time if it is known, else that of this machine, in milliseconds."""

import time
from pathlib import Path

from flowctl.model.address import Address
from flowctl.model.record import LockEntry
from flowctl.state.ledger import Ledger
from flowctl.state.local.store import LocalStore

ADDRESS, ENTRY = Address("shop.connection"), LockEntry(kind="connection", id="")


def test_the_time_of_the_platform_counts_as_measured(tmp_path: Path) -> None:
    intent = Ledger(LocalStore(tmp_path, "dev")).intend(ADDRESS, "create", ENTRY, now=1_800_000_000_000)
    assert (intent.at, intent.measured) == (1_800_000_000_000, True)


def test_the_time_of_this_machine_does_not(tmp_path: Path) -> None:
    begun = time.time_ns() // 1_000_000
    intent = Ledger(LocalStore(tmp_path, "dev")).intend(ADDRESS, "create", ENTRY, now=None)
    assert begun <= intent.at <= time.time_ns() // 1_000_000
    assert not intent.measured
