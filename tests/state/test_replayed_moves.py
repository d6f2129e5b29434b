"""An entry that gets another address: whose object it is meanwhile, and after a move that is refused."""

import pytest

from flowctl.model.address import Address
from flowctl.model.record import LockEntry, Lockfile
from flowctl.state.entry_format import Malformed
from flowctl.state.events import Recorded
from flowctl.state.replay import Record

A, B, C = Address("a.flow"), Address("b.flow"), Address("c.flow")
OF_A, OF_B = LockEntry(kind="flow", id="1"), LockEntry(kind="flow", id="2")


@pytest.fixture
def record() -> Record:
    place = {"organization": "o", "sandbox": "s", "lineage": "l", "salt": "00"}
    return Record.of(Lockfile(**place, entries={A: OF_A, B: OF_B}))


def recorded(address: Address, entry: LockEntry, moved_from: Address | None = None) -> Recorded:
    return Recorded(address=address, entry=entry, nonce="", moved_from=moved_from)


def take_in(record: Record, event: Recorded) -> None:
    record.admit(event)
    record.take_in(event)


def test_a_moved_entry_frees_its_old_address(record: Record) -> None:
    take_in(record, recorded(C, OF_A, moved_from=A))
    assert record.entries == {C: OF_A, B: OF_B}
    with pytest.raises(Malformed, match=r"c\.flow and a\.flow have the same id"):
        record.admit(recorded(A, OF_A))


def test_a_move_that_is_refused_leaves_each_object_to_its_owner(record: Record) -> None:
    with pytest.raises(Malformed, match=r"b\.flow and c\.flow have the same id"):
        record.admit(recorded(C, OF_B, moved_from=A))
    with pytest.raises(Malformed, match=r"a\.flow and c\.flow have the same id"):
        record.admit(recorded(C, OF_A))
    with pytest.raises(Malformed, match=r"b\.flow and c\.flow have the same id"):
        record.admit(recorded(C, OF_B))


def test_a_move_from_where_nothing_is_claims_as_any_other_entry_does(record: Record) -> None:
    gone = Address("gone.flow")
    with pytest.raises(Malformed, match=r"a\.flow and c\.flow have the same id"):
        record.admit(recorded(C, OF_A, moved_from=gone))
    take_in(record, recorded(C, LockEntry(kind="flow", id="3"), moved_from=gone))
    with pytest.raises(Malformed, match=r"c\.flow and gone\.flow have the same id"):
        record.admit(recorded(gone, LockEntry(kind="flow", id="3")))


def test_an_entry_that_is_not_moved_is_claimed_too(record: Record) -> None:
    with pytest.raises(Malformed, match=r"a\.flow and c\.flow have the same id"):
        record.admit(recorded(C, OF_A))
    take_in(record, recorded(A, OF_A))
    assert record.entries == {A: OF_A, B: OF_B}
