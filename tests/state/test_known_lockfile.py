"""A large lockfile that was found good is not checked again; nothing else is believed of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from flowctl.model.address import Address
from flowctl.model.errors import StateError
from flowctl.model.record import Intent, LockEntry, Lockfile
from flowctl.release_stamp import sources
from flowctl.specs.files import schemas_dir
from flowctl.state.known_lockfile import PARTS, SMALLEST, KnownLockfile
from flowctl.state.ledger import Ledger
from flowctl.state.local.store import LocalStore
from flowctl.state.lockfile_format import to_bytes

SHOP = Address("shop.dataset")
LONG = "x" * SMALLEST
PLACE = {"organization": "o", "sandbox": "s", "lineage": "l", "salt": "ab"}


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "workspace").mkdir()
    return tmp_path / "workspace"


def opened(root: Path, cache: Path, environment: str = "dev", sandbox: str = "s", **environ: str) -> Ledger:
    known = KnownLockfile.of(root, environment, {"XDG_CACHE_HOME": str(cache), **environ}, f"o {sandbox}")
    ledger = Ledger(LocalStore(root, environment), organization="o", sandbox=sandbox, known=known)
    ledger.keep_verdict()
    return ledger


def write(root: Path, *, description: str = LONG, applied: Mapping[str, object] | None = None) -> Path:
    entry = LockEntry(
        kind="dataset",
        id="5c8c3c555033b814b69f947f",
        etag="e",
        applied={"title": "Shop", "description": description, **(applied or {})},
        secret_digests={"a.b": "00"},
        outputs={"version": "1"},
        depends_on=frozenset({Address("shop.schema")}),
        deposed=("5c8c3c555033b814b69f9470",),
    )
    file = root / "flowctl.dev.lock"
    file.write_bytes(to_bytes(Lockfile(**PLACE, serial=3, entries={SHOP: entry})))
    return file


def verdicts(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*") if path.is_file()]


def test_a_known_lockfile_is_read_to_the_same(root: Path, cache: Path) -> None:
    write(root)
    first = opened(root, cache).lockfile
    (verdict,) = verdicts(cache)
    before = verdict.stat().st_mtime_ns
    again = opened(root, cache).lockfile
    assert again == first
    assert again.entries[SHOP].depends_on == {Address("shop.schema")}
    assert isinstance(next(iter(again.entries[SHOP].depends_on)), Address)
    assert isinstance(next(iter(again.entries)), Address)
    assert verdict.stat().st_mtime_ns == before
    assert verdict.stat().st_mode & 0o077 == 0


def test_a_changed_lockfile_is_checked(root: Path, cache: Path) -> None:
    file = write(root)
    opened(root, cache)
    file.write_text(file.read_text().replace('"kind": "dataset"', '"kind": "dataset", "kind": "dataset"'))
    with pytest.raises(StateError, match="stands twice"):
        opened(root, cache)


def test_the_next_lockfile_takes_the_place_of_the_last(root: Path, cache: Path) -> None:
    write(root)
    opened(root, cache)
    (verdict,) = verdicts(cache)
    before = verdict.read_text()
    write(root, applied={"more": "1"})
    opened(root, cache)
    assert verdicts(cache) == [verdict]
    assert verdict.read_text() != before


@pytest.mark.parametrize("damage", ["", "x", "\0", "another"])
def test_only_a_verdict_of_this_very_code_counts(root: Path, cache: Path, damage: str) -> None:
    file = write(root)
    opened(root, cache)
    (verdict,) = verdicts(cache)
    stamp, _, digest = verdict.read_text().rpartition(" ")
    twice = file.read_text().replace('"etag": "e"', '"etag": "e", "etag": "f"')
    file.write_text(twice)
    KnownLockfile(verdict, "o s").put(hashlib.sha256(twice.encode()).hexdigest(), len(twice))
    assert opened(root, cache).entry(SHOP) is not None, "who can write the user's cache can say that it is good"
    text = verdict.read_text()
    verdict.write_text(damage if damage != "another" else text.replace("0.1", "0.0", 1))
    with pytest.raises(StateError, match="stands twice"):
        opened(root, cache)
    assert stamp in text
    assert digest not in text


def test_a_known_lockfile_of_another_sandbox_is_refused(root: Path, cache: Path) -> None:
    write(root)
    opened(root, cache)
    with pytest.raises(StateError, match="belongs to organization o, sandbox s"):
        opened(root, cache, sandbox="t")


def test_a_lockfile_with_a_pending_write_is_never_known(root: Path, cache: Path) -> None:
    file = write(root)
    entry = LockEntry(kind="flow", id="f")
    pending = Intent(nonce="n", address=Address("shop.flow"), operation="update", entry=entry, at=1)
    file.write_bytes(to_bytes(replace(opened(root, cache).lockfile, pending=(pending,))))
    for _ in range(2):
        assert opened(root, cache).is_unfinished


def test_a_lockfile_to_which_a_journal_adds_has_no_digest(root: Path, cache: Path) -> None:
    write(root)
    opened(root, cache)
    assert opened(root, cache).digest
    opened(root, cache).record(SHOP, LockEntry(kind="dataset", id="5c8c3c555033b814b69f947f"))
    after = opened(root, cache)
    assert (after.digest, after.is_known) == ("", False), "what is kept about the lockfile alone is not about this"


@pytest.mark.parametrize("switch", ["off", "0", "no", "FALSE"])
def test_nothing_is_kept_by_the_switch(root: Path, cache: Path, switch: str) -> None:
    write(root)
    opened(root, cache, FLOWCTL_CACHE=switch)
    assert not verdicts(cache)


def test_nothing_is_kept_of_a_small_lockfile(root: Path, cache: Path) -> None:
    write(root, description="short")
    opened(root, cache)
    assert not verdicts(cache)


@pytest.mark.parametrize(
    ("applied", "place"),
    [
        ({"auth": {"specName": "x", "params": {"password": "hush"}}}, "auth.params.password"),
        ({"connectionSpec": {"id": "x"}, "params": {"password": "hush"}}, "params.password"),
    ],
)
def test_a_lockfile_with_a_secret_in_clear_is_never_known(
    root: Path, cache: Path, applied: Mapping[str, object], place: str
) -> None:
    write(root, applied=applied)
    for _ in range(2):
        entry = opened(root, cache).entry(SHOP)
        assert entry is not None
        assert "hush" not in str(entry.applied)
        assert place in entry.secret_digests
    assert not verdicts(cache)


def test_secrets_of_a_journal_are_hidden_beside_a_known_lockfile(root: Path, cache: Path) -> None:
    write(root)
    opened(root, cache)
    other = Address("other.connection")
    secret = LockEntry(kind="connection", id="c", applied={"auth": {"specName": "x", "params": {"password": "hush"}}})
    opened(root, cache).record(other, secret)
    found = opened(root, cache).entry(other)
    assert found is not None
    assert found.applied == {"auth": {"specName": "x", "params": {}}}


def test_each_environment_has_a_verdict_of_its_own(root: Path, cache: Path) -> None:
    file = write(root)
    opened(root, cache)
    file.with_name("flowctl.prod.lock").write_bytes(file.read_bytes())
    opened(root, cache, "prod")
    assert len(verdicts(cache)) == 2


def test_a_cache_that_cannot_be_written_is_none(root: Path, cache: Path) -> None:
    write(root)
    cache.write_text("a file where the folder would be")
    assert opened(root, cache).lockfile == opened(root, cache).lockfile


def test_everything_that_a_verdict_is_made_with_is_looked_at() -> None:
    names = {name for name, _, _ in sources(PARTS, (schemas_dir(),))}
    code = {"entry_format.py", "strict_json.py", "clear_secrets.py", "secret_places.py", "catalogue.py", "parts.py"}
    assert names >= code | {"address.py", "postgresql.json"}
