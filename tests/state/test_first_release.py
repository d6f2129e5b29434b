"""What version 0.1.0 of flowctl left behind is read, and its first change is written in today's form.

The files were made by that release with the examples: `applied` after a whole apply, `first-run` where the process
was killed during the first apply, `second-run` where it was killed during an apply that replaces and deletes.
"""

import json
from pathlib import Path

import pytest
from record_files import DATA, JOURNAL, LOCK, contents, ledger, left_by_the_first_release
from surroundings import DEV, Workspace

from flowctl.model.address import Address

STORIES = ("applied", "first-run", "second-run")


@pytest.fixture
def workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """A workspace whose platform nobody may ask."""
    workspace = Workspace(root=tmp_path, capsys=capsys)
    workspace.write("flowctl.yaml", DEV.format(url="http://127.0.0.1:9"))
    return workspace


@pytest.mark.parametrize("story", STORIES)
def test_reading_changes_no_file(workspace: Workspace, story: str) -> None:
    left_by_the_first_release(story, workspace.root)
    before = contents(workspace.root)
    assert workspace.run("state", "list", "--format", "json").code == 0
    assert contents(workspace.root) == before


def test_a_lockfile_of_the_first_release_is_listed(workspace: Workspace) -> None:
    left_by_the_first_release("applied", workspace.root)
    recorded = json.loads((DATA / "applied" / LOCK).read_text(encoding="utf-8"))
    assert recorded["version"] == 1
    listed = workspace.run("state", "list", "--format", "json").json["entries"]
    ids = {address: entry["id"] for address, entry in recorded["entries"].items()}
    assert {address: entry["id"] for address, entry in listed.items()} == ids
    assert len(ids) == 31


def test_the_next_change_writes_the_second_version_and_nothing_else_differs(workspace: Workspace) -> None:
    left_by_the_first_release("applied", workspace.root)
    before = workspace.lockfile
    assert workspace.run("state", "rm", "support-tickets.flow", "--auto-approve").code == 0
    del before["entries"]["support-tickets.flow"]
    assert workspace.lockfile == {**before, "version": 2, "serial": before["serial"] + 1}


def test_a_journal_of_a_first_run_that_was_cut_off_is_replayed(workspace: Workspace) -> None:
    left_by_the_first_release("first-run", workspace.root)
    record = ledger(workspace.root).lockfile
    assert sorted(record.entries) == ["hubspot.connection", "landing-bucket.connection", "shop-database.connection"]
    assert [(intent.address, intent.operation, intent.entry.id) for intent in record.pending] == [
        ("shopify.connection", "create", "")
    ]
    assert record.serial == 0


def test_a_journal_of_a_later_run_that_was_cut_off_is_replayed(workspace: Workspace) -> None:
    left_by_the_first_release("second-run", workspace.root)
    before, record = workspace.lockfile["entries"], ledger(workspace.root).lockfile
    gone = before.keys() - record.entries.keys()
    assert gone == {
        *(f"support-tickets.{kind}" for kind in ("flow", "target_connection", "source_connection", "mapping_set"))
    }
    moved = {address for address, entry in record.entries.items() if before.get(address, {}).get("id") != entry.id}
    assert moved == {f"shop-customers.{kind}" for kind in ("source_connection", "target_connection", "flow")}
    source, target = (f"shop-customers.{kind}_connection" for kind in ("source", "target"))
    assert before[target]["id"] not in record.entries[Address(target)].deposed, "its deletion is in the journal"
    assert record.entries[Address(source)].deposed == (before[source]["id"],), "the last line is torn"
    assert record.pending == ()


@pytest.mark.parametrize("story", ["first-run", "second-run"])
def test_a_journal_of_the_first_release_is_compacted_into_the_second_version(workspace: Workspace, story: str) -> None:
    left_by_the_first_release(story, workspace.root)
    record = ledger(workspace.root).lockfile
    assert workspace.run("state", "rm", "hubspot.connection", "--auto-approve").code == 0
    assert not (workspace.root / JOURNAL).exists()
    assert (workspace.lockfile["version"], workspace.lockfile["serial"]) == (2, record.serial + 1)
    again = ledger(workspace.root).lockfile
    assert again.entries.keys() == record.entries.keys() - {"hubspot.connection"}
    assert again.entries == {address: entry for address, entry in record.entries.items() if address in again.entries}
    assert again.pending == record.pending


def test_a_record_of_the_first_version_needs_no_change(examples: Workspace) -> None:
    examples.begin_applied()
    path = examples.root / LOCK
    path.write_text(path.read_text(encoding="utf-8").replace('"version": 2', '"version": 1'), encoding="utf-8")
    before = path.read_bytes()
    assert examples.plan("--detailed-exitcode").code == 0
    examples.apply()
    assert path.read_bytes() == before
    examples.edit("pipelines/shop-customers.yaml", "frequency: hour", "frequency: day")
    examples.apply()
    assert examples.lockfile["version"] == 2
    assert examples.plan("--detailed-exitcode").code == 0
