"""What every store must do: subclass `StoreContract` in a test module and say how a store of one place is opened.

Two stores of one place stand for two runs, perhaps on two machines.
"""

import hashlib
import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from flowctl.model.address import Address
from flowctl.model.errors import StateError
from flowctl.model.record import LockEntry
from flowctl.state.ledger import Ledger
from flowctl.state.store import Changed, RunLocked, StateStore

ADDRESS = Address("a.flow")
ENTRY = LockEntry(kind="flow", id="one", etag='"1"', applied={"name": "é😀"})


class StoreContract:
    """The tests; `store` is the first run, `opened()` another one."""

    def open_store(self, place: Path, environment: str) -> StateStore:
        """A store of an environment. The folder names the place; a store that needs no folder keeps it by its name."""
        raise NotImplementedError

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.place = tmp_path

    def opened(self, environment: str = "dev") -> StateStore:
        return self.open_store(self.place, environment)

    # Reading and replacing

    def test_a_place_with_nothing_in_it(self) -> None:
        store = self.opened()
        assert store.read_journal() == b""
        assert store.read_lockfile() is None
        assert not store.has_journal()
        assert store.is_current()
        assert store.environment == "dev"
        assert store.lockfile_name != store.journal_name
        assert "dev" in store.lockfile_name

    def test_the_age_is_that_of_what_was_written_last(self) -> None:
        store = self.opened()
        assert store.age() is None
        store.replace([b"one"])
        written = time.monotonic()
        time.sleep(0.1)
        before = self.opened().age()
        assert before is not None
        assert 0.05 <= before <= time.monotonic() - written + 1
        store.append(b"a line\n")
        after = self.opened().age()
        assert after is not None
        assert after <= before

    def test_what_is_replaced_is_read_by_the_next_run(self) -> None:
        store = self.opened()
        _read(store)
        for text in ("one é😀\n", "two\n", ""):
            store.replace([text.encode()])
            assert store.is_current()
            assert self.opened().read_lockfile() == text.encode()

    def test_the_digest_is_that_of_what_was_read_or_replaced_last(self) -> None:
        first = self.opened()
        assert first.lockfile_digest == hashlib.sha256(b"").hexdigest()
        first.replace([b"on", b"e"])
        assert first.lockfile_digest == hashlib.sha256(b"one").hexdigest()
        second = self.opened()
        assert second.read_lockfile() == b"one"
        assert second.lockfile_digest == first.lockfile_digest
        third = self.opened()
        _read(third)
        third.replace([b"two"])
        assert third.lockfile_digest == hashlib.sha256(b"two").hexdigest()

    def test_a_text_comes_in_parts(self) -> None:
        store = self.opened()
        store.replace(part.encode() for part in ("one ", "é", "", "😀\n"))
        assert store.is_current()
        assert self.opened().read_lockfile() == "one é😀\n".encode()

    def test_a_text_that_cannot_be_made_to_its_end_replaces_nothing(self) -> None:
        store = self.opened()
        store.replace([b"old"])
        with pytest.raises(ZeroDivisionError):
            store.replace(b"%d" % (1 // number) for number in (1, 0))
        assert store.is_current()
        assert self.opened().read_lockfile() == b"old"

    def test_of_two_that_read_the_same_only_one_replaces(self) -> None:
        self.opened().replace([b"zero"])
        first, second = self.opened(), self.opened()
        _read(first)
        _read(second)
        first.replace([b"one"])
        assert not second.is_current()
        with pytest.raises(Changed):
            second.replace([b"two"])
        assert self.opened().read_lockfile() == b"one"
        _read(second)
        assert second.is_current()
        second.replace([b"two"])
        assert self.opened().read_lockfile() == b"two"

    def test_of_two_that_found_nothing_only_one_replaces(self) -> None:
        first, second = self.opened(), self.opened()
        _read(first)
        _read(second)
        first.replace([b"one"])
        with pytest.raises(Changed):
            second.replace([b"two"])

    def test_environments_know_nothing_of_each_other(self) -> None:
        dev, prod = self.opened("dev"), self.opened("prod")
        _read(prod)
        dev.replace([b"dev"])
        dev.append(b"dev\n")
        assert prod.is_current()
        assert prod.read_lockfile() is None
        assert not prod.has_journal()
        with dev.lock("one"), prod.lock("two"):
            assert "one" in (dev.lock_holder() or "")
            assert "two" in (prod.lock_holder() or "")

    # The journal

    def test_lines_are_read_by_the_next_run_in_their_order(self) -> None:
        store = self.opened()
        _read(store)
        for number in range(5):
            store.append(f"{number}\n".encode())
            assert self.opened().read_journal() == b"".join(b"%d\n" % each for each in range(number + 1))
        assert store.has_journal()
        assert self.opened().has_journal()
        assert store.is_current()

    def test_lines_of_many_threads_stay_whole(self) -> None:
        store = self.opened()
        _read(store)
        store.append(b"begin\n")
        lines = [f"{number} {'x' * number}\n".encode() for number in range(200)]
        with ThreadPoolExecutor(10) as pool:
            list(pool.map(store.append, lines))
        assert sorted(self.opened().read_journal().splitlines(keepends=True)) == sorted([b"begin\n", *lines])

    def test_a_line_is_durable_when_the_call_returns(self) -> None:
        store = self.opened()
        _read(store)
        store.append(b"begin\n")

        def found_by_another(number: int) -> bool:
            line = b"<%d>\n" % number
            store.append(line)
            return line in self.opened().read_journal()

        with ThreadPoolExecutor(10) as pool:
            assert all(pool.map(found_by_another, range(100)))

    def test_the_journal_of_an_interrupted_run_is_continued(self) -> None:
        dead = self.opened()
        _read(dead)
        dead.append(b"one\n")
        store = self.opened()
        _read(store)
        assert store.has_journal()
        assert store.is_current()
        store.append(b"two\n")
        assert self.opened().read_journal() == b"one\ntwo\n"

    def test_the_journal_of_an_interrupted_run_is_recovered_without_a_line_of_its_own(self) -> None:
        dead = self.opened()
        _read(dead)
        dead.append(b"one\n")
        store = self.opened()
        _read(store)
        store.replace([b"recovered"])
        store.drop_journal()
        assert store.is_current()
        assert not store.has_journal()
        store.replace([b"more"])
        assert self.opened().read_lockfile() == b"more"

    def test_a_journal_that_another_run_writes_is_a_change(self) -> None:
        store, other = self.opened(), self.opened()
        _read(store)
        _read(other)
        other.append(b"one\n")
        assert not store.is_current()
        with pytest.raises(Changed):
            store.replace([b"mine"])
        assert self.opened().read_lockfile() is None

    def test_a_run_whose_journal_was_recovered_writes_nothing_more(self) -> None:
        store = self.opened()
        _read(store)
        store.append(b"one\n")
        recovering = self.opened()
        _read(recovering)
        recovering.replace([b"recovered"])
        recovering.drop_journal()
        assert not store.is_current()
        with pytest.raises(Changed):
            store.replace([b"mine"])
        assert self.opened().read_lockfile() == b"recovered"

    def test_after_the_journal_is_dropped_a_new_one_begins(self) -> None:
        store = self.opened()
        _read(store)
        store.append(b"one\n")
        store.replace([b"first"])
        store.drop_journal()
        assert not store.has_journal()
        assert store.is_current()
        store.append(b"two\n")
        assert self.opened().read_journal() == b"two\n"
        store.replace([b"second"])
        store.drop_journal()
        assert (self.opened().read_journal(), self.opened().read_lockfile()) == (b"", b"second")

    def test_dropping_what_is_not_there_is_nothing(self) -> None:
        store = self.opened()
        _read(store)
        store.drop_journal()
        assert store.is_current()

    # The run lock

    def test_one_at_a_time_and_the_refused_one_names_the_holder(self) -> None:
        with self.opened().lock("flowctl apply"):
            with pytest.raises(RunLocked) as caught, self.opened().lock("flowctl destroy"):
                pass
            (problem,) = caught.value.diagnostics
            assert problem.code == "run-locked"
            holder = self.opened().lock_holder()
            for word in ("flowctl apply", socket.gethostname(), f"process {os.getpid()}", "since 20"):
                assert word in problem.summary
                assert word in (holder or "")
            assert "environment dev" in problem.summary
            assert "flowctl destroy" not in problem.summary

    def test_the_lock_is_free_after_its_run_also_after_a_failed_one(self) -> None:
        assert self.opened().lock_holder() is None
        for error in (ZeroDivisionError, KeyboardInterrupt):
            with pytest.raises(error), self.opened().lock("one"):
                raise error
            assert self.opened().lock_holder() is None
        store = self.opened()
        for _ in range(2):
            with store.lock("again"):
                assert store.lock_holder() is not None

    def test_who_waits_gets_it(self) -> None:
        started, done = threading.Event(), threading.Event()

        def hold() -> None:
            with self.opened().lock("first"):
                started.set()
                done.wait(10)

        with ThreadPoolExecutor(1) as pool:
            holding = pool.submit(hold)
            started.wait(10)
            threading.Timer(0.3, done.set).start()
            with self.opened().lock("second", 30):
                assert done.is_set()
            holding.result(10)

    def test_who_waits_too_long_is_refused(self) -> None:
        with self.opened().lock("first"):
            since = time.monotonic()
            with pytest.raises(RunLocked), self.opened().lock("second", 0.3):
                pass
            assert time.monotonic() - since >= 0.3

    def test_a_broken_lock_is_free_and_its_holder_frees_no_other(self) -> None:
        with self.opened().lock("first"):
            self.opened().break_lock()
            assert self.opened().lock_holder() is None
            second = self.opened().lock("second")
            second.__enter__()
        assert "second" in (self.opened().lock_holder() or "")
        with pytest.raises(RunLocked), self.opened().lock("third"):
            pass
        second.__exit__(None, None, None)
        assert self.opened().lock_holder() is None

    # The ledger over it

    def _ledger(self) -> Ledger:
        return Ledger(self.opened(), organization="O", sandbox="S")

    def test_a_life_of_a_record(self) -> None:
        ledger = self._ledger()
        assert not ledger.is_unfinished
        intent = ledger.intend(ADDRESS, "create", ENTRY, now=1)
        assert self._ledger().lockfile.pending == (intent,)
        ledger.record(ADDRESS, ENTRY, intent)
        again = self._ledger()
        assert dict(again.lockfile.entries) == {ADDRESS: ENTRY}
        assert again.is_unfinished
        assert again.lockfile.lineage == ledger.lockfile.lineage
        ledger.compact()
        final = self._ledger()
        assert not final.is_unfinished
        assert (final.lockfile.serial, dict(final.lockfile.entries)) == (1, {ADDRESS: ENTRY})
        final.forget(ADDRESS)
        final.compact()
        assert (self._ledger().lockfile.serial, dict(self._ledger().lockfile.entries)) == (2, {})

    def test_a_ledger_goes_on_after_it_has_written_the_lockfile(self) -> None:
        ledger = self._ledger()
        for number in range(3):
            ledger.record(Address(f"a{number}.flow"), LockEntry(kind="flow", id=str(number)))
            assert len(self._ledger().lockfile.entries) == number + 1
            ledger.compact()
        assert (self._ledger().lockfile.serial, len(self._ledger().lockfile.entries)) == (3, 3)

    def test_what_cannot_be_recorded_owns_no_object(self) -> None:
        ledger = self._ledger()
        with pytest.raises(StateError):
            ledger.record(ADDRESS, LockEntry(kind="flow", id="one", applied={"a": float("nan")}))
        ledger.record(Address("b.flow"), ENTRY)
        assert dict(self._ledger().lockfile.entries) == {"b.flow": ENTRY}

    def test_a_journal_that_was_not_dropped_in_time_changes_nothing(self) -> None:
        ledger = self._ledger()
        ledger.record(ADDRESS, ENTRY)
        journal = self.opened().read_journal()
        ledger.compact()
        late = self.opened()
        _read(late)
        late.append(journal)
        again = self._ledger()
        assert (again.lockfile.serial, dict(again.lockfile.entries)) == (1, {ADDRESS: ENTRY})
        again.compact()
        assert not self._ledger().is_unfinished

    def test_two_runs_at_once_do_not_overwrite_each_other(self) -> None:
        first, second = self._ledger(), self._ledger()
        first.record(ADDRESS, ENTRY)
        with pytest.raises(StateError) as caught:
            second.record(Address("b.flow"), LockEntry(kind="flow", id="two"))
        assert caught.value.diagnostics[0].code == "record-changed"
        assert self.opened().lockfile_name in caught.value.diagnostics[0].summary
        first.compact()
        with pytest.raises(StateError):
            second.check_current()
        assert dict(self._ledger().lockfile.entries) == {ADDRESS: ENTRY}


def _read(store: StateStore) -> None:
    store.read_journal()
    store.read_lockfile()
