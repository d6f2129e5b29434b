"""Tries every case of `tests/trust` and writes what was tried and passed into docs/project/reliability.md.

    python -m tests.trust.report

Each test is one case; each module is one kind of fault. The table stands between two marks and is never edited by
hand. Exit code 1 if anything failed.
"""

import ast
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent
PAGE = ROOT / "docs" / "project" / "reliability.md"
BEGIN, END = "<!-- tried: begin -->\n", "<!-- tried: end -->\n"


def cases(junit: Path) -> dict[str, tuple[int, int]]:
    """Cases tried and passed, by module; a skipped case was not tried."""
    counts: dict[str, tuple[int, int]] = {}
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        if case.find("skipped") is None:
            module = case.get("classname", "").split(".")[-1]
            tried, passed = counts.get(module, (0, 0))
            good = case.find("failure") is None and case.find("error") is None
            counts[module] = (tried + 1, passed + good)
    return counts


def table(counts: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    """The rows of the page, in the order of the modules' names, and their sum."""
    yield "| Cases of | Module of `tests/trust` | Tried | Passed |"
    yield "|---|---|---:|---:|"
    for module, (tried, passed) in sorted(counts.items()):
        yield f"| {_subject(module)} | `{module}` | {tried} | {passed} |"
    tried, passed = (sum(column) for column in zip(*counts.values(), strict=True))
    yield f"| **all** | | **{tried}** | **{passed}** |"


def _subject(module: str) -> str:
    """The first sentence of a module's docstring."""
    text = ast.get_docstring(ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))) or module
    return " ".join(text.split("\n\n")[0].split()).rstrip(".").replace("|", "\\|")


def write_page(text: str) -> None:
    """Replaces the table of the page."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}{text}{END}{after}", encoding="utf-8")


def main() -> int:
    """The command."""
    with tempfile.TemporaryDirectory() as folder:
        junit = Path(folder) / "junit.xml"
        suite = [sys.executable, "-m", "pytest", str(FOLDER), "-n", "2", f"--junitxml={junit}"]
        tests = subprocess.run(suite, cwd=ROOT, check=False)
        counts = cases(junit)
    write_page("\n".join(table(counts)) + "\n")
    sys.stdout.write(f"{sum(tried for tried, _ in counts.values())} cases tried\n")
    return tests.returncode


if __name__ == "__main__":
    sys.exit(main())
