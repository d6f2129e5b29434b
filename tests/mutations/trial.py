"""Tries changes in a copy of the checkout: which tests run a line, and whether one of them turns red."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.mutations.sites import Mutation

_SUITE = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-x", "--timeout", "120")
_DESELECTED = ("--ignore", "tests/packaging", "--ignore", "tests/docs")
"""What builds a wheel or renews documentation knows nothing of a change, and takes long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one change ended: `red` names the step whose test failed first, empty where every test stayed green."""

    module: str
    mutation: Mutation
    red: str
    tests: int


class Copy:
    """A copy of the checkout in which modules are changed; `tests_of` knows which tests run which line."""

    def __init__(self, checkout: Path, folder: Path) -> None:
        self.root = folder / "checkout"
        self._checkout = checkout
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=checkout, check=True, stdout=subprocess.PIPE
        ).stdout.decode()
        for name in filter(None, listed.split("\0")):
            target = self.root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(checkout / name, target)
        self._data = folder / "coverage"

    def learn(self, workers: int) -> bool:
        """Runs the whole suite once and keeps which test runs which line; False where it is not green."""
        return self._pytest(
            ["-n", str(workers), "--cov=flowctl", "--cov-context=test", "--cov-report=", *_DESELECTED], timeout=3600
        )

    def tests_of(self, module: str, line: int) -> list[str]:
        """The tests that run a line, by their ids."""
        import coverage

        data = coverage.CoverageData(str(self._data))
        data.read()
        contexts = data.contexts_by_lineno(str(self.root / module)).get(line, [])
        return sorted({context.partition("|")[0] for context in contexts if context})

    def tries(self, module: str, mutation: Mutation, *, most: int, whole: bool, workers: int) -> Outcome:
        """Makes a change, runs the tests that run its line, and then the whole suite if those stay green."""
        file = self.root / module
        source = file.read_bytes()
        tests = self.tests_of(module, mutation.line)
        file.write_bytes(mutation.applied(source))
        try:
            red = ""
            if tests and not self._pytest(_spread(tests, most), timeout=600):
                red = "tests of the line"
            elif whole and not self._pytest(["-n", str(workers), *_DESELECTED], timeout=1800):
                red = "the whole suite"
        finally:
            file.write_bytes(source)
        return Outcome(module=module, mutation=mutation, red=red, tests=len(tests))

    def _pytest(self, arguments: Iterable[str], timeout: float) -> bool:
        environment = {**os.environ, "PYTHONPATH": str(self.root), "COVERAGE_FILE": str(self._data)}
        try:
            ended = subprocess.run(
                [sys.executable, *_SUITE, *arguments],
                cwd=self.root,
                env=environment,
                check=False,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=timeout,
            )
        except subprocess.TimeoutExpired:
            return False
        return ended.returncode == 0


def _spread(tests: list[str], most: int) -> list[str]:
    """At most this many of the tests, spread over all of them: neighbours try the same thing."""
    step = max(1, -(-len(tests) // most))
    return tests[::step]
