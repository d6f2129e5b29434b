"""Tries changes in copies of the checkout: whether a test turns red, the nearest tests first."""

import filecmp
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.mutations import verdicts as verdicts_plugin
from tests.mutations.nearness import Nearness
from tests.mutations.outcomes import Outcome, Place
from tests.mutations.sites import Mutation, function_text
from tests.mutations.verdicts import FILE, NEAR, SECONDS

_PYTEST = ("-q", "-x", "-p", "no:cacheprovider", "--timeout", "120", "--tb=no", "-m", "not contract")
_LOADED = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
"""Plugins of libraries that a fork has loaded already hold no assertions of ours."""
_LONGEST = 900.0
"""Seconds: a run that takes longer counts as red."""
_ENDS = range(6)
"""The exit codes of pytest."""
_NO_RED = (0, 2, 5)
"""The exit codes without a red test: all are green, the time is over, there is none."""
_NO_ORDER: Mapping[str, str] = {}
_NEAREST = 5
"""So many files are asked first, then twice as many, and so on: each time pytest collects what it is asked only."""


class Copy:
    """A copy of the checkout in which modules are changed, one after the other."""

    def __init__(self, checkout: Path, root: Path) -> None:
        self._root = root
        self._tried = random.randrange(10**9)
        self._verdicts = root.with_name(f"{root.name}.json")
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=checkout, check=True, stdout=subprocess.PIPE).stdout
        for name in filter(None, listed.decode().split("\0")):
            source, target = checkout / name, root / name
            if source.is_file() and not (target.is_file() and filecmp.cmp(source, target)):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
        self._near = Nearness(root)

    def tries(self, place: Place, *, first: Sequence[str], files: int, seconds: float) -> Outcome:
        """Makes a change and runs tests until one is red: those named first, then those of the nearest files."""
        module, mutation = place
        text = function_text((self._root / module).read_bytes(), mutation)
        near = [file for file in self._near.files(module, text) if file not in first][:files]
        order = {NEAR: json.dumps(self._near.weights(module, text))}
        for asked in filter(None, [first, *_growing(near)]):
            limit = {SECONDS: str(seconds)} if asked is not first else {}
            if red := self._red(place, asked, {**order, **limit}):
                return Outcome.of(place, red)
        return Outcome.of(place, "")

    def red_without_change(self, tests: Sequence[str]) -> set[str]:
        """Those of the tests that are red without a change: they say nothing about one."""
        return set(self._run([*tests, "--maxfail", "1000"]) if tests else ())

    def _red(self, place: Place, tests: Sequence[str], order: Mapping[str, str]) -> str:
        """The first test that is red with the change."""
        with self._changed(*place):
            red = next(iter(self._run(tests, order)), "")
        if red and "::" not in red and self._run([*tests, "--collect-only"]):
            return ""  # what was asked cannot be found, with the change or without
        return red

    @contextmanager
    def _changed(self, module: str, mutation: Mutation) -> Iterator[None]:
        file = self._root / module
        source, before = file.read_bytes(), file.stat()
        file.write_bytes(mutation.applied(source))
        self._tried += 1
        os.utime(file, (self._tried, self._tried))  # else bytecode of another change would be taken for this one's
        try:
            yield
        finally:
            file.write_bytes(source)
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    def _run(self, arguments: Sequence[str], variables: Mapping[str, str] = _NO_ORDER) -> list[str]:
        """The tests that are red; the first of those asked if nothing else can be named."""
        for _ in range(3):  # a process that something else ended says nothing
            self._verdicts.unlink(missing_ok=True)
            environment = {"PYTHONPATH": str(self._root), FILE: str(self._verdicts), **variables}
            ended = forked(self._root, [*_PYTEST, *_LOADED, *arguments], environment, timeout=_LONGEST)
            if ended is None or ended in _ENDS:
                break
        else:
            raise RuntimeError(f"tests end with {ended}, which is no verdict")
        red: list[str] = json.loads(self._verdicts.read_text(encoding="utf-8")) if self._verdicts.exists() else []
        return red or ([] if ended in _NO_RED else [arguments[0]])


def _growing(files: Sequence[str]) -> Iterator[Sequence[str]]:
    size = _NEAREST
    while files:
        yield files[:size]
        files, size = files[size:], size * 2


def forked(root: Path, arguments: Sequence[str], environment: Mapping[str, str], *, timeout: float) -> int | None:
    """The exit code of pytest in a copy, None if it took too long. The process has the libraries loaded already."""
    process = _FORKS.Process(target=_in_fork, args=(str(root), list(arguments), dict(environment)))
    process.start()
    process.join(timeout)
    if process.is_alive():
        process.kill()
        process.join()
        return None
    return process.exitcode


def _in_fork(root: str, arguments: list[str], environment: dict[str, str]) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.chdir(root)
    sys.dont_write_bytecode = False  # what is compiled once serves all changes
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.update(environment)
    sys.path[:] = [root, *(path for path in sys.path if not Path(path, "flowctl", "__init__.py").exists())]
    import pytest

    os._exit(int(pytest.main(arguments, plugins=[verdicts_plugin])))


_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["pytest", "hypothesis", "httpx", "starlette.applications", "uvicorn", "jsonschema", "yaml", "click", "jsonpatch"]
)
