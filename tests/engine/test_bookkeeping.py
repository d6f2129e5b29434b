"""Entries of what needs no write: rules, dependencies and attributes as they are now, and no needless record."""

from pathlib import Path
from typing import Any

import pytest

from flowctl.engine.execute.bookkeeping import bring_up_to_date
from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Reason
from flowctl.model.record import LockEntry
from flowctl.model.resource import Lifecycle, Resource, Sensitive
from flowctl.state.ledger import Ledger
from flowctl.state.local.store import LocalStore

ONE, TWO, NEED = Address("one.connection"), Address("two.connection"), Address("three.connection")
PROTECTED = Lifecycle(prevent_destroy=True)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(LocalStore(tmp_path, "dev"))


def _kept(address: Address, **members: Any) -> Change:
    members = {"desired": {"name": "a"}, **members}
    return Change(address=address, action=Action.NO_OP, reason=Reason.UP_TO_DATE, **members)


def _resource(address: Address, lifecycle: Lifecycle = PROTECTED) -> Resource:
    return Resource(address=address, attributes={}, lifecycle=lifecycle)


def _entry(**members: Any) -> LockEntry:
    return LockEntry(kind="connection", id="1", **members)


def test_what_moved_is_recorded(ledger: Ledger) -> None:
    ledger.record(ONE, _entry(applied={"name": "old"}, outputs={"version": "1"}, suspended=True, deposed=("0",)))
    change = _kept(ONE, depends_on=frozenset({NEED}), outputs={"version": "2"})
    bring_up_to_date(ledger, [change], {ONE: _resource(ONE)})
    assert ledger.entry(ONE) == _entry(
        applied={"name": "a"},
        outputs={"version": "2"},
        depends_on=frozenset({NEED}),
        lifecycle=PROTECTED,
        deposed=("0",),
    )


def test_outputs_stay_if_none_are_told(ledger: Ledger) -> None:
    ledger.record(ONE, _entry(outputs={"version": "1"}))
    bring_up_to_date(ledger, [_kept(ONE)], {ONE: _resource(ONE)})
    entry = ledger.entry(ONE)
    assert entry is not None
    assert entry.outputs == {"version": "1"}


def test_a_secret_is_recorded_by_its_digest_and_one_that_is_gone_is_not(ledger: Ledger) -> None:
    secret = Sensitive("x", "PASSWORD")
    ledger.record(ONE, _entry(secret_digests={"gone": "digest"}))
    bring_up_to_date(ledger, [_kept(ONE, desired={"password": secret})], {ONE: _resource(ONE)})
    entry = ledger.entry(ONE)
    assert entry is not None
    assert (entry.applied, entry.secret_digests) == ({}, {"password": secret.digest(ledger.salt)})


def test_what_has_no_entry_gets_none_and_hides_no_other(ledger: Ledger) -> None:
    ledger.record(TWO, _entry())
    bring_up_to_date(ledger, [_kept(ONE), _kept(TWO)], {ONE: _resource(ONE), TWO: _resource(TWO)})
    entry = ledger.entry(TWO)
    assert entry is not None
    assert (ledger.entry(ONE), entry.lifecycle) == (None, PROTECTED)


def test_what_is_up_to_date_is_not_recorded_again(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.record(ONE, _entry(applied={"name": "a"}))
    monkeypatch.setattr(ledger, "record", None)
    bring_up_to_date(ledger, [_kept(ONE)], {ONE: _resource(ONE, Lifecycle())})
