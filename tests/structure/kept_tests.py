"""What became of the tests of another checkout: `python -m tests.structure.kept_tests CHECKOUT`.

Tests are compared by their names, wherever they are now: which have the same body, which another one, which have fewer
assertions than before, and which are gone.
"""

import argparse
import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Known:
    """A test function: where it is, its text, and how much it asks for."""

    place: str
    text: str
    demands: int


def known_tests(checkout: Path) -> Mapping[str, Known]:
    """The tests of a checkout by name; of one name, that which asks for most."""
    found: dict[str, Known] = {}
    for path in sorted((checkout / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                test = Known(path.relative_to(checkout).as_posix(), ast.unparse(node), _demands(node))
                found[node.name] = max(test, found.get(node.name, test), key=lambda each: each.demands)
    return found


def _demands(function: ast.FunctionDef) -> int:
    """Its assertions, and the errors that it expects."""
    nodes = list(ast.walk(function))
    raises = [node for node in nodes if isinstance(node, ast.Attribute) and node.attr == "raises"]
    return len(raises) + sum(isinstance(node, ast.Assert) for node in nodes)


def report(before: Mapping[str, Known], after: Mapping[str, Known]) -> Iterator[str]:
    """A line for each figure, then the tests with fewer assertions and those that are gone."""
    kept = [name for name in before if name in after]
    fewer = [name for name in kept if after[name].demands < before[name].demands]
    gone = [name for name in before if name not in after]
    same = sum(after[name].text == before[name].text for name in kept)
    yield f"{len(before)} tests before, {len(after)} now"
    yield f"{same} have the same body, {len(kept) - same} another one, {len(gone)} are gone by name"
    yield f"{len(fewer)} have fewer assertions"
    yield from (f"fewer: {after[name].place} {name}" for name in fewer)
    yield from (f"gone: {before[name].place} {name}" for name in gone)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path, help="the checkout whose tests are looked for")
    options = parser.parse_args()
    sys.stdout.write("\n".join(report(known_tests(options.checkout.resolve()), known_tests(ROOT))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
