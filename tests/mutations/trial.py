"""Tries changes in copies of the checkout: which tests run a line, and whether one of them turns red."""

import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import chain
from pathlib import Path

from tests.mutations import verdicts as verdicts_plugin
from tests.mutations.sites import Mutation
from tests.mutations.verdicts import FILE

_PYTEST = ("-q", "-p", "no:cacheprovider", "--timeout", "120", "--tb=no")
_LOADED = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
"""Plugins of libraries that a fork has loaded already hold no assertions of ours."""
_LEFT_OUT = ("packaging", "docs", "mutations", "benchmarks", "emulator", "dataprep")
"""Folders whose tests build a wheel, renew documentation or try other packages: they take long and notice nothing."""
_LONGEST = 900.0
_QUICK = 0.3
"""Seconds: a run that takes longer counts as red, and a test that takes less is not disturbed by a busy machine."""
_ENDS = range(6)
"""The exit codes of pytest."""
_A_FEW = 40
"""So many tests are asked first: most changes are noticed by them, and few files have to be collected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one change ended: `red` names the test that failed, empty if none did; `tests` run the line."""

    module: str
    line: int
    what: str
    red: str
    tests: int


class Learned:
    """What one run of the suite taught: which test runs which line, and how long each takes."""

    def __init__(self, folder: Path, checkout: Path) -> None:
        self._root = folder / "copy-0"
        self.folder = folder / _digest(checkout / "flowctl")

    def learn(self, packages: Sequence[str], workers: int) -> None:
        """Runs the suite once, unless that is done. A test that is red without a change is never asked."""
        if not self._seconds_file.exists():
            self.folder.mkdir(exist_ok=True)
            measured = [f"--cov={Path('flowctl', package)}" for package in packages]
            run_tests(
                self._root,
                [*measured, "--cov-context=test", "--cov-report=", "-n", str(workers), *left_out(self._root)],
                verdicts=self._seconds_file,
                coverage=self.folder / "coverage",
                timeout=7200,
            )

    @property
    def red(self) -> list[str]:
        """The tests that are red without a change."""
        return list(json.loads(self._seconds_file.read_text(encoding="utf-8"))["red"])

    def tests_of(self, module: str, line: int) -> list[str]:
        """The tests that run a line, the fastest first; those that run the module if it runs when it is imported."""
        lines = self._contexts(module)
        of_line = list(filter(None, lines.get(line, [])))
        tests = {context.partition("|")[0] for context in of_line or chain.from_iterable(lines.values())}
        return sorted(tests & self._seconds.keys(), key=lambda test: (self._seconds[test], test))

    def seconds(self, test: str) -> float:
        """How long a test takes; nothing for what is none."""
        return self._seconds.get(test, 0)

    def _contexts(self, module: str) -> dict[int, list[str]]:
        import coverage

        data = coverage.CoverageData(str(self.folder / "coverage"))
        data.read()
        return data.contexts_by_lineno(str(self._root / module))

    @property
    def _seconds_file(self) -> Path:
        return self.folder / "learned.json"

    @cached_property
    def _seconds(self) -> dict[str, float]:
        return dict(json.loads(self._seconds_file.read_text(encoding="utf-8"))["green"])


class Copy:
    """A copy of the checkout in which modules are changed, one after the other."""

    def __init__(self, checkout: Path, root: Path) -> None:
        self._root = root
        self._tried = random.randrange(10**9)
        self._verdicts = root.with_name(f"{root.name}.json")
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=checkout, check=True, stdout=subprocess.PIPE).stdout
        for name in filter(None, listed.decode().split("\0")):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(checkout / name, root / name)

    def tries(
        self, module: str, mutation: Mutation, learned: Learned, *, first: Sequence[str], budget: float, whole: bool
    ) -> Outcome:
        """Makes a change and runs tests until one is red: those of the line, fastest first, then the whole suite."""
        file = self._root / module
        source, before = file.read_bytes(), file.stat()
        tests = learned.tests_of(module, mutation.line)
        file.write_bytes(mutation.applied(source))
        self._tried += 1
        os.utime(file, (self._tried, self._tried))  # else bytecode of another change would be taken for this one's
        try:
            asked = [*first, *_within(tests, learned, budget)]
            red = self._red(asked[:_A_FEW], learned) or self._red(asked[_A_FEW:], learned)
            if not red and whole:
                red = self._red(left_out(self._root), learned)
        finally:
            file.write_bytes(source)
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        return Outcome(module=module, line=mutation.line, what=mutation.what, red=red, tests=len(tests))

    def is_green(self, tests: Sequence[str]) -> bool:
        """Whether these tests are green without a change: a copy in which nothing runs would notice everything."""
        return not self._first_red(tests)

    def _red(self, tests: Sequence[str], learned: Learned) -> str:
        """The first red test. One that takes long has to be red twice: a busy machine makes such red too."""
        unsure: list[str] = []
        if not tests:
            return ""
        while red := self._first_red([*tests, *(f"--deselect={name}" for name in unsure)]):
            if learned.seconds(red) < _QUICK or self._first_red([red]):
                return red
            unsure.append(red)
        return ""

    def _first_red(self, arguments: Sequence[str]) -> str:
        for _ in range(3):  # a process that something else ended says nothing
            self._verdicts.unlink(missing_ok=True)
            command = [*_PYTEST, *_LOADED, "-x", *arguments]
            ended = forked(self._root, command, verdicts=self._verdicts, timeout=_LONGEST)
            if ended is None or ended in _ENDS:
                break
        else:
            raise RuntimeError(f"tests end with {ended}, which is no verdict")
        if ended == 0:
            return ""
        if not self._verdicts.exists():
            return "nothing ends" if ended is None else "nothing starts"
        red = json.loads(self._verdicts.read_text(encoding="utf-8"))["red"]
        return str(red[0]) if red else "nothing is collected"


def _digest(folder: Path) -> str:
    """The sources of a folder as one short word."""
    files = sorted(folder.rglob("*.py"))
    return sha256(b"".join(str(file.relative_to(folder)).encode() + file.read_bytes() for file in files)).hexdigest()[
        :16
    ]


def _within(tests: Sequence[str], learned: Learned, budget: float) -> list[str]:
    """The first tests, as many as fit into the seconds; at least ten."""
    chosen: list[str] = []
    for test in tests:
        budget -= learned.seconds(test)
        if budget < 0 and len(chosen) >= 10:
            break
        chosen.append(test)
    return chosen


def left_out(root: Path) -> list[str]:
    """The options that leave out what knows nothing of a change."""
    return [f"--ignore={root / 'tests' / name}" for name in _LEFT_OUT] + ["-m", "not contract"]


def run_tests(root: Path, arguments: Sequence[str], *, verdicts: Path, coverage: Path, timeout: float) -> None:
    """Runs pytest in a copy, in a process of its own that is measured from its start."""
    environment = {**os.environ, "PYTHONPATH": str(root), FILE: str(verdicts), "COVERAGE_FILE": str(coverage)}
    command = [sys.executable, "-m", "pytest", "-p", "tests.mutations.verdicts", *_PYTEST, *arguments]
    quiet = subprocess.DEVNULL
    subprocess.run(command, cwd=root, env=environment, check=False, stdout=quiet, stderr=quiet, timeout=timeout)


def forked(root: Path, arguments: Sequence[str], *, verdicts: Path, timeout: float) -> int | None:
    """The exit code of pytest in a copy, None if it took too long. The process has the libraries loaded already."""
    process = _FORKS.Process(target=_in_fork, args=(str(root), list(arguments), str(verdicts)))
    process.start()
    process.join(timeout)
    if process.is_alive():
        process.kill()
        process.join()
        return None
    return process.exitcode


def _in_fork(root: str, arguments: list[str], verdicts: str) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.chdir(root)
    sys.dont_write_bytecode = False  # what is compiled once serves all changes
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.update({"PYTHONPATH": root, FILE: verdicts})
    sys.path[:] = [root, *(path for path in sys.path if not Path(path, "flowctl", "__init__.py").exists())]
    import pytest

    os._exit(int(pytest.main(arguments, plugins=[verdicts_plugin])))


_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["pytest", "hypothesis", "httpx", "starlette.applications", "uvicorn", "jsonschema", "yaml", "click", "jsonpatch"]
)
