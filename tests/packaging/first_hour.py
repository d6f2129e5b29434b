"""The first hour of a user who has only the wheel: every step is a command that an earlier one printed, or help.

`python tests/packaging/first_hour.py FLOWCTL [CONNECTOR...]` plays it with that program, in new folders, without a
checkout.
"""

import json
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PEOPLE = """\
customer_id,fname,LastName,email,updated_at
1,Ana,Berg,ana@example.com,2026-01-31T09:00:00Z
2,Bo,Lind,bo@example.com,2026-02-01T09:00:00Z
"""
ASKS = ("apply",)
"""Commands that ask before they do something, and so need `--auto-approve` where nobody replies."""


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str

    def next_steps(self) -> list[list[str]]:
        """The commands below `Next:`, without comments."""
        lines = self.out.partition("Next:\n")[2].splitlines()
        return [shlex.split(line, comments=True) for line in lines if line.startswith("  ")]

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Program = Callable[[Path, tuple[str, ...]], Said]


@dataclass(frozen=True)
class Player:
    """One user in one folder."""

    program: Program
    folder: Path

    def does(self, *arguments: str, code: int = 0) -> Said:
        """A command of the user, which has to end with this code."""
        said = self.program(self.folder, arguments)
        if said.code != code or "Traceback" in said.err:
            raise AssertionError(f"flowctl {shlex.join(arguments)} ended with {said.code}:\n{said.out}{said.err}")
        return said

    def follows(self, said: Said) -> list[str]:
        """All commands that an output proposes; return what each printed."""
        steps = said.next_steps()
        assert steps, said.out
        printed = []
        for program, *arguments in steps:
            if program == "cd":
                assert arguments == [str(self.folder)]
                continue
            assert program == "flowctl"
            asks = ("--auto-approve",) if arguments[0] in ASKS else ()
            printed.append(self.does(*arguments, *asks).out)
        return printed

    def hinted(self, said: Said) -> list[list[str]]:
        """The commands that the hints of a failure name."""
        return [shlex.split(command)[1:] for command in re.findall(r"`(flowctl [^`]*)`", said.err)]

    def last_run(self, pipeline: str) -> dict[str, Any]:
        """The newest run of a pipeline, once it is over."""
        self.program(self.folder, ("runs", "watch", pipeline))
        run: dict[str, Any] = self.does("runs", "list", pipeline, "--format", "json").json["runs"][0]
        return run


def begun(program: Program, above: Path, connector: str) -> Player:
    """A folder without a workspace, whose error leads to `init`; what that proposes works."""
    nowhere = Player(program, above)
    lost = nowhere.does("validate", code=1)
    assert ["init"] in nowhere.hinted(lost), lost.err
    assert connector in nowhere.does("connectors").out
    player = Player(program, above / f"my {connector}")
    player.follows(nowhere.does("init", str(player.folder), "--connector", connector))
    assert player.does("plan", "--detailed-exitcode")
    assert "0 failed" in player.does("doctor").out
    assert "local *" in player.does("env", "list").out
    return player


def plays_batch(player: Player, connector: str, place: str, sample: Path) -> None:
    """Rows of one's own become a pipeline; it runs, breaks twice, and is mended."""
    first = player.last_run(f"{connector}-customers")
    assert (first["status"], first["records"]["written"]) == ("success", 2), first
    sample.write_text(PEOPLE, encoding="utf-8")
    wrong = player.does("explore", connector, f"{place}x", code=1)
    assert ["explore", connector] in player.hinted(wrong), wrong.err
    assert place in player.does("explore", connector, *([f"{place.rpartition('/')[0]}/"] if "/" in place else [])).out
    explored = player.does("explore", connector, place)
    assert "ana@example.com" not in explored.out + explored.err
    (written,) = player.follows(explored)
    manifest = player.folder / written.partition("Wrote ")[2].partition(":\n")[0]
    name = manifest.stem
    text = manifest.read_text(encoding="utf-8")
    # What the comments of the manifest say: a likely mapping, and runs that the user starts.
    text = text.replace("  # - {source: customer_id", "  - {source: customer_id")
    text = re.sub(r"(?m)^schedule: \{startTime: ([^,]*),.*$", r"schedule: {startTime: \1, frequency: once}", text)
    manifest.write_text(text, encoding="utf-8")
    player.follows(Said(0, written, ""))
    player.does("runs", "start", name)
    assert player.last_run(name)["records"]["written"] == len(PEOPLE.splitlines()) - 1

    manifest.write_text(text.replace("personalEmail.address", "personalEmail.adress"), encoding="utf-8")
    broken = player.does("validate", code=1)
    assert "Did you mean `address`?" in broken.err + broken.out
    player.does("apply", "--auto-approve", code=1)
    assert "What to do" in player.does("explain", "destination-unknown").out
    manifest.write_text(text, encoding="utf-8")
    assert "No changes" in player.does("plan").out

    sample.unlink()
    player.does("runs", "start", name)
    failed = player.last_run(name)
    assert failed["status"] == "failed", failed
    player.does("runs", "check", code=3)
    (error,) = failed["errors"]
    assert error["code"] in player.does("runs", "errors", failed["id"]).out
    assert "What to do" in player.does("explain", error["code"]).out
    sample.write_text(PEOPLE, encoding="utf-8")
    player.does("runs", "retry", failed["id"])
    assert player.last_run(name)["status"] == "success"
    player.does("runs", "check")


def plays_stream(player: Player, connector: str) -> None:
    """Nobody can look into a stream: each command says so, and leads to the manifest to copy."""
    for command in (
        ("explore", connector),
        ("new", "pipeline", "--connection", connector, "--table", "customers"),
    ):
        refused = player.does(*command, code=1)
        assert player.hinted(refused) == [["connectors", connector]], refused.err
    assert f"connection: my-{connector}" in player.does("connectors", connector).out
    started = player.does("runs", "start", f"{connector}-customers", code=1)
    assert "Wait for data to arrive." in started.err
    assert "healthy" in player.does("status").out
    player.does("validate")


PLACES = {"postgresql": ("people", "people.csv"), "amazon-s3": ("/incoming/people.csv", "incoming/people.csv")}
"""What is read of a connector's source, and its file in the folder of samples."""
CONNECTORS = (*PLACES, "event-hubs")
"""A database, files, and a stream."""


def play(program: Program, above: Path, connector: str) -> None:
    """The whole hour with one connector."""
    player = begun(program, above, connector)
    if connector not in PLACES:
        plays_stream(player, connector)
        return
    place, file = PLACES[connector]
    plays_batch(player, connector, place, player.folder / "sources" / connector / file)


def main(flowctl: str, connectors: list[str]) -> None:
    """Play with an installed program."""

    def run(folder: Path, arguments: tuple[str, ...]) -> Said:
        done = subprocess.run(
            [flowctl, *arguments], cwd=folder, capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL
        )
        return Said(done.returncode, done.stdout, done.stderr)

    with tempfile.TemporaryDirectory() as scratch:
        for connector in connectors:
            play(run, Path(scratch), connector)
    sys.stdout.write("The first hour works.\n")


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).absolute()), sys.argv[2:] or list(CONNECTORS))
