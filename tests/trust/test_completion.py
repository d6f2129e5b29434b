"""Every command line can be completed: `flowctl` alone prints its help, and bash, zsh and fish complete words."""

import fcntl
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import forked
import pytest
from surroundings import EXAMPLES, Platform, Result, Workspace

from flowctl.cli.command_table import COMMANDS

VARIABLE = "FLOWCTL_SHELLS"
"""Set where every shell has to be there: a shell that is missing then fails the test instead of skipping it."""
FOLDER = Path(sys.executable).parent


@pytest.fixture
def applied(examples: Workspace) -> Workspace:
    examples.apply("--target", "shop-customers")
    return examples


# Help without a command.


@pytest.mark.parametrize("arguments", [(), ("state",), ("emulator",)])
def test_a_group_alone_prints_its_help(arguments: tuple[str, ...]) -> None:
    asked = _run(*arguments)
    helped = _run(*arguments, "--help")
    assert (asked.code, asked.err, asked.out) == (0, "", helped.out)
    assert "Usage: flowctl" in asked.out


def _run(*arguments: str, folder: Path = EXAMPLES, **environment: str) -> Result:
    return Result(*forked.ended(arguments, {**os.environ, **environment}, folder=folder))


# What is offered.


@pytest.mark.parametrize(
    "words", ["flowctl ", "flowctl state ", "flowctl emulator ", "flowctl apply --", "flowctl plan --"]
)
def test_fish_shows_the_whole_description_of_a_word(words: str) -> None:
    # Its script splits each line at commas, and drops what follows the second one.
    begun = words.rpartition(" ")[2]
    answered = _run(_FLOWCTL_COMPLETE="fish_complete", COMP_WORDS=words, COMP_CWORD=begun).out.splitlines()
    assert len(answered) > 2
    assert [line for line in answered if line.count(",") != 1] == []


def _offered(folder: Path, *words: str) -> list[str]:
    """The words that bash is offered after these, of which the last is begun."""
    line = " ".join(["flowctl", *words])
    done = _run(folder=folder, COMP_WORDS=line, COMP_CWORD=str(len(words)), _FLOWCTL_COMPLETE="bash_complete")
    assert (done.code, done.err) == (0, "")
    return [row.partition(",")[2] for row in done.out.splitlines() if row.startswith("plain,")]


def test_all_commands_are_offered(examples: Workspace) -> None:
    assert _offered(examples.root, "") == list(COMMANDS)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("val",), {"validate"}),
        (("state", ""), {"list", "show", "rm", "mv", "settle", "repair", "orphans"}),
        (("emulator", "s"), {"serve", "seed"}),
        (("plan", "--det"), {"--detailed-exitcode"}),
        (("plan", "--format", ""), {"text", "json", "markdown", "github", "gitlab", "sarif", "html"}),
        (
            (
                "plan",
                "--format=j",
            ),
            {"json"},
        ),
        (("plan", "--format", "=", "j"), {"json"}),
        (("plan", "--format", "="), {"text", "json", "markdown", "github", "gitlab", "sarif", "html"}),
        (("--format", "m"), {"markdown", "mermaid"}),
        (("apply", "--format", ""), {"text", "json", "markdown"}),
        (("test", "--format", "j"), {"json", "junit"}),
        (("--format", "j"), {"json", "junit"}),
        (("completion", ""), {"bash", "zsh", "fish"}),
        (("plan", "-e", ""), {"dev", "local"}),
        (("--environment", "d"), {"dev"}),
        (("plan", "-e", "nothing-begins-so"), set()),
        (("plan", "--target", "shop-customers.m"), {"shop-customers.mapping_set"}),
        (
            ("apply", "--target", "hubspot-c"),
            {
                "hubspot-contacts",
                *(
                    f"hubspot-contacts.{kind}"
                    for kind in ("dataset", "flow", "mapping_set", "source_connection", "target_connection")
                ),
            },
        ),
        (("plan", "-e", "local", "--target", "customers."), {"customers.dataset"}),
        (("plan", "--select", "shop-"), {"shop-customers", "shop-database"}),
        (("test", "--exclude", "label:team=s"), {"label:team=shop", "label:team=support"}),
        (("show", "shop-customers.f"), {"shop-customers.flow"}),
        (("show", "hubspot"), set()),
        (("state", "show", "customers"), {"customers.dataset"}),
        (("state", "rm", "shop-customers.flow", "shop-customers.ma"), {"shop-customers.mapping_set"}),
        (
            ("state", "mv", "shop-cust"),
            {
                "shop-customers",
                *(
                    f"shop-customers.{kind}"
                    for kind in ("flow", "mapping_set", "source_connection", "target_connection")
                ),
            },
        ),
        (("show", "-e", "local", "shop"), set()),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_word_is_completed(applied: Workspace, words: tuple[str, ...], expected: set[str]) -> None:
    assert set(_offered(applied.root, *words)) == expected


def test_a_workspace_elsewhere_is_read(applied: Workspace, tmp_path: Path) -> None:
    root = str(applied.root)
    assert _offered(tmp_path, "-C", root, "show", "customers") == ["customers.dataset"]
    assert _offered(tmp_path, "plan", "-C", root, "-e", "") == ["dev", "local"]


def test_completing_sends_nothing_and_writes_nothing(applied: Workspace, platform: Platform) -> None:
    before = {path: path.stat().st_mtime_ns for path in applied.root.rglob("*")}
    platform.clear_log()
    for words in (("plan", "--target", ""), ("show", ""), ("plan", "-e", ""), ("state", "rm", "")):
        assert _offered(applied.root, *words)
    assert platform.log() == []
    assert {path: path.stat().st_mtime_ns for path in applied.root.rglob("*")} == before


BROKEN: dict[str, Callable[[Path], object]] = {
    "no workspace": lambda root: (root / "flowctl.yaml").unlink(),
    "no YAML": lambda root: (root / "flowctl.yaml").write_text("a: [", encoding="utf-8"),
    "not UTF-8": lambda root: (root / "flowctl.yaml").write_bytes(b"\xff\xfe"),
    "wrong settings": lambda root: (root / "flowctl.yaml").write_text("environments: 5", encoding="utf-8"),
    "no lockfile of ours": lambda root: (root / "flowctl.dev.lock").write_text("[" * 9000, encoding="utf-8"),
    "a folder as lockfile": lambda root: ((root / "flowctl.dev.lock").unlink(), (root / "flowctl.dev.lock").mkdir()),
    "wrong manifests": lambda root: (root / "pipelines" / "x.yaml").write_text("a: b: c", encoding="utf-8"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_workspace_is_passed_over_in_silence(applied: Workspace, kind: str) -> None:
    BROKEN[kind](applied.root)
    for words in (("plan", "--target", "zz"), ("show", "zz"), ("plan", "-e", "zz"), ("zz", "zz", "zz")):
        assert _offered(applied.root, *words) == []
    assert _offered(applied.root, "val") == ["validate"]


def test_words_that_a_shell_would_read_otherwise_are_not_offered(applied: Workspace) -> None:
    lockfile = applied.root / "flowctl.dev.lock"
    text = lockfile.read_text(encoding="utf-8")
    for name in ("$(touch x)", "a b", "a;b", "\\u001b[31m", "::error::", "a\\nb"):
        lockfile.write_text(text.replace('"shop-customers.flow"', f'"{name}.flow"'), encoding="utf-8")
        assert [word for word in _offered(applied.root, "show", "") if word.endswith(".flow")] in (
            [],
            ["::error::.flow"],
        )


@pytest.mark.parametrize("asked", ["", "bash_", "tcsh_complete", "bash", "nonsense", "bash_complete"])
def test_whatever_a_script_asks_is_no_error(asked: str, tmp_path: Path) -> None:
    done = _run(folder=tmp_path, _FLOWCTL_COMPLETE=asked)
    assert (done.code, done.err) == (0, "")


def test_a_word_is_completed_in_no_time(applied: Workspace) -> None:
    """Without what works or draws; the time itself would depend on the machine."""
    program = (
        "import sys, os; from flowctl.cli.main import main; main([]); "
        "heavy = {'rich', 'jsonschema', 'uvicorn', 'starlette', 'deepdiff'} & set(sys.modules); "
        "sys.stderr.write(','.join(sorted(heavy)))"
    )
    for line in ("flowctl ", "flowctl plan -e ", "flowctl plan --target ", "flowctl show "):
        asking = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1), "_FLOWCTL_COMPLETE": "bash_complete"}
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=applied.root,
            env={**os.environ, **asking},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == "", line
        assert done.stdout


# In the shells themselves.

START = {
    "bash": ("bash", "--norc", "--noprofile", "-i"),
    "zsh": ("zsh", "-f", "-i"),
    "fish": ("fish", "--no-config", "-i"),
}
LOAD = {
    "bash": "bind 'set bell-style none'; eval \"$(flowctl completion bash)\"",
    "zsh": 'autoload -U compinit; compinit -u -D; eval "$(flowctl completion zsh)"',
    "fish": "flowctl completion fish | source",
}
LINES = {
    "flowctl vali": "flowctl validate",
    "flowctl state orph": "flowctl state orphans",
    "flowctl plan --detailed-e": "flowctl plan --detailed-exitcode",
    "flowctl plan --format mark": "flowctl plan --format markdown",
    "flowctl plan -e de": "flowctl plan -e dev",
    "flowctl plan --target shop-customers.map": "flowctl plan --target shop-customers.mapping_set",
    "flowctl show customers.d": "flowctl show customers.dataset",
    "flowctl state rm --auto-approve shop-customers.fl": "flowctl state rm --auto-approve shop-customers.flow",
}


@pytest.mark.parametrize("shell", START)
def test_a_shell_completes_words(applied: Workspace, shell: str) -> None:
    if shutil.which(shell) is None:
        if VARIABLE in os.environ:
            pytest.fail(f"{shell} is not installed")
        pytest.skip(f"{shell} is not installed")
    with _Shell(shell, applied.root) as running:
        running.type(LOAD[shell] + "\n")
        running.type("echo re''ady\n")
        running.until("ready")
        for begun, completed in LINES.items():
            running.type(f"{begun}\t")
            running.until(completed)
            running.type("\x15")


_DRAWING = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;?<>=]*[A-Za-z]|\x1b[()=>][0-9A-B]?|[\r\n\x08\x0f ]"
)


def _own_terminal() -> None:
    """Make the terminal that of the session, as a terminal's window does."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class _Shell:
    """An interactive shell behind a terminal of its own."""

    def __init__(self, name: str, folder: Path) -> None:
        self._own, terminal = pty.openpty()
        env = {
            "PATH": f"{FOLDER}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder.parent),
            "TERM": "xterm",
            "LANG": "C.UTF-8",
            "COLUMNS": "250",
            "XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"],
        }
        self._running = subprocess.Popen(
            START[name],
            cwd=folder,
            env=env,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            preexec_fn=_own_terminal,
        )
        os.close(terminal)
        self._seen = ""

    def __enter__(self) -> "_Shell":
        return self

    def __exit__(self, *_: object) -> None:
        self._running.kill()
        self._running.wait()
        os.close(self._own)

    def type(self, text: str) -> None:
        self._seen = ""
        os.write(self._own, text.encode())

    def until(self, words: str) -> None:
        """Read until the words are on the screen, whatever is drawn between their letters."""
        wanted = words.replace(" ", "")
        ends = time.monotonic() + 30
        ready = select.poll()
        ready.register(self._own, select.POLLIN)
        while time.monotonic() < ends:
            if ready.poll(200):
                part = os.read(self._own, 65536).decode("utf-8", "replace")
                self._seen += part
                if "\x1b[6n" in part or "\x1b[c" in part or "\x1b[0c" in part:
                    # Some shells ask the terminal what it is, and wait for the answer.
                    os.write(self._own, b"\x1b[1;1R\x1b[?1;0c")
            if wanted in self._screen():
                return
        raise AssertionError(f"{words!r} is not shown: {self._screen()[-500:]!r}")

    def _screen(self) -> str:
        return _DRAWING.sub("", self._seen)
