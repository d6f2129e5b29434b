"""Tries changes in copies of the checkout: which tests run a line, and whether one of them turns red."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import chain
from pathlib import Path

from tests.mutations.sites import Mutation
from tests.mutations.verdicts import FILE

_PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tests.mutations.verdicts", "--timeout", "120")
_LEFT_OUT = ("packaging", "docs", "mutations", "benchmarks", "emulator", "dataprep")
"""Folders whose tests build a wheel, renew documentation or try other packages: they take long and notice nothing."""


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
        """How long a test takes."""
        return self._seconds[test]

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
        source = file.read_bytes()
        tests = learned.tests_of(module, mutation.line)
        file.write_bytes(mutation.applied(source))
        try:
            asked = [*first, *_within(tests, learned, budget)]
            red = self._red(asked) if asked else ""
            if not red and whole:
                red = self._red(left_out(self._root))
        finally:
            file.write_bytes(source)
        return Outcome(module=module, line=mutation.line, what=mutation.what, red=red, tests=len(tests))

    def _red(self, tests: Sequence[str]) -> str:
        """The first red test, or nothing. It has to be red twice: a busy machine makes other tests red too."""
        unsure: list[str] = []
        while red := self._first_red([*tests, *(f"--deselect={name}" for name in unsure)]):
            if not Path(self._root / red.partition("::")[0]).is_file() or self._first_red([red]):
                return red
            unsure.append(red)
        return ""

    def _first_red(self, arguments: Sequence[str]) -> str:
        names = self._verdicts.with_suffix(".arguments")
        names.write_text("\n".join(arguments), encoding="utf-8")
        self._verdicts.unlink(missing_ok=True)
        ended = run_tests(self._root, ["-x", f"@{names}"], verdicts=self._verdicts, coverage=None, timeout=1800)
        if ended == 0:
            return ""
        if not self._verdicts.exists():
            return "nothing starts"
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


def run_tests(
    root: Path, arguments: Sequence[str], *, verdicts: Path, coverage: Path | None, timeout: float
) -> int | None:
    """Runs pytest in a copy. Returns its exit code, None if it took too long."""
    environment = {**os.environ, "PYTHONPATH": str(root), FILE: str(verdicts), "COVERAGE_FILE": str(coverage or "")}
    try:
        return subprocess.run(
            [sys.executable, *_PYTEST, *arguments],
            cwd=root,
            env=environment,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=timeout,
        ).returncode
    except subprocess.TimeoutExpired:
        return None
