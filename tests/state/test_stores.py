"""Every store fulfills the contract; what only the local one can meet is tried besides."""

from collections import defaultdict
from pathlib import Path

import pytest
from memory_store import Bucket, MemoryStore
from store_contract import ADDRESS, ENTRY, StoreContract

from flowctl.model.errors import StateError
from flowctl.state.ledger import Ledger
from flowctl.state.local.store import LocalStore
from flowctl.state.store import StateStore


class TestLocalStore(StoreContract):
    """Files beside the manifests."""

    def open_store(self, place: Path, environment: str) -> StateStore:
        return LocalStore(place, environment)

    def test_the_names_of_the_files_are_those_of_every_release(self) -> None:
        store = self.opened()
        store.append(b"one\n")
        store.replace([b"text"])
        with store.lock("flowctl apply"):
            pass
        names = sorted(path.name for path in self.place.rglob("*"))
        assert names == [".flowctl", "dev.runlock", "flowctl.dev.lock", "flowctl.dev.lock.journal"]

    def test_a_lockfile_that_is_gone_when_it_is_read_again_counts_as_none(self) -> None:
        store = self.opened()
        store.replace([b"text"])
        assert store.read_lockfile() == b"text"
        (self.place / "flowctl.dev.lock").unlink()
        assert store.read_lockfile() is None
        assert store.is_current()
        assert store.lockfile_digest == self.opened().lockfile_digest

    def test_a_line_that_a_crash_left_unfinished_is_cut_off(self) -> None:
        (self.place / "flowctl.dev.lock.journal").write_bytes(b"one\ntw")
        store = self.opened()
        assert store.read_journal() == b"one\ntw"
        store.append(b"three\n")
        assert self.opened().read_journal() == b"one\nthree\n"

    def test_leftovers_of_killed_writers_are_removed(self) -> None:
        leftover = self.place / ".flowctl.dev.lock.abc.new"
        leftover.touch()
        self.opened().replace([b"text"])
        assert not leftover.exists()

    @pytest.mark.parametrize(
        ("name", "code"),
        [("flowctl.dev.lock", "lockfile-unreadable"), ("flowctl.dev.lock.journal", "journal-unreadable")],
    )
    def test_what_cannot_be_read_is_told_with_its_name(self, name: str, code: str) -> None:
        (self.place / name).mkdir()
        with pytest.raises(StateError) as caught:
            Ledger(self.opened())
        (problem,) = caught.value.diagnostics
        assert problem.code == code
        assert problem.summary.startswith(f"{name} cannot be read: ")

    def test_a_place_in_the_lockfile_is_found_and_named(self) -> None:
        ledger = Ledger(self.opened(), organization="O", sandbox="S")
        ledger.record(ADDRESS, ENTRY)
        ledger.compact()
        lines = (self.place / "flowctl.dev.lock").read_text().splitlines()
        place = ledger.place_of(ADDRESS)
        assert (place.file, lines[place.line - 1][place.column - 1 :]) == ("flowctl.dev.lock", f'"{ADDRESS}": {{')
        (self.place / "flowctl.dev.lock").unlink()
        assert (ledger.place_of(ADDRESS).line, ledger.place_of(ADDRESS).file) == (1, "flowctl.dev.lock")


class TestMemoryStore(StoreContract):
    """Objects with conditional writes, as an object storage has them."""

    buckets: defaultdict[Path, Bucket] = defaultdict(Bucket)

    def open_store(self, place: Path, environment: str) -> StateStore:
        return MemoryStore(self.buckets[place], environment)

    def test_messages_name_what_the_store_calls_its_files(self) -> None:
        self.buckets[self.place].put("memory/dev.lock", b"{}", None)
        with pytest.raises(StateError) as caught:
            Ledger(self.opened())
        (problem,) = caught.value.diagnostics
        assert problem.summary.startswith("memory/dev.lock cannot be read: ")
        assert problem.span is not None
        assert problem.span.file == "memory/dev.lock"

    def test_a_journal_that_cannot_be_written_is_told_with_its_name(self) -> None:
        ledger = Ledger(self.opened(), organization="O", sandbox="S")
        ledger.record(ADDRESS, ENTRY)
        bucket = self.buckets[self.place]
        put = bucket.put

        def full(key: str, content: bytes, expected: str | None) -> str:
            raise OSError(28, "No space left")

        bucket.put = full  # type: ignore[method-assign]
        with pytest.raises(StateError) as caught:
            ledger.forget(ADDRESS)
        assert caught.value.diagnostics[0].summary == "memory/dev.journal cannot be written: No space left"
        with pytest.raises(StateError) as caught:
            ledger.compact()
        assert caught.value.diagnostics[0].summary == "memory/dev.lock cannot be written: No space left"
        bucket.put = put  # type: ignore[method-assign]
        assert dict(Ledger(self.opened()).lockfile.entries) == {ADDRESS: ENTRY}
