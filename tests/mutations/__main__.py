"""Makes a sample of small semantic changes, one at a time, and says which of them no test notices.

    python -m tests.mutations --count 100 --seed 1

The sample is the same for the same seed and sources; every package gets its share by its size. It is never part of the
test suite: a hundred changes take about an hour. Exit code 1 if fewer than `--least` of a hundred turn a test red.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from tests.mutations.sites import Mutation, mutations
from tests.mutations.trial import Copy, Outcome

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "kinds", "manifest", "state", "aep", "operations", "views")


def sample(packages: Sequence[str], count: int, seed: int) -> list[tuple[str, Mutation]]:
    """The changes to try: `(module, change)`, no two on one line, each sort of change as often as any other.

    A sample by number alone would hold little but left-out statements, which every test notices.
    """
    places = [
        (str(path.relative_to(ROOT)), change)
        for package in packages
        for path in sorted((ROOT / "flowctl" / package).rglob("*.py"))
        for change in mutations(path.read_bytes())
    ]
    random.Random(seed).shuffle(places)
    sorts: dict[str, list[tuple[str, Mutation]]] = {}
    for place in places:
        sorts.setdefault(_sort(place[1]), []).append(place)
    chosen: dict[tuple[str, int], tuple[str, Mutation]] = {}
    for turn in zip_longest(*sorts.values()):
        for module, change in filter(None, turn):
            chosen.setdefault((module, change.line), (module, change))
    return list(chosen.values())[:count]


def _sort(change: Mutation) -> str:
    """`compares`, `joins`, `leaves` and so on; all numbers are one sort."""
    word = change.what.partition(" ")[0]
    return "number" if word.isdigit() else word


def report(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A row for each package, then every change that no test noticed."""
    red = Counter(_package(outcome) for outcome in outcomes if outcome.red)
    for package, tried in sorted(Counter(map(_package, outcomes)).items()):
        yield f"{package:<12} {red[package]:>4} of {tried:>4}"
    yield f"{'all':<12} {sum(red.values()):>4} of {len(outcomes):>4}"
    for outcome in outcomes:
        if not outcome.red:
            place = f"{outcome.module}:{outcome.mutation.line}"
            yield f"not noticed: {place} {outcome.mutation.what} ({outcome.tests} tests run the line)"


def _package(outcome: Outcome) -> str:
    return Path(outcome.module).parts[1]


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100, help="changes to try (100)")
    parser.add_argument("--seed", type=int, default=1, help="which sample (1)")
    parser.add_argument(
        "--packages", nargs="+", default=PACKAGES, help="packages of flowctl (those of the engine's side)"
    )
    parser.add_argument("--tests", type=int, default=40, help="tests of a changed line to run before the suite (40)")
    parser.add_argument("--least", type=float, default=95.0, help="how many of a hundred have to turn a test red (95)")
    parser.add_argument("--workers", type=int, default=2, help="test processes (2)")
    parser.add_argument("--quick", action="store_true", help="run only the tests of the changed line, not the suite")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="flowctl-mutations-") as folder:
        copy = Copy(ROOT, Path(folder))
        if not copy.learn(options.workers):
            sys.stderr.write("the suite is not green without a change\n")
            return 1
        outcomes = []
        for module, change in sample(options.packages, options.count, options.seed):
            outcome = copy.tries(module, change, most=options.tests, whole=not options.quick, workers=options.workers)
            outcomes.append(outcome)
            sys.stderr.write(f"{outcome.red or 'NOT NOTICED'}: {module}:{change.line} {change.what}\n")
    sys.stdout.write("\n".join(report(outcomes)) + "\n")
    return 0 if sum(bool(outcome.red) for outcome in outcomes) * 100 >= options.least * len(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
