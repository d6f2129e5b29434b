"""Saved plans: written only where nothing else stands, and applied only where and with what they were approved for."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from surroundings import SCHEMAS, Platform, Result, Workspace

from flowctl import emulator
from flowctl.durable import staged
from flowctl.output_file import write_own


def _refused(result: Result, path: Path, *words: str) -> None:
    assert result.code == 1, result.out + result.err
    assert "[plan-file-unwritable]" in result.err
    assert path.name in result.err
    assert "--out" in result.err
    for word in words:
        assert word in result.err


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _terminal(path: Path) -> None:
    path.symlink_to(os.ttyname(os.openpty()[1]))


def _text(path: Path) -> None:
    path.write_text("something else")


def _plan_as_json(path: Path) -> None:
    path.write_text('{"formatVersion": "1", "environment": "dev", "changes": [], "diagnostics": []}')


def _large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2_000_000_000)


TAKEN: dict[str, Callable[[Path], object]] = {
    "a text": _text,
    "nothing in it": lambda path: path.touch(),
    "the plan that is printed": _plan_as_json,
    "bytes": lambda path: path.write_bytes(b"\xff\x00"),
    "brackets": lambda path: path.write_text("[" * 50_000),
    "2 GB": _large,
    "a folder": lambda path: path.mkdir(),
    "a named pipe": _pipe,
    "a terminal": _terminal,
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to a file": lambda path: (_text(path.with_name("else")), path.symlink_to("else")),
    "a link to a link": lambda path: (path.with_name("between").symlink_to("flowctl.yaml"), path.symlink_to("between")),
    "another name of a file": lambda path: os.link(path.with_name("flowctl.yaml"), path),
}


@pytest.mark.parametrize("take", TAKEN.values(), ids=TAKEN)
def test_what_is_not_a_saved_plan_stays(
    examples: Workspace, platform: Platform, take: Callable[[Path], object]
) -> None:
    path = examples.root / "plan.json"
    take(path)
    before, workspace_file = os.lstat(path), (examples.root / "flowctl.yaml").read_bytes()
    platform.clear_log()
    _refused(examples.run("plan", "--out", str(path)), path)
    after = os.lstat(path)
    assert (before.st_ino, before.st_size, before.st_mtime_ns) == (after.st_ino, after.st_size, after.st_mtime_ns)
    assert (examples.root / "flowctl.yaml").read_bytes() == workspace_file
    assert platform.log() == [], "it is told before anything is asked"
    assert list(examples.root.glob(".*.new")) == []


@pytest.mark.parametrize("name", ["flowctl.yaml", "flowctl.dev.lock", "pipelines/hubspot-contacts.yaml"])
def test_files_of_the_workspace_stay(examples: Workspace, name: str) -> None:
    examples.begin_applied()
    before = (examples.root / name).read_bytes()
    _refused(examples.run("plan", "--out", str(examples.root / name)), Path(name))
    assert (examples.root / name).read_bytes() == before
    assert examples.run("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize(
    "name",
    ["flowctl.dev.lock", "flowctl.prod.lock", "flowctl.dev.lock.journal", "pipelines/new.yaml", "schemas/x.yml",
     "sub/flowctl.yaml", ".flowctl/dev.runlock", ".flowctl/local/platform.sqlite3", "linked/new.yaml"],
)  # fmt: skip
def test_names_that_flowctl_reads_are_not_taken(examples: Workspace, name: str) -> None:
    """Nothing stands there, and a plan would be taken for a lockfile or a manifest by the next command."""
    for folder in ("sub", ".flowctl/local"):
        (examples.root / folder).mkdir(parents=True, exist_ok=True)
    (examples.root / "linked").symlink_to("pipelines")
    path = examples.root / name
    _refused(examples.run("plan", "--out", str(path)), path)
    assert not path.exists()


@pytest.mark.parametrize(
    "name", ["plan.json", "sub/plan.yaml", ".flowctl/plan.json", "x" * 250, "with a blank", "ü.plan"]
)
def test_other_names_are(examples: Workspace, name: str) -> None:
    path = examples.root / name
    path.parent.mkdir(exist_ok=True)
    assert examples.run("plan", "--out", str(path)).code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert examples.run("plan", "--out", str(path)).code == 0, "a saved plan is replaced"


@pytest.mark.parametrize("text", ["", "-", "plan/", "no/such/folder", "flowctl.yaml/below", "x" * 300, "a\udcff\ud800"])
def test_texts_that_name_no_file_are_told(
    examples: Workspace, text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(examples.root)
    before = _names(examples.root)
    result = examples.run("plan", "--out", text)
    assert result.code == 1
    assert "[plan-file-unwritable]" in result.err or "[usage]" in result.err
    assert _names(examples.root) == before


def test_a_folder_that_may_not_be_written_is_told(examples: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    path = examples.root / "plan.json"

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    _refused(examples.run("plan", "--out", str(path)), path, "No space left on device")
    assert list(examples.root.glob("*plan*")) == list(examples.root.glob(".*.new")) == []


def test_what_appears_meanwhile_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, real = tmp_path / "plan.json", os.link

    def link(source: object, target: str) -> None:
        path.write_text("mine")
        real(str(source), target)

    monkeypatch.setattr(os, "link", link)
    with pytest.raises(OSError, match="another program"):
        write_own(str(path), "plan", lambda _: True, 0o600)
    assert path.read_text() == "mine"


def test_a_file_system_without_links_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_arguments: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    write_own(str(tmp_path / "plan"), "plan", lambda _: True, 0o600)
    assert (tmp_path / "plan").read_text() == "plan"
    assert _names(tmp_path) == ["plan"]


def test_what_appears_meanwhile_stays_on_a_file_system_without_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan"

    def link(*_arguments: object) -> None:
        path.write_text("mine")
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    with pytest.raises(FileExistsError):
        write_own(str(path), "plan", lambda _: True, 0o600)
    assert path.read_text() == "mine"


def test_what_is_staged_is_removed(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), staged(tmp_path / "x", "text", 0o600):
        raise ZeroDivisionError
    assert _names(tmp_path) == []


# The folder of schemas


@pytest.mark.parametrize("take", [_text, _pipe, _terminal, lambda path: path.symlink_to("nothing"),
                                  lambda path: path.write_text('{"$schema": "x", "title": "mine"}')])  # fmt: skip
def test_schemas_replace_only_schemas(examples: Workspace, take: Callable[[Path], object]) -> None:
    folder = examples.root / "editor"
    assert examples.run("schemas", str(folder)).code == 0
    assert examples.run("schemas", str(folder)).code == 0
    path = folder / "pipeline.schema.json"
    path.unlink()
    take(path)
    other = (folder / "connection.schema.json").stat().st_mtime_ns
    result = examples.run("schemas", str(folder))
    assert result.code == 1
    assert "[output-unwritable]" in result.err
    assert path.name in result.err
    assert not path.is_file() or path.read_text() != (SCHEMAS / path.name).read_text()
    assert (folder / "connection.schema.json").stat().st_mtime_ns == other, "nothing is written then"


def test_no_folder_is_not_the_current_one(examples: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    assert examples.run("schemas", "").code == 1
    assert _names(empty) == []


# What a saved plan is bound to


@pytest.fixture
def saved(examples: Workspace) -> Path:
    path = examples.root / "plan.json"
    assert examples.run("plan", "--out", str(path)).code == 0
    return path


def _stale(result: Result, *words: str) -> None:
    assert result.code == 1, result.out + result.err
    assert "[plan-stale]" in result.err
    for word in words:
        assert word in result.err


def test_a_plan_is_applied_where_it_was_made(examples: Workspace, platform: Platform, saved: Path) -> None:
    with emulator.start(specs_dir=SCHEMAS) as other, httpx.Client(base_url=other.url, verify=False) as http:
        examples.edit("flowctl.yaml", platform.url, other.url)
        _stale(examples.run("apply", str(saved)), "endpoint", platform.url, other.url)
        requests = http.get("/_emulator/requests").json()["requests"]
        assert [each for each in requests if each["method"] != "GET" and "/ims/" not in each["path"]] == []
        examples.edit("flowctl.yaml", other.url, platform.url)
    assert examples.run("apply", str(saved)).code == 0


def test_a_plan_is_bound_to_the_token_address(examples: Workspace, platform: Platform, saved: Path) -> None:
    text = (examples.root / "flowctl.yaml").read_text()
    moved = f"    auth: {{tokenUrl: '{platform.url}/other'}}\n    variables:"
    examples.write("flowctl.yaml", text.replace("    variables:", moved))
    _stale(examples.run("apply", str(saved)), "tokenUrl")


def test_a_plan_of_another_environment_is_refused(examples: Workspace, saved: Path) -> None:
    assert "plan-elsewhere" in examples.run("-e", "local", "apply", str(saved)).err


def _with_secrets(examples: Workspace) -> None:
    examples.edit("flowctl.yaml", "canary-hubspot-secret", "'${env:ROTATED}'")


@pytest.mark.parametrize("applied_before", [False, True])
def test_a_secret_that_changed_makes_a_plan_stale(
    examples: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch, applied_before: bool
) -> None:
    _with_secrets(examples)
    monkeypatch.setenv("ROTATED", "first-canary")
    if applied_before:
        examples.apply()
        examples.edit("pipelines/hubspot-contacts.yaml", "title: HubSpot dataflow", "title: Renamed")
    path = examples.root / "plan.json"
    assert examples.run("plan", "--out", str(path)).code == 0
    assert "canary" not in path.read_text()
    monkeypatch.setenv("ROTATED", "second-canary")
    platform.clear_log()
    result = examples.run("apply", str(path))
    _stale(result, "auth.params.clientSecret", "hubspot.connection")
    assert "canary" not in result.out + result.err
    assert platform.writes() == []
    monkeypatch.setenv("ROTATED", "first-canary")
    assert examples.run("apply", str(path)).code == 0


def test_a_secret_that_is_given_as_a_variable_is_bound_too(examples: Workspace, saved: Path) -> None:
    """And not by a digest without salt: the digest of the manifests is the same."""
    digest = json.loads(saved.read_text())["manifestDigest"]
    result = examples.run("apply", str(saved), "--var", "hubspotClientSecret=other-canary")
    _stale(result, "the value of the secret `auth.params.clientSecret` of `hubspot.connection`")
    assert "a manifest or a variable changed" not in result.err
    examples.edit("flowctl.yaml", "restPassword: canary-rest", "restPassword: other")
    assert examples.run("plan", "--out", str(saved)).code == 0
    assert json.loads(saved.read_text())["manifestDigest"] == digest


def test_a_variable_that_is_no_secret_is_bound_by_the_manifests(examples: Workspace, saved: Path) -> None:
    examples.edit("pipelines/hubspot-contacts.yaml", "title: HubSpot dataflow", 'title: "${var:name}"')
    assert examples.run("plan", "--out", str(saved), "--var", "name=one").code == 0
    _stale(examples.run("apply", str(saved), "--var", "name=two"), "a manifest or a variable changed")
    assert examples.run("apply", str(saved), "--var", "name=one").code == 0


def test_a_secret_that_was_not_set_is_not_bound(examples: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that plans may have no secrets; the job that applies has them."""
    _with_secrets(examples)
    monkeypatch.delenv("ROTATED", raising=False)
    path = examples.root / "plan.json"
    assert examples.run("plan", "--out", str(path)).code == 0
    monkeypatch.setenv("ROTATED", "canary")
    assert examples.run("apply", str(path)).code == 0


def test_equal_secrets_have_other_digests_in_another_plan(examples: Workspace, saved: Path) -> None:
    """Whoever has two plan files cannot tell from them whether a secret is the same."""
    second = examples.root / "second.json"
    assert examples.run("plan", "--out", str(second)).code == 0
    first, again = json.loads(saved.read_text())["secrets"], json.loads(second.read_text())["secrets"]
    assert first.keys() == again.keys()
    assert "hubspot.connection" in first
    assert not {*map(str, first.values())} & {*map(str, again.values())}


@pytest.mark.parametrize("change", [lambda data: data.replace(b"\n", b"\r\n"), lambda data: b"\xef\xbb\xbf" + data,
                                    lambda data: data + b"\n\n", lambda data: data.rstrip(b"\n"),
                                    lambda data: data.replace(b"\n", b"\r")])  # fmt: skip
def test_line_ends_and_byte_order_marks_make_no_plan_stale(
    examples: Workspace, saved: Path, change: Callable[[bytes], bytes]
) -> None:
    for path in [*examples.root.rglob("*.yaml"), saved]:
        path.write_bytes(change(path.read_bytes()))
    result = examples.run("apply", str(saved))
    assert result.code == 0, result.err


def test_a_changed_manifest_makes_a_plan_stale(examples: Workspace, saved: Path) -> None:
    examples.edit("pipelines/hubspot-contacts.yaml", "title: HubSpot dataflow", "title: Renamed")
    _stale(examples.run("apply", str(saved)), "error: pipelines/hubspot-contacts.yaml changed after the plan was saved")
    document = json.loads(saved.read_text())
    del document["files"]
    saved.write_text(json.dumps(document))
    _stale(examples.run("apply", str(saved)), "a manifest or a variable changed after the plan was saved")


# What a plan file may hold

WRONG: dict[str, object] = {
    "environment": 5, "endpoint": [], "tokenUrl": {}, "organization": None, "sandbox": 1, "lineage": [], "serial": True,
    "manifestDigest": 1, "targets": "ab", "destroy": 0, "changes": "", "etags": None, "salt": "zz", "secrets": [],
}  # fmt: skip
DEEPER: dict[str, object] = {
    "serial": -1, "targets": [1], "changes": {"a": 1}, "etags": {"a": 1}, "compared": {"a": 1},
    "salt": "abc", "secrets": {"a": {"b": 1}},
}  # fmt: skip


@pytest.mark.parametrize(("member", "value"), [*WRONG.items(), *DEEPER.items(), *((name, ...) for name in WRONG)])
def test_a_damaged_plan_file_is_named(examples: Workspace, saved: Path, member: str, value: object) -> None:
    document = json.loads(saved.read_text())
    document[member] = value
    if value is ...:
        del document[member]
    saved.write_text(json.dumps(document))
    result = examples.run("apply", str(saved))
    assert result.code == 1
    assert "[not-a-plan-file]" in result.err
    assert saved.name in result.err
    assert "flowctl plan --out" in result.err
    assert "internal-error" not in result.err


@pytest.mark.parametrize("version", ["1", "3"])
def test_a_plan_of_another_release_is_refused_and_may_be_replaced(
    examples: Workspace, saved: Path, version: str
) -> None:
    document = {**json.loads(saved.read_text()), "formatVersion": version}
    saved.write_text(json.dumps(document))
    result = examples.run("apply", str(saved))
    assert result.code == 1
    assert "another release" in result.err
    assert "review the new plan" in result.err
    assert examples.run("plan", "--out", str(saved)).code == 0
    assert examples.run("apply", str(saved)).code == 0
