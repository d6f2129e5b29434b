"""Runs every crash point, fault cell and the soak, and writes what was measured into docs/reference/reliability.md.

    python -m tests.faults.report

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
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "reliability.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
_ORDER = ("create", "update", "replace", "delete", "destroy")

Table = dict[tuple[str, str], list[int]]


def measured(junit: Path) -> dict[str, Table]:
    """Tried and passed of every matrix, by scenario and row, from the properties that the tests recorded."""
    tables: dict[str, Table] = defaultdict(dict)
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        name = case.get("name", "")
        passed = case.find("failure") is None and case.find("error") is None
        for one in case.iter("property"):
            for row, (tried, good) in json.loads(one.get("value", "{}")).items():
                scenario = name.partition("[")[2].partition("-")[0] if one.get("name") == "crash points" else ""
                total = tables[one.get("name", "")].setdefault((scenario, row), [0, 0])
                total[0] += tried
                total[1] += good if passed or one.get("name") == "crash points" else 0
    return tables


def tests_by_file(junit: Path) -> dict[str, list[int]]:
    """Tests tried and passed, by file; skipped ones do not count."""
    files: dict[str, list[int]] = {}
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        if case.find("skipped") is None:
            counts = files.setdefault(case.get("classname", "").split(".")[-1], [0, 0])
            counts[0] += 1
            counts[1] += case.find("failure") is None and case.find("error") is None
    return files


def lines(tables: Mapping[str, Table], files: Mapping[str, list[int]], soak: Mapping[str, Any]) -> Iterator[str]:
    """The measured part of the page."""
    yield f"Measured with Python {platform.python_version()} on {platform.system()}.\n"
    yield "### Crash points\n"
    yield "| The run | Killed | Points tried | Points passed |\n|---|---|---:|---:|"
    yield from _rows(tables.get("crash points", {}), two=True)
    yield "\n### Fault cells\n"
    yield "| Kind of write | Cells tried | Cells passed |\n|---|---:|---:|"
    yield from _rows(tables.get("fault cells", {}), two=False)
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
    yield "| What | Measured |\n|---|---:|"
    for name, value in soak.items():
        yield f"| {name.replace('_', ' ')} | {_shown(value)} |"


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
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        junit = Path(folder) / "junit.xml"
        suite = [sys.executable, "-m", "pytest", "tests/faults", "tests/property", "-n", str(options.workers)]
        tests = subprocess.run(
            [*suite, "--timeout", "3600", f"--junitxml={junit}"],
            cwd=ROOT,
            check=False,
            env={**os.environ, "FLOWCTL_FAULTS": "full"},
        )
        tables, files = measured(junit), tests_by_file(junit)
    command = ["-m", "tests.faults.soak", "--pipelines", str(options.pipelines), "--rate", str(options.rate)]
    soak = subprocess.run([sys.executable, *command], cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True)
    write_page("\n".join(lines(tables, files, json.loads(soak.stdout or "{}"))) + "\n")
    for name, table in tables.items():
        tried, passed = _sum(table)
        sys.stdout.write(f"{name}: {tried} tried, {passed} passed\n")
    return 1 if tests.returncode or soak.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
