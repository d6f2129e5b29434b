"""A process that has imported flowctl and forks for every command, so that each is a process of its own at once.

Use it where a command needs a process of its own, and how that process starts is not what a test is about.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path


def ended(
    arguments: Sequence[str], environ: Mapping[str, str], *, program: Path | None = None, folder: Path | None = None
) -> tuple[int, str, str]:
    """Exit code and output of the command line in a process, started in a folder.

    `program` is a script that runs it under conditions. As with `subprocess`, the code of a process
    that a signal has ended is the signal's number below zero.
    """
    with tempfile.TemporaryDirectory() as scratch:
        streams = [Path(scratch, name) for name in ("out", "err")]
        for stream in streams:
            os.mkfifo(stream)
        asked = {
            "program": program and str(program),
            "folder": str(folder or Path.cwd()),
            "arguments": arguments,
            "environ": {**environ},
            "streams": [str(stream) for stream in streams],
        }
        told = _forking()
        assert told.stdin is not None
        assert told.stdout is not None
        told.stdin.write(json.dumps(asked) + "\n")
        told.stdin.flush()
        with ThreadPoolExecutor(len(streams)) as readers:
            out, err = readers.map(lambda stream: stream.read_text(encoding="utf-8"), streams)
        code = int(told.stdout.readline())
    return code, out, err


@cache
def _forking() -> "subprocess.Popen[str]":
    started = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(started.communicate)
    return started


def _import_all() -> None:
    """What a command imports while it runs, but the embedded platform, which most commands do without."""
    from flowctl.cli.process import command_line

    with command_line():
        import httpx  # noqa: F401

        import flowctl

        for module in pkgutil.walk_packages(flowctl.__path__, "flowctl."):
            if not module.name.startswith(("flowctl.__main__", "flowctl.emulator")):
                importlib.import_module(module.name)


def _become(
    program: str | None, folder: str, arguments: list[str], environ: dict[str, str], streams: list[str]
) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    for descriptor, path in enumerate((os.devnull, *streams)):
        opened = os.open(path, os.O_RDONLY if descriptor == 0 else os.O_WRONLY)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
    sys.argv = ["flowctl", *arguments]
    if program is not None:
        runpy.run_path(program, run_name="__main__")
    from flowctl.cli.main import run

    run()


def _serve() -> None:
    _import_all()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            try:
                _become(**json.loads(line))
            except BaseException:
                traceback.print_exc()
                sys.stderr.flush()
            os._exit(70)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    _serve()
