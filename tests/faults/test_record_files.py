"""Damaged, foreign, newer and stale records: read where they can be, refused with the cure where not."""

import itertools
import json
import shutil
import signal
from pathlib import Path

import pytest
from fault_workspace import FaultWorkspace, Pipeline, Seen, after_recovery, what_is_wrong
from surroundings import Platform

_CRASH = Path(__file__).with_name("crash_driver.py")
_GOLDEN = Path(__file__).with_name("golden")
_FIRST, _SECOND = (_GOLDEN / f"lockfile-v{version}.json" for version in (1, 2))


@pytest.fixture
def workspace(platform: Platform, tmp_path: Path) -> FaultWorkspace:
    workspace = FaultWorkspace(tmp_path, platform.url, {"only": Pipeline("only")})
    workspace.save()
    return workspace


@pytest.fixture
def crashed(workspace: FaultWorkspace, platform: Platform, tmp_path: Path) -> FaultWorkspace:
    """A workspace whose first apply died in the middle, with a journal of whole lines and no lockfile."""
    report = tmp_path / "died-at"
    options = ("--auto-approve", "--parallelism", "1")
    for point in itertools.count(58):
        ended = workspace.ended("apply", *options, program=_CRASH, CRASH_AT=str(point), CRASH_REPORT=str(report))
        assert ended.code == -signal.SIGKILL
        if report.read_text() == "after a journal line":
            break
        workspace.journal_path.unlink(missing_ok=True)
        Seen(platform.http).fresh()
    assert workspace.journal_path.exists()
    assert not workspace.lockfile_path.exists()
    return workspace


def _lines(workspace: FaultWorkspace) -> list[str]:
    return workspace.journal_path.read_text().splitlines(keepends=True)


@pytest.mark.parametrize("torn", ['{"event": "entry", "addr', '{"event": "settled", "nonce": "x"}', "\x00\x00"])
def test_a_torn_last_line_is_passed_over(crashed: FaultWorkspace, platform: Platform, torn: str) -> None:
    with crashed.journal_path.open("a") as journal:
        journal.write(torn)
    assert after_recovery(crashed, Seen(platform.http)) == []


_DAMAGE = ("not JSON", "1", "[]", '{"event": 3}', '{"event": "entry"}', '{"event": "intent", "nonce": "x"}')


def test_a_damaged_line_is_named_with_the_cure(crashed: FaultWorkspace) -> None:
    lines = _lines(crashed)
    for damage in _DAMAGE:
        crashed.journal_path.write_text("".join([*lines[:2], f"{damage}\n", *lines[2:]]))
        before = crashed.journal_path.read_bytes()
        ended = crashed.run("plan")
        assert ended.code == 1, damage
        assert "journal-damaged" in ended.err
        assert "flowctl state repair" in ended.err
        assert "flowctl state orphans" in ended.err
        assert crashed.journal_path.read_bytes() == before


def test_the_cure_for_a_damaged_journal_works(workspace: FaultWorkspace, platform: Platform) -> None:
    assert workspace.run("apply", "--auto-approve").code == 0
    workspace.lockfile_path.unlink()
    workspace.journal_path.write_text("damaged\n")
    assert workspace.run("plan").code == 1
    workspace.journal_path.rename(workspace.root / "aside")
    assert workspace.run("state", "repair", "--auto-approve").code == 0
    assert "No orphans" in workspace.run("state", "orphans").out
    assert after_recovery(workspace, Seen(platform.http)) == []


def test_events_of_an_unknown_name_are_passed_over(crashed: FaultWorkspace, platform: Platform) -> None:
    with crashed.journal_path.open("a") as journal:
        journal.write('{"event": "seen", "by": "a later release"}\n')
    assert after_recovery(crashed, Seen(platform.http)) == []


def test_a_journal_of_a_newer_version_is_refused_with_the_cure(crashed: FaultWorkspace) -> None:
    first, *rest = _lines(crashed)
    crashed.journal_path.write_text("".join([json.dumps({**json.loads(first), "version": 3}) + "\n", *rest]))
    ended = crashed.run("apply", "--auto-approve")
    assert ended.code == 1
    assert "journal-newer" in ended.err
    assert "Install that release" in ended.err


@pytest.mark.parametrize("change", [{"lineage": "another"}, {"serial": 7}])
def test_a_journal_of_another_lockfile_is_refused(
    workspace: FaultWorkspace, crashed: FaultWorkspace, change: dict[str, object]
) -> None:
    journal = crashed.journal_path.read_text()
    assert workspace.run("apply", "--auto-approve").code == 0
    first, *rest = journal.splitlines(keepends=True)
    begin = {**json.loads(first), "serial": 1, **change}
    workspace.journal_path.write_text("".join([json.dumps(begin) + "\n", *rest]))
    before = workspace.lockfile_path.read_bytes()
    ended = workspace.run("plan")
    assert ended.code == 1
    assert "journal-elsewhere" in ended.err
    assert "Restore that lockfile" in ended.err
    assert workspace.lockfile_path.read_bytes() == before


def test_a_journal_without_its_lockfile_is_refused(workspace: FaultWorkspace) -> None:
    """The entries of the lost lockfile are not in the journal: going on would make all of them twice."""
    assert workspace.run("apply", "--auto-approve").code == 0
    lockfile = json.loads(workspace.lockfile_path.read_text())
    begin = {"event": "begin", "version": 1} | {
        name: lockfile[name] for name in ("lineage", "salt", "serial", "organization", "sandbox")
    }
    workspace.journal_path.write_text(json.dumps(begin) + "\n")
    workspace.lockfile_path.unlink()
    ended = workspace.run("plan")
    assert ended.code == 1
    assert "journal-elsewhere" in ended.err


def test_a_journal_that_is_in_the_lockfile_already_is_dropped(workspace: FaultWorkspace, platform: Platform) -> None:
    """A crash between the rename and the removal leaves one."""
    assert workspace.run("apply", "--auto-approve").code == 0
    lockfile = json.loads(workspace.lockfile_path.read_text())
    begin = {"event": "begin", "version": 1} | {
        name: lockfile[name] for name in ("lineage", "salt", "organization", "sandbox")
    }
    gone = {"event": "gone", "address": "only.flow"}
    workspace.journal_path.write_text(json.dumps({**begin, "serial": 0}) + "\n" + json.dumps(gone) + "\n")
    assert workspace.run("plan", "--detailed-exitcode").code == 0
    assert not workspace.journal_path.exists()
    assert what_is_wrong(workspace, Seen(platform.http)) == []


def test_what_a_killed_compaction_left_is_removed(workspace: FaultWorkspace) -> None:
    left = workspace.root / ".flowctl.dev.lock.abc123.new"
    left.write_text("half of a lockf")
    assert workspace.run("apply", "--auto-approve").code == 0
    assert not left.exists()


@pytest.mark.parametrize("golden", [_FIRST, _SECOND], ids=["version 1", "version 2"])
def test_a_lockfile_of_every_format_is_read(workspace: FaultWorkspace, golden: Path) -> None:
    shutil.copy(golden, workspace.lockfile_path)
    listed = workspace.run("state", "list", "--format", "json")
    assert listed.code == 0, listed.text
    recorded = json.loads(golden.read_text())["entries"]
    found = json.loads(listed.out)["entries"]
    assert {address: entry["id"] for address, entry in found.items()} == {
        address: entry["id"] for address, entry in recorded.items()
    }


def test_the_lockfile_is_written_in_the_second_format(workspace: FaultWorkspace) -> None:
    """A new member is a new version, with a migration and a golden file of its own."""
    assert workspace.run("apply", "--auto-approve").code == 0
    written, golden = json.loads(workspace.lockfile_path.read_text()), json.loads(_SECOND.read_text())
    assert written.keys() == golden.keys()
    assert written["version"] == golden["version"] == 2
    for address, entry in written["entries"].items():
        assert entry.keys() == golden["entries"][address].keys(), address


@pytest.mark.parametrize(
    ("text", "code", "cure"),
    [
        ('{"version": 3}', "lockfile-newer", "Install that release"),
        ("<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n", "lockfile-conflict", "Keep the entries of both sides"),
        ('{"version": 1, "entries": {', "lockfile-unreadable", "Restore it from version control"),
        ("", "lockfile-unreadable", "Restore it from version control"),
        ("[]", "lockfile-unreadable", "Restore it from version control"),
        ('{"version": 1}', "lockfile-unreadable", "Restore it from version control"),
    ],
)
def test_a_lockfile_that_cannot_be_used_is_refused_with_the_cure(
    workspace: FaultWorkspace, text: str, code: str, cure: str
) -> None:
    workspace.lockfile_path.write_text(text)
    for command in (("plan",), ("apply", "--auto-approve"), ("destroy", "--auto-approve"), ("state", "list")):
        ended = workspace.run(*command)
        assert ended.code == 1
        assert code in ended.err
        assert cure in ended.err
        assert workspace.lockfile_path.read_text() == text
