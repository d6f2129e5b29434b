"""Care for the record, as a table: what is recorded x command -> what is recorded then, and how the command ends."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from surroundings import DEV, Platform, Result, Workspace

from flowctl.model.address import Address
from flowctl.model.record import LockEntry
from flowctl.state.ledger import Ledger
from flowctl.state.local.store import LocalStore

CONNECTION = """\
apiVersion: flowctl/v1
kind: Connection
metadata: {{name: {name}}}
title: {title}
connector: postgresql
auth:
  specName: Connection String Based Authentication
  params:
    connectionString: ${{var:postgresConnectionString}}
"""
POSTGRESQL = {"id": "74a1c565-4e59-48d7-9d67-7c03b8a13137", "version": "1.0"}
PARAMS = {"specName": "Connection String Based Authentication", "params": {"connectionString": "Server=db"}}
SENT = {"name": "Shop", "auth": {"specName": PARAMS["specName"], "params": {}}, "connectionSpec": POSTGRESQL}


@dataclass(frozen=True, kw_only=True)
class Record:
    """What is recorded, with one letter in place of an ID: entries, old objects, users, pending creations."""

    entries: dict[str, str] = field(default_factory=dict)
    deposed: dict[str, str] = field(default_factory=dict)
    uses: dict[str, str] = field(default_factory=dict)
    pending: tuple[str, ...] = ()


@dataclass
class Bed:
    """A workspace with two connections, a platform, and the IDs that letters stand for."""

    workspace: Workspace
    platform: Platform
    ids: dict[str, str] = field(default_factory=dict)

    def id_of(self, letter: str) -> str:
        return self.ids.setdefault(letter, f"00000000-0000-4000-8000-{len(self.ids):012}")

    def create(self, letter: str, title: str) -> None:
        body = {"name": title, "auth": PARAMS, "connectionSpec": POSTGRESQL}
        reply = self.platform.request("POST", "/data/foundation/flowservice/connections", json=body)
        self.ids[letter] = reply.raise_for_status().json()["id"]

    def ledger(self) -> Ledger:
        return Ledger(LocalStore(self.workspace.root, "dev"), organization="LOCAL@AdobeOrg", sandbox="dev")

    def run(self, command: str) -> Result:
        return self.workspace.run("state", *(word.format(**self.ids) for word in command.split()))

    def write(self, record: Record) -> None:
        ledger = self.ledger()
        for address, letter in record.entries.items():
            users = (record.uses[address],) if address in record.uses else ()
            old = (self.id_of(record.deposed[address]),) if address in record.deposed else ()
            kind = address.rpartition(".")[2]
            entry = LockEntry(kind=kind, id=self.id_of(letter), depends_on=frozenset(map(Address, users)), deposed=old)
            ledger.record(Address(address), entry)
        for address in record.pending:
            ledger.intend(Address(address), "create", LockEntry(kind="connection", id="", applied=SENT), now=0)
        ledger.compact()

    def read(self) -> Record:
        letters = {object_id: letter for letter, object_id in self.ids.items()}
        lockfile = self.ledger().lockfile
        entries = {str(address): entry for address, entry in lockfile.entries.items()}
        return Record(
            entries={address: letters[entry.id] for address, entry in entries.items()},
            deposed={address: letters[entry.deposed[0]] for address, entry in entries.items() if entry.deposed},
            uses={address: str(*entry.depends_on) for address, entry in entries.items() if entry.depends_on},
            pending=tuple(str(intent.address) for intent in lockfile.pending),
        )


@pytest.fixture
def bed(tmp_path: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> Bed:
    """The platform has the connections `s` "Shop", `t` and `u`, both "Twin"; the manifests want both titles."""
    workspace = Workspace(root=tmp_path, capsys=capsys)
    workspace.write("flowctl.yaml", DEV.format(url=platform.url))
    for name, title in (("shop", "Shop"), ("twin", "Twin")):
        workspace.write(f"connections/{name}.yaml", CONNECTION.format(name=name, title=title))
    for name in ("schemas", "datasets", "pipelines"):
        (tmp_path / name).mkdir()
    bed = Bed(workspace=workspace, platform=platform)
    for letter, title in (("s", "Shop"), ("t", "Twin"), ("u", "Twin")):
        bed.create(letter, title)
    return bed


SHOP = Record(entries={"shop.connection": "s"})
USED = Record(
    entries={"shop.connection": "s", "p.source_connection": "x", "p.flow": "y"},
    uses={"p.source_connection": "shop.connection", "p.flow": "p.source_connection"},
)
PENDING = Record(pending=("shop.connection",))

# what is recorded, the command with letters for IDs, its exit code, what it says, what is recorded then
TABLE: dict[str, tuple[Record, str, int, str, Record]] = {
    "rm": (SHOP, "rm shop.connection --auto-approve", 0, "shop.connection", Record()),
    "rm, not recorded": (SHOP, "rm shap.connection --auto-approve", 1, "Did you mean `shop.connection`?", SHOP),
    "rm, not approved": (SHOP, "rm shop.connection", 1, "--auto-approve", SHOP),
    "rm of two": (USED, "rm p.flow p.source_connection --auto-approve", 0, "", SHOP),
    "rm of two, one not recorded": (
        USED,
        "rm p.flow q.flow --auto-approve",
        1,
        "`q.flow` is not in the lockfile",
        USED,
    ),
    "rm of what others use": (
        USED,
        "rm shop.connection --auto-approve",
        0,
        "",
        Record(entries={"p.source_connection": "x", "p.flow": "y"}, uses=USED.uses),
    ),
    "mv": (SHOP, "mv shop.connection store.connection", 0, "", Record(entries={"store.connection": "s"})),
    "mv of what others use": (
        USED,
        "mv shop.connection store.connection",
        0,
        "",
        Record(
            entries={"store.connection": "s", "p.source_connection": "x", "p.flow": "y"},
            uses={"p.source_connection": "store.connection", "p.flow": "p.source_connection"},
        ),
    ),
    "mv with an old object": (
        Record(entries={"shop.connection": "s"}, deposed={"shop.connection": "o"}),
        "mv shop.connection store.connection",
        0,
        "",
        Record(entries={"store.connection": "s"}, deposed={"store.connection": "o"}),
    ),
    "mv of a document": (
        USED,
        "mv p q",
        0,
        "",
        Record(
            entries={"shop.connection": "s", "q.source_connection": "x", "q.flow": "y"},
            uses={"q.source_connection": "shop.connection", "q.flow": "q.source_connection"},
        ),
    ),
    "mv, not recorded": (SHOP, "mv shap.connection x.connection", 1, "`shap.connection` is not in the lockfile", SHOP),
    "mv of a document, not recorded": (SHOP, "mv shap x", 1, "the lockfile has no entry of `shap`", SHOP),
    "mv, taken": (USED, "mv p.flow p.flow", 1, "`p.flow` is already in the lockfile", USED),
    "mv to another kind": (SHOP, "mv shop.connection shop.flow", 1, "must end with `.connection`.", SHOP),
    "mv to what is not a name": (SHOP, "mv shop.connection Shop.connection", 1, "is not a valid address", SHOP),
    "mv to no name": (SHOP, "mv shop.connection .connection", 1, "is not the address of a base connection", SHOP),
    "settle with the object": (PENDING, "settle shop.connection {s}", 0, "recorded in the lockfile as", SHOP),
    "settle with none": (PENDING, "settle shop.connection none", 0, "the interrupted run created no object", Record()),
    "settle with what is not there": (
        PENDING,
        "settle shop.connection 00000000-0000-4000-8000-00000000dead",
        1,
        "there is no base connection with the ID 00000000-0000-4000-8000-00000000dead",
        PENDING,
    ),
    "settle with nearly the ID": (PENDING, "settle shop.connection {s}0", 1, 'Did you mean "', PENDING),
    "settle with an ID, known ones": (PENDING, "settle shop.connection 0", 1, "Known: ", PENDING),
    "settle of nearly what is pending": (PENDING, "settle shap.connection none", 1, "mean `shop.connection`?", PENDING),
    "settle of another, known ones": (PENDING, "settle x.flow none", 1, "Interrupted: `shop.connection`.", PENDING),
    "settle of what is not pending": (
        SHOP,
        "settle shop.connection none",
        1,
        "there is no interrupted write of `shop.connection`",
        SHOP,
    ),
    "settle of one of two": (
        Record(pending=("shop.connection", "twin.connection")),
        "settle twin.connection {t}",
        0,
        "",
        Record(entries={"twin.connection": "t"}, pending=("shop.connection",)),
    ),
    "repair by title": (Record(), "repair --auto-approve", 0, '2 objects have the title "Twin"', SHOP),
    "repair, not approved": (Record(), "repair", 1, "--auto-approve", Record()),
    "repair by a choice": (
        SHOP,
        "repair twin.connection={u} --auto-approve",
        0,
        "",
        Record(entries={"shop.connection": "s", "twin.connection": "u"}),
    ),
    "repair by both": (
        Record(),
        "repair twin.connection={t} --auto-approve",
        0,
        "",
        Record(entries={"shop.connection": "s", "twin.connection": "t"}),
    ),
    "repair where one twin is recorded for somebody else": (
        Record(entries={"other.connection": "t"}),
        "repair --auto-approve",
        0,
        "",
        Record(entries={"other.connection": "t", "shop.connection": "s", "twin.connection": "u"}),
    ),
    "repair where one twin is an old object": (
        Record(entries={"other.connection": "x"}, deposed={"other.connection": "u"}),
        "repair --auto-approve",
        0,
        "",
        Record(
            entries={"other.connection": "x", "shop.connection": "s", "twin.connection": "t"},
            deposed={"other.connection": "u"},
        ),
    ),
    "repair of what is recorded and gone": (
        Record(entries={"shop.connection": "x"}, deposed={"shop.connection": "o"}),
        "repair --auto-approve",
        0,
        "",
        Record(entries={"shop.connection": "s"}, deposed={"shop.connection": "o"}),
    ),
    "repair by a choice for what is recorded otherwise": (
        SHOP,
        "repair shop.connection={t} --auto-approve",
        1,
        "state rm shop.connection` to stop managing that object",
        SHOP,
    ),
    "repair by the choice of another's object": (
        SHOP,
        "repair twin.connection={s} --auto-approve",
        1,
        "is already in the lockfile as `shop.connection`",
        SHOP,
    ),
    "repair by a choice for an unknown address": (
        SHOP,
        "repair tvin.connection={t} --auto-approve",
        1,
        "no manifest describes `tvin.connection`",
        SHOP,
    ),
    "repair by a choice that is not there": (
        SHOP,
        "repair twin.connection=00000000-0000-4000-8000-00000000dead --auto-approve",
        1,
        "there is no base connection with the ID",
        SHOP,
    ),
    "repair where nothing is missing": (
        Record(entries={"shop.connection": "s", "twin.connection": "t"}),
        "repair",
        0,
        "",
        Record(entries={"shop.connection": "s", "twin.connection": "t"}),
    ),
}


@pytest.mark.parametrize("row", TABLE)
def test_care(row: str, bed: Bed) -> None:
    recorded, command, code, said, expected = TABLE[row]
    bed.write(recorded)
    bed.platform.clear_log()
    ended = bed.run(command)
    assert (ended.code, bed.read()) == (code, expected), ended.out + ended.err
    assert said in ended.out + ended.err
    assert bed.platform.writes() == []


@pytest.mark.parametrize("row", [row for row in TABLE if TABLE[row][2] == 1])
def test_what_fails_leaves_the_files_as_they_are(row: str, bed: Bed) -> None:
    recorded, command, _, _, _ = TABLE[row]
    bed.write(recorded)
    before = _files(bed)
    bed.run(command)
    assert _files(bed) == before


def _files(bed: Bed) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in bed.workspace.root.glob("flowctl.dev.lock*")}


@pytest.mark.parametrize("command", ["rm shop.connection --auto-approve", "mv shop.connection store.connection"])
def test_the_record_alone_needs_no_platform(command: str, bed: Bed) -> None:
    bed.write(SHOP)
    bed.platform.clear_log()
    assert bed.run(command).code == 0
    assert bed.platform.log() == []
