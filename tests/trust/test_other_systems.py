"""Windows and macOS, as far as a Linux machine can tell.

The command line runs in `windows_shim.py`, which says what it acts out.
"""

import ast
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
import httpx
import pytest
from surroundings import EXAMPLES, ROOT, Platform, Result, Workspace
from windows_shim import BREAK, NO_MODULES

from flowctl.state.local.run_lock import break_lock, lock_owner, run_lock
from flowctl.state.local.store import LocalStore
from flowctl.systems import when_unused

SHIM = Path(__file__).with_name("windows_shim.py")
PLAIN_RUN = "from flowctl.cli.main import run; run()"
MAC_RUN = f"import os; del os.fdatasync; {PLAIN_RUN}"
LEGACY_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
SIGNED = {"user": "ana", "host": "build-7", "process": 1, "command": "flowctl apply", "since": "2026-11-26T12:00:00"}
IN_WORDS = "ana on build-7, process 1: flowctl apply, since 2026-11-26T12:00:00"
THROTTLED = {"status": 429, "headers": {"Retry-After": "60"}}


def started(root: Path, *arguments: str, **environ: str) -> "subprocess.Popen[bytes]":
    """The command line on Windows, as the shim acts it out."""
    return subprocess.Popen(
        [sys.executable, "-X", "warn_default_encoding", str(SHIM), "-C", str(root), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **LEGACY_LOCALE, **environ},
    )


def on_windows(root: Path, *arguments: str, **environ: str) -> Result:
    """How the command line ends on Windows. What it prints into a pipe is UTF-8 and LF, as everywhere."""
    with started(root, *arguments, **environ) as process:
        out, err = process.communicate(timeout=120)
    assert b"\r" not in out + err
    assert b"Traceback" not in err
    return Result(process.returncode, out.decode(), err.decode())


@pytest.fixture
def local(tmp_path: Path) -> Path:
    """The examples on the emulator that runs inside the command."""
    root = tmp_path / "workspace"
    shutil.copytree(EXAMPLES, root, ignore=shutil.ignore_patterns(".flowctl", "*.lock*"))
    return root


HOLDER = """
import sys, time
from pathlib import Path
path, seconds = Path(sys.argv[1]), float(sys.argv[2])
with path.open("rb"):
    print(flush=True)
    while not list(path.parent.glob(f".{path.name}.*.new")):
        time.sleep(0.01)
    time.sleep(seconds)
"""


@contextmanager
def held_open(path: Path, seconds: float) -> Iterator[None]:
    """Another process has a file open, as a virus scanner does, until so long after its successor is written."""
    command = [sys.executable, "-c", HOLDER, str(path), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield
        finally:
            process.kill()


def test_every_command_runs_on_windows(local: Path) -> None:
    assert on_windows(local, "validate").out.endswith("Valid.\n")
    saved = str(local / "saved.plan")
    plan = on_windows(local, "plan", "--format", "json", "--out", saved)
    assert (plan.code, plan.json["summary"]["create"]) == (0, 31), plan.err
    assert on_windows(local, "apply", saved).code == 0
    assert on_windows(local, "plan", "--detailed-exitcode").code == 0
    assert len(on_windows(local, "state", "list").out.splitlines()) == 31
    assert on_windows(local, "show", "hubspot-contacts.flow").code == 0
    assert on_windows(local, "unlock").out == "Environment local is not locked.\n"
    assert on_windows(local, "schemas", str(local / "schemas-of-flowctl")).code == 0
    assert on_windows(local, "emulator", "reset", "--auto-approve").code == 0
    assert on_windows(local, "state", "repair", "--auto-approve").code in (0, 1)
    assert on_windows(local, "destroy", "--auto-approve").code == 0
    assert b"\r" not in (local / "flowctl.local.lock").read_bytes()
    assert list(local.glob(".*.new")) == []


def test_a_journal_on_windows_is_bytes_and_survives_a_kill(examples: Workspace, platform: Platform) -> None:
    platform.fault(
        match={"method": "POST", "path": "/data/foundation/flowservice/flows"}, nth=1, times=99, effect=THROTTLED
    )
    journal = examples.root / "flowctl.dev.lock.journal"
    with started(examples.root, "apply", "--auto-approve") as process:
        _until(lambda: journal.exists() and journal.read_bytes().count(b"\n") > 20)
        process.kill()
        process.communicate(timeout=30)
    assert b"\r" not in journal.read_bytes()
    platform.request("DELETE", "/_emulator/faults").raise_for_status()
    journal.write_bytes(journal.read_bytes() + b'{"event": "half')
    assert on_windows(examples.root, "apply", "--auto-approve").code == 0
    assert not journal.exists()
    assert on_windows(examples.root, "plan", "--detailed-exitcode").code == 0


def test_diagnostics_are_equal_on_windows(local: Path) -> None:
    (local / "pipelines" / "wrong.yaml").write_bytes(
        b"apiVersion: flowctl/v1\r\nkind: Pipeline\r\nmetadata: {naem: a}\r\n"
    )
    arguments = ("validate", "--format", "json", "pipelines", "nowhere/at/all")
    here = subprocess.run(
        [sys.executable, "-c", PLAIN_RUN, "-C", str(local), *arguments], check=False, capture_output=True, text=True
    )
    there = on_windows(local, *arguments)
    assert here.returncode == there.code == 1
    assert there.out == here.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, BREAK])
def test_the_emulator_is_served_on_windows_and_ends(tmp_path: Path, number: signal.Signals) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with started(tmp_path, "emulator", "serve", TMPDIR=str(temporary)) as process:
        assert process.stderr is not None
        url = process.stderr.readline().decode().removeprefix("listening on ").strip()
        assert httpx.get(f"{url}/_emulator/requests").status_code == 200
        assert httpx.post(f"{url}/_emulator/reset").is_success
        assert len(list(temporary.iterdir())) == 1
        process.send_signal(number)
        _, err = process.communicate(timeout=20)
    assert (process.returncode, b"Traceback" in err) == (0, False)
    assert list(temporary.iterdir()) == [], "a database that is open cannot be removed"


def test_the_emulator_asks_windows_for_a_port_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    from flowctl.emulator import start

    # An option that Linux does not know shows that it was asked for.
    monkeypatch.setattr(socket, "SO_EXCLUSIVEADDRUSE", 9999, raising=False)
    with pytest.raises(OSError, match="Protocol not available"):
        start(specs_dir=ROOT / "schemas")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, BREAK])
@pytest.mark.parametrize("command", [("apply", "--auto-approve"), ("plan",)], ids=lambda words: words[0])
def test_a_signal_is_heard_though_no_wait_is_interrupted(
    examples: Workspace, platform: Platform, command: tuple[str, ...], number: signal.Signals
) -> None:
    waits = {"apply": ("POST", "connections"), "plan": ("GET", "flowSpecs")}[command[0]]
    path = f"/data/foundation/flowservice/{waits[1]}"
    platform.fault(match={"method": waits[0], "path": path}, nth=1, times=99, effect=THROTTLED)
    with started(examples.root, *command) as process:
        _until(lambda: any(request["path"].startswith(path) for request in platform.log()))
        time.sleep(0.3)
        since = time.monotonic()
        process.send_signal(number)
        _, err = process.communicate(timeout=50)
    assert time.monotonic() - since < 5
    assert process.returncode == 130, err


def test_a_second_ctrl_break_leaves_at_once(examples: Workspace, platform: Platform) -> None:
    path = "/data/foundation/flowservice/connections"
    platform.fault(match={"method": "POST", "path": path}, nth=1, times=99, effect={"delay_ms": 4000})
    with started(examples.root, "apply", "--auto-approve") as process:
        _until(lambda: (examples.root / "flowctl.dev.lock.journal").exists())
        time.sleep(0.5)
        process.send_signal(BREAK)
        time.sleep(0.5)
        since = time.monotonic()
        process.send_signal(BREAK)
        process.communicate(timeout=30)
    assert time.monotonic() - since < 2
    assert process.returncode == 130


def test_the_lock_is_held_between_windows_and_others(local: Path) -> None:
    with run_lock(local, "local", "flowctl apply"):
        refused = on_windows(local, "apply", "--auto-approve", "--format", "json")
        assert refused.code == 1
        (problem,) = refused.json["diagnostics"]
        assert problem["code"] == "run-locked"
        assert f"process {os.getpid()}: flowctl apply, since " in problem["summary"]
        assert on_windows(local, "unlock", "--auto-approve").code == 0
        assert on_windows(local, "apply", "--auto-approve").code == 0
        assert lock_owner(local, "local") is None
    assert on_windows(local, "plan", "--detailed-exitcode").code == 0


def test_a_killed_holder_on_windows_keeps_no_lock_and_a_living_one_is_named(
    examples: Workspace, platform: Platform
) -> None:
    path = "/data/foundation/flowservice/connections"
    platform.fault(match={"method": "POST", "path": path}, nth=1, times=99, effect=THROTTLED)
    with started(examples.root, "apply", "--auto-approve") as holder:
        _until(lambda: (examples.root / "flowctl.dev.lock.journal").exists())
        assert f"process {holder.pid}: flowctl apply, since " in (lock_owner(examples.root, "dev") or "")
        refused = on_windows(examples.root, "apply", "--auto-approve")
        assert f"process {holder.pid}: " in refused.err
        holder.kill()
        holder.communicate(timeout=30)
    assert lock_owner(examples.root, "dev") is None


@pytest.mark.parametrize("signed_at", [0, 1], ids=["0.1.0", "now"])
def test_the_holders_of_both_versions_are_named(tmp_path: Path, signed_at: int) -> None:
    folder = tmp_path / ".flowctl"
    folder.mkdir()
    (folder / "dev.runlock").write_text(" " * signed_at + json.dumps(SIGNED))
    assert lock_owner(tmp_path, "dev") is None, "a signature alone holds nothing"
    with (folder / "dev.runlock").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert lock_owner(tmp_path, "dev") == IN_WORDS
    with run_lock(tmp_path, "dev", "flowctl apply"):
        # As version 0.1.0 reads it.
        assert json.loads((folder / "dev.runlock").read_bytes())["process"] == os.getpid()
    assert (folder / "dev.runlock").read_bytes() == b""


def test_somebody_who_only_looks_is_not_taken_for_a_holder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / ".flowctl"
    folder.mkdir()
    (folder / "dev.runlock").write_text(json.dumps(SIGNED))
    looking = (folder / "dev.runlock").open("rb")
    fcntl.flock(looking, fcntl.LOCK_EX)
    # It looks for less time than there is between two tries.
    monkeypatch.setattr(time, "sleep", lambda _seconds: looking.close())
    with run_lock(tmp_path, "dev", "flowctl apply"):
        pass
    assert looking.closed


@pytest.mark.parametrize("how", ["0.1.0", "now"])
def test_a_lock_that_is_broken_while_it_is_taken_is_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    lock = filelock.lock_descriptor
    path = tmp_path / ".flowctl" / "dev.runlock"

    def broken_before(descriptor: int, **options: bool) -> bool:
        monkeypatch.undo()
        if how == "now":
            break_lock(tmp_path, "dev")
        else:
            path.unlink()
        return lock(descriptor, **options)

    monkeypatch.setattr(filelock, "lock_descriptor", broken_before)
    with run_lock(tmp_path, "dev", "flowctl apply"):
        assert f"process {os.getpid()}: flowctl apply" in (lock_owner(tmp_path, "dev") or "")


def test_whoever_may_only_read_the_workspace_sees_the_holder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_any = os.open

    def open_to_read(path: Path, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_RDWR:
            raise PermissionError(13, "Permission denied")
        return open_any(path, flags, mode)

    with run_lock(tmp_path, "dev", "flowctl apply"):
        monkeypatch.setattr(os, "open", open_to_read)
        assert f"process {os.getpid()}: " in (lock_owner(tmp_path, "dev") or "")
    assert lock_owner(tmp_path, "dev") is None


def test_a_lock_that_is_broken_again_and_again_stays_one_lock(tmp_path: Path) -> None:
    with run_lock(tmp_path, "dev", "first"):
        break_lock(tmp_path, "dev")
        with run_lock(tmp_path, "dev", "second"):
            break_lock(tmp_path, "dev")
            with run_lock(tmp_path, "dev", "third"):
                assert ": third, since " in (lock_owner(tmp_path, "dev") or "")
            assert lock_owner(tmp_path, "dev") is None
    names = sorted(path.name for path in (tmp_path / ".flowctl").iterdir())
    assert names == ["dev.runlock", "dev.runlock.1", "dev.runlock.2"]


NO_FLOCK_RUN = """
import sys
for name in ("fcntl", "grp", "pwd", "resource", "termios"):
    sys.modules[name] = None
from flowctl.cli.main import run
run()
"""
"""The modules are missing for libraries too, so that filelock finds no lock of the operating system."""


def _without_flock(root: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", NO_FLOCK_RUN, "-C", str(root), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_where_no_locks_are_a_file_beside_is_the_lock(examples: Workspace, platform: Platform) -> None:
    path = "/data/foundation/flowservice/connections"
    platform.fault(match={"method": "POST", "path": path}, nth=1, times=99, effect=THROTTLED)
    with _without_flock(examples.root, "apply", "--auto-approve") as holder:
        _until(lambda: (examples.root / "flowctl.dev.lock.journal").exists())
        with _without_flock(examples.root, "apply", "--auto-approve") as second:
            _, err = second.communicate(timeout=30)
        assert second.returncode == 1
        assert f"process {holder.pid}: flowctl apply, since " in err
        assert "Warning" not in err
        holder.kill()
        holder.communicate(timeout=30)
    platform.request("DELETE", "/_emulator/faults").raise_for_status()
    with _without_flock(examples.root, "apply", "--auto-approve", "--lock-timeout", "30") as third:
        _, err = third.communicate(timeout=60)
    assert third.returncode == 0, err
    assert [path.name for path in (examples.root / ".flowctl").iterdir()] == ["dev.runlock"]


def _made(folder: Path, what: str) -> None:
    path = folder / ".flowctl" / "local.runlock"
    path.parent.mkdir()
    if what == "pipe":
        os.mkfifo(path)
    elif what == "folder":
        path.mkdir()
    else:
        (folder / "precious.txt").write_text("precious")
        path.symlink_to(folder / "precious.txt")


@pytest.mark.parametrize("what", ["pipe", "folder", "link"])
@pytest.mark.parametrize("command", [("plan",), ("apply", "--auto-approve"), ("unlock",)], ids=lambda words: words[0])
def test_a_run_lock_that_is_no_file_is_told(local: Path, what: str, command: tuple[str, ...]) -> None:
    _made(local, what)
    ended = subprocess.run(
        [sys.executable, "-c", PLAIN_RUN, "-C", str(local), *command], check=False, capture_output=True, timeout=30
    )
    assert ended.returncode == 1
    assert b"[run-lock-unusable]" in ended.stderr
    if what == "link":
        assert (local / "precious.txt").read_text() == "precious"


@pytest.mark.parametrize("name", ["con", "NUL", "aux", "com1", "lpt9"])
def test_an_environment_may_have_the_name_of_a_device(examples: Workspace, name: str) -> None:
    examples.edit("flowctl.yaml", "defaultEnvironment: dev", f"defaultEnvironment: {name}")
    examples.edit("flowctl.yaml", "  dev:\n", f"  {name}:\n")
    assert on_windows(examples.root, "apply", "--auto-approve").code == 0
    assert (examples.root / f"flowctl.{name}.lock").exists()


def test_windows_waits_for_who_has_a_file_open_and_then_says_so(local: Path) -> None:
    assert on_windows(local, "apply", "--auto-approve").code == 0
    lockfile = local / "flowctl.local.lock"
    before = lockfile.read_bytes()
    with held_open(lockfile, 0.7):
        assert on_windows(local, "destroy", "--auto-approve").code == 0
    assert lockfile.read_bytes() != before
    assert on_windows(local, "apply", "--auto-approve").code == 0
    with held_open(lockfile, 60):
        failed = on_windows(local, "destroy", "--auto-approve")
    assert failed.code == 1
    assert "flowctl.local.lock cannot be written: The process cannot access the file because" in failed.out
    # What was done is in the journal.
    assert on_windows(local, "destroy", "--auto-approve").code == 0
    assert not (local / "flowctl.local.lock.journal").exists()


def test_a_slow_try_is_not_the_last(tmp_path: Path) -> None:
    """On a busy machine two or three tries fill the time; the file may have been free for most of it."""
    tries: list[float] = []

    def refused_three_times() -> str:
        tries.append(time.monotonic())
        time.sleep(0.7)
        if len(tries) <= 3:
            error = PermissionError(13, "The process cannot access the file", str(tmp_path))
            error.winerror = 32  # type: ignore[attr-defined,unused-ignore]
            raise error
        return "done"

    assert when_unused(refused_three_times) == "done"


def test_macos_has_no_fdatasync(local: Path) -> None:
    command = [sys.executable, "-c", MAC_RUN, "-C", str(local), "apply", "--auto-approve"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr


def test_no_module_asks_for_the_name_of_the_system_or_imports_what_windows_lacks() -> None:
    for path in (ROOT / "flowctl").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not NO_MODULES & {name.partition(".")[0] for name in names}, path
            assert "platform" not in names, path
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert (node.value.id, node.attr) not in {("sys", "platform"), ("os", "name")}, path


BAD_YAML = [
    "apiVersion: flowctl/v1\nkind: Pipeline\nmetadata: {name: a}\nsource:\n  conector: hubspot\n",
    "apiVersion: flowctl/v1\nkind: Schema\nmetadata:\n  nmae: b\ntitle: |\n  two\n  lines\nclass: x\n---\nkind: No\n",
    "apiVersion: flowctl/v1\nkind: [\n",
    "a: 1\na: 2\n",
    "a:\n\tb: 1\n",
    'a: "open\nb: 1\n',
    "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n",
    "a: {b: 1\n\nc: 2\n\n",
    "a: \x07\n",
    "a: é\nb: *none\n",
    "kind: Schema\nmetadata: {name: a}\ntitle: '${env:UNSET_VARIABLE}'\nclass: >\n  two\n  lines\n",
]


@pytest.mark.parametrize("text", BAD_YAML, ids=[str(number) for number in range(len(BAD_YAML))])
def test_line_endings_and_byte_order_marks_change_no_diagnostic(examples: Workspace, text: str) -> None:
    path = examples.root / "pipelines" / "wrong.yaml"
    answers = []
    for bytes_ in (text.encode(), text.replace("\n", "\r\n").encode(), text.encode("utf-8-sig")):
        path.write_bytes(bytes_)
        result = examples.run("validate", "--format", "json")
        assert result.code == 1
        answers.append(result.json["diagnostics"])
    assert answers[0] == answers[1] == answers[2]
    assert not any("\r" in str(value) for problem in answers[1] for value in problem.values())


def test_a_workspace_that_git_checked_out_with_crlf_works(examples: Workspace) -> None:
    examples.begin_applied()
    for path in [*examples.root.rglob("*.yaml"), examples.root / "flowctl.dev.lock"]:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert examples.run("plan", "--detailed-exitcode").code == 0
    assert examples.run("state", "rm", "hubspot-contacts.flow", "--auto-approve").code == 0
    assert not (examples.root / "flowctl.dev.lock").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_journal_with_crlf_and_a_byte_order_mark_is_read(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    with held_open(examples.root / "flowctl.dev.lock", 60):
        assert on_windows(examples.root, "state", "rm", "hubspot-contacts.flow", "--auto-approve").code == 1
    journal = examples.root / "flowctl.dev.lock.journal"
    journal.write_bytes(b"\xef\xbb\xbf" + journal.read_bytes().replace(b"\n", b"\r\n"))
    assert "hubspot-contacts.flow " not in examples.run("state", "list").out


def test_environments_that_differ_in_case_have_one_lockfile_on_windows(examples: Workspace) -> None:
    examples.edit(
        "flowctl.yaml", "environments:\n", "environments:\n  DEV: {endpoint: http://127.0.0.1:1}\n  Local: {}\n"
    )
    result = examples.run("validate", "--format", "json")
    assert result.code == 1
    found = {(problem["code"], problem["summary"], problem["line"]) for problem in result.json["diagnostics"]}
    assert found == {
        ("environments-differ-in-case", "the environments `DEV` and `dev` differ only in case", 8),
        ("environments-differ-in-case", "the environments `local` and `Local` differ only in case", 7),
    }


def test_a_backslash_in_manifests_is_told_everywhere(examples: Workspace) -> None:
    examples.edit("flowctl.yaml", "pipelines]", 'pipelines, "pipelines\\\\daily"]')
    (examples.root / "pipelines\\daily").mkdir()
    result = examples.run("validate")
    assert result.code == 1
    assert 'the folder "pipelines\\daily" in `manifests` has a backslash [manifests-folder]' in result.err + result.out
    assert "Write `pipelines/daily`" in result.err + result.out


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "ascii:strict", "latin-1", "utf-8", ""])
@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_every_encoding_of_the_output_is_survived(examples: Workspace, encoding: str, form: str) -> None:
    examples.edit("pipelines/hubspot-contacts.yaml", "title: HubSpot dataflow", "title: Überflüssig… ± ✓ 数")
    environ = {**os.environ, **LEGACY_LOCALE, **({"PYTHONIOENCODING": encoding} if encoding else {})}
    command = [sys.executable, "-c", PLAIN_RUN, "-C", str(examples.root), "plan", "--format", form]
    ended = subprocess.run(command, check=False, capture_output=True, env=environ, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, b"")
    text = ended.stdout.decode(encoding.partition(":")[0] or "utf-8")
    shown = {"": "数", "utf-8": "数"}.get(encoding, "\\u6570")
    assert shown in text or form == "json"


class _Pipe:
    """Standard output into a pipe whose reader went away, as Windows tells it."""

    encoding = "utf-8"

    def __init__(self, descriptor: int, number: int) -> None:
        self._descriptor, self._number = descriptor, number

    def write(self, text: str) -> int:
        raise OSError(self._number, os.strerror(self._number))

    def flush(self) -> None:
        raise OSError(self._number, os.strerror(self._number))

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return False


@pytest.mark.parametrize(("number", "code"), [(22, 0), (28, 1)], ids=["gone", "full"])
def test_windows_tells_of_a_reader_that_went_away_in_its_own_way(
    examples: Workspace, monkeypatch: pytest.MonkeyPatch, number: int, code: int
) -> None:
    from flowctl.cli.main import main

    reader, writer = os.pipe()
    monkeypatch.setattr(sys, "stdout", _Pipe(writer, number))
    try:
        assert main(["-C", str(examples.root), "validate"]) == code
    finally:
        monkeypatch.undo()
        os.close(reader)
        os.close(writer)


def test_the_cache_lies_in_the_folder_that_windows_names(tmp_path: Path) -> None:
    from flowctl.systems import cache_home

    profile, home = str(tmp_path / "profile"), str(tmp_path / "home")
    assert cache_home({"LOCALAPPDATA": profile, "HOME": home}) == Path(profile)
    assert cache_home({"LOCALAPPDATA": profile, "XDG_CACHE_HOME": home}) == Path(home)
    assert cache_home({"HOME": home}) == Path(home, ".cache")
    assert cache_home({"HOME": "relative"}) is None
    assert cache_home({}) is None


def test_time_zones_are_known_where_the_system_has_none() -> None:
    program = (
        "from flowctl.dataprep.evaluate import evaluate; print(evaluate(\"zone_date_to_zone(0, 'Asia/Tokyo')\", {}))"
    )
    command = [sys.executable, "-c", program]
    environ = {**os.environ, "PYTHONTZPATH": ""}
    assert subprocess.check_output(command, text=True, env=environ) == "1970-01-01 09:00:00+09:00\n"


def test_a_user_without_a_name_is_told_by_number(tmp_path: Path) -> None:
    nameless = dict.fromkeys(("LOGNAME", "USER", "LNAME", "USERNAME"), "")
    root = tmp_path / "w"
    shutil.copytree(EXAMPLES, root, ignore=shutil.ignore_patterns(".flowctl", "*.lock*"))
    assert on_windows(root, "apply", "--auto-approve", **nameless).code == 0


def _until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 40
    while not reached() and time.monotonic() < deadline:
        time.sleep(0.02)


def test_a_plan_looks_only_for_a_holder_that_has_signed(tmp_path: Path) -> None:
    store = LocalStore(tmp_path, "dev")
    with store.lock("flowctl apply"):
        assert "flowctl apply" in (store.lock_holder(has_begun=True) or "")
        (tmp_path / ".flowctl" / "dev.runlock").write_text("")
        assert store.lock_holder(has_begun=True) is None
        assert store.lock_holder() is not None
    assert store.lock_holder(has_begun=True) is None
