"""Questions to people who reply otherwise than expected, and to nobody at all."""

import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from surroundings import ROOT, Workspace


def asked(folder: Path, *replies: bytes) -> tuple[int, str]:
    """How `init` ends at a terminal at which each question gets its reply, and what it says."""
    own, terminal = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "flowctl", "init"]
    said = b""
    with subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, cwd=folder, env=env) as running:
        os.close(terminal)
        try:
            with suppress(OSError):
                typed = 0
                while part := os.read(own, 65536):
                    said += part
                    if typed < min(said.count(b"Which source?"), len(replies)):
                        os.write(own, replies[typed])
                        typed += 1
            code = running.wait()
        finally:
            running.kill()
    os.close(own)
    return code, said.decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("replies", "words"),
    [((b"\x04",), "Interrupted."), ((b"\xff\xfe\n", b"\x04"), "There is no connector")],
    ids=["end of input", "bytes that are no text"],
)
def test_an_odd_reply_writes_nothing(tmp_path: Path, replies: tuple[bytes, ...], words: str) -> None:
    ended, said = asked(tmp_path, *replies)
    assert (ended, words in said, "Traceback" in said) == (130, True, False), said
    assert list(tmp_path.iterdir()) == []


def test_without_an_input_nobody_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    workspace = Workspace(root=tmp_path / "new", capsys=capsys)
    workspace.root.mkdir()
    assert workspace.run("init").code == 0
    result = workspace.run("apply")
    assert (result.code, "[not-approved]" in result.err) == (1, True)
