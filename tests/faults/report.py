"""Runs every crash point, fault cell and the soak, and writes what was measured into docs/project/reliability.md.

    python -m tests.faults.report

Crash points and fault cells are tried with the platform's clock right, 15 minutes and a day off in either direction;
`--clocks` chooses some of these.

    nice -n 19 taskset -c 0 python -m tests.faults.report --keep FOLDER

With `--keep`, what each part of the run measured stays in the folder, also where something failed: a run that was
stopped goes on with the parts that are not there. Such a folder belongs to one state of the code.

The page's tables stand between two marks and are never edited by hand. Exit code 1 where anything failed.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "project" / "reliability.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
_ORDER = (
    "create",
    "create disabled",
    "update",
    "disable",
    "states",
    "move",
    "replace",
    "create first",
    "put back",
    "accept",
    "import",
    "write manifests",
    "delete",
    "repair",
    "destroy",
)

_PART = 100
"""Tests that are run and kept together."""
_ENDED = (0, 1)
"""Exit codes of a pytest that has run to its end."""

Table = dict[tuple[str, str], list[int]]


def cases(junits: Iterable[Path]) -> Iterator[ElementTree.Element]:
    """Every test of these parts of a run."""
    for junit in junits:
        yield from ElementTree.parse(junit).getroot().iter("testcase")


def measured(junits: Iterable[Path]) -> dict[str, Table]:
    """Tried and passed of every matrix, by scenario and row, from the properties that the tests recorded."""
    tables: dict[str, Table] = defaultdict(dict)
    for case in cases(junits):
        name = case.get("name", "")
        passed = case.find("failure") is None and case.find("error") is None
        for one in case.iter("property"):
            for row, (tried, good) in json.loads(one.get("value", "{}")).items():
                are_points = one.get("name", "").startswith("crash points")
                scenario = name.partition("[")[2].partition("-")[0] if are_points else ""
                total = tables[one.get("name", "")].setdefault((scenario, row), [0, 0])
                total[0] += tried
                total[1] += good if passed or are_points else 0
    return tables


def tests_by_file(junits: Iterable[Path]) -> dict[str, list[int]]:
    """Tests tried and passed, by file; skipped ones do not count."""
    files: dict[str, list[int]] = {}
    for case in cases(junits):
        if case.find("skipped") is None:
            counts = files.setdefault(case.get("classname", "").split(".")[-1], [0, 0])
            counts[0] += 1
            counts[1] += case.find("failure") is None and case.find("error") is None
    return files


def lines(
    tables: Mapping[str, Table], files: Mapping[str, list[int]], soaks: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """The measured part of the page."""
    yield f"Measured with Python {platform.python_version()} on {platform.system()}.\n"
    for of, title in (("", ""), (" of parts", " of parts of schemas, namespaces and Profile")):
        yield f"### Crash points{title}\n"
        yield "| The run | Killed | Points tried | Points passed |\n|---|---|---:|---:|"
        yield from _rows(tables.get(f"crash points{of}", {}), two=True)
        yield f"\n### Fault cells{title}\n"
        yield "| Kind of run | Cells tried | Cells passed |\n|---|---:|---:|"
        yield from _rows(tables.get(f"fault cells{of}", {}), two=False)
        yield ""
    yield "### Crash points and fault cells by the platform's clock\n"
    yield "| The platform's clock | Tried | Passed |\n|---|---:|---:|"
    yield from _rows(tables.get("platform clocks", {}), two=False)
    yield "\n### Writes without room\n"
    yield "| What | Tried | Passed |\n|---|---:|---:|"
    for name in ("sizes of a full disk", "requests at which the folder turns read-only"):
        tried, passed = _sum(tables.get(name, {}))
        yield f"| {name} | {tried} | {passed} |"
    yield "\n### Everything in `tests/faults` and `tests/property`\n"
    yield "| File | Tests | Passed |\n|---|---:|---:|"
    for name, (tried, passed) in sorted(files.items()):
        yield f"| `{name}` | {tried} | {passed} |"
    yield "\n### Soak\n"
    yield f"| What | {'Measured |' * len(soaks)}\n|---|{'---:|' * len(soaks)}"
    for name in soaks[0] if soaks else ():
        yield f"| {name.replace('_', ' ')} | {' | '.join(_shown(soak[name]) for soak in soaks)} |"


def _rows(table: Table, *, two: bool) -> Iterator[str]:
    def key(item: tuple[str, str]) -> tuple[int, str]:
        word = item[0] or item[1]
        return (_ORDER.index(word) if word in _ORDER else len(_ORDER), item[1])

    for scenario, row in sorted(table, key=key):
        tried, passed = table[scenario, row]
        first = f"| {scenario} | {row} " if two else f"| {row} "
        yield f"{first}| {tried} | {passed} |"
    tried, passed = _sum(table)
    yield f"| **all** {'| ' if two else ''}| **{tried}** | **{passed}** |"


def _sum(table: Table) -> tuple[int, int]:
    return sum(tried for tried, _ in table.values()), sum(passed for _, passed in table.values())


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {count}" for name, count in value.items())
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def write_page(text: str) -> None:
    """Replaces the measured part of the page."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}{text}{END}{after}", encoding="utf-8")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pipelines", type=int, default=1000, help="pipelines of the soak (1000)")
    parser.add_argument("--rate", type=float, default=0.05, help="share of requests that a fault befalls (0.05)")
    parser.add_argument("--workers", type=int, default=2, help="test processes (2)")
    parser.add_argument("--clocks", default="0,-900,900,-86400,86400", help="seconds that the platform's clock is off")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep what is measured there, and go on with it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (options.keep or Path(scratch)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        junits = [*_tested(folder, options)]
        soaks = [_soaked(folder, clock, options) for clock in options.clocks.split(",")]
        tables, files = measured(junits), tests_by_file(junits)
    write_page("\n".join(lines(tables, files, soaks)) + "\n")
    for name, table in tables.items():
        tried, passed = _sum(table)
        sys.stdout.write(f"{name}: {tried} tried, {passed} passed\n")
    is_whole = all(tried == passed for tried, passed in files.values())
    return 0 if is_whole and all(is_clean(soak) for soak in soaks) else 1


def is_clean(soak: Mapping[str, Any]) -> bool:
    """Whether a soak ended with every object once, and with nothing left to do."""
    return bool(soak["plan_is_empty"]) and not any(
        soak[name] for name in ("missing", "twice", "orphans", "left_after_destroy")
    )


def _tested(folder: Path, options: argparse.Namespace) -> Iterator[Path]:
    """The result of each part of the tests, which is run unless it is there. Raises RuntimeError if pytest breaks."""
    environ = {**os.environ, "FLOWCTL_FAULTS": "full", "FLOWCTL_CLOCKS": options.clocks}
    pytest = [sys.executable, "-m", "pytest"]
    every = [*pytest, "tests/faults", "tests/property", "--collect-only", "--verbosity=-1"]
    listed = subprocess.run(every, cwd=ROOT, check=True, env=environ, stdout=subprocess.PIPE, text=True).stdout
    tests = [line for line in listed.splitlines() if "::" in line]
    for at in range(0, len(tests), _PART):
        junit, chosen = folder / f"tests-{at:04}.xml", folder / "chosen.txt"
        if not junit.exists():
            chosen.write_text("\n".join(tests[at : at + _PART]), encoding="utf-8")
            unfinished = junit.with_suffix(".part")
            part = [
                f"@{chosen}",
                "-o",
                "junit_family=xunit1",
                "-n",
                str(options.workers),
                "--timeout",
                "3600",
                f"--junitxml={unfinished}",
            ]
            code = subprocess.run([*pytest, *part], cwd=ROOT, check=False, env=environ).returncode
            if code not in _ENDED:
                raise RuntimeError(f"pytest ends with {code}")
            unfinished.rename(junit)
        yield junit


def _soaked(folder: Path, clock: str, options: argparse.Namespace) -> dict[str, Any]:
    """A soak, run unless it is there: as large as asked for with the right clock, a tenth of it with each other one."""
    result = folder / f"soak{clock}.json"
    if not result.exists():
        pipelines = options.pipelines if int(clock) == 0 else max(1, options.pipelines // 10)
        sizes = ["--pipelines", str(pipelines), "--rate", str(options.rate), f"--clock={clock}"]
        soak = [sys.executable, "-m", "tests.faults.soak", *sizes]
        printed = subprocess.run(soak, cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True).stdout
        if not printed:
            raise RuntimeError("a soak comes to no end")
        result.write_text(printed, encoding="utf-8")
    read: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return read


if __name__ == "__main__":
    sys.exit(main())
