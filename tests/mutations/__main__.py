"""Makes a sample of small semantic changes, one at a time, and says which of them no test notices.

    python -m tests.mutations --count 100 --seed 1

The sample is the same for the same seed and sources; every package gets its share by its size. It is never part of the
test suite: a hundred changes take about an hour. With `--folder` a stopped run goes on where it was, as long as the
sources of flowctl are the same. What was not noticed is tried again, after the tests that `--first` names. Exit code
1 if fewer than `--least` of a hundred turn a test red.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import zip_longest
from pathlib import Path
from queue import SimpleQueue

from tests.mutations.outcomes import Outcomes, Place
from tests.mutations.sites import Mutation, mutations
from tests.mutations.trial import Copy, Learned, Outcome

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "kinds", "manifest", "state", "aep", "operations", "views")


def sample(packages: Sequence[str], count: int, seed: int) -> list[Place]:
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
    sorts: dict[str, list[Place]] = {}
    for place in places:
        sorts.setdefault(_sort(place[1]), []).append(place)
    chosen: dict[tuple[str, int], Place] = {}
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
            place = f"{outcome.module}:{outcome.line}"
            yield f"not noticed: {place} {outcome.what} ({outcome.tests} tests run the line)"


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
    parser.add_argument("--seconds", type=float, default=60, help="seconds of tests of a changed line to run (60)")
    parser.add_argument("--least", type=float, default=95.0, help="how many of a hundred have to turn a test red (95)")
    parser.add_argument("--workers", type=int, default=2, help="changes that are tried at the same time (2)")
    parser.add_argument("--quick", action="store_true", help="run only the tests of the changed line, not the suite")
    parser.add_argument("--folder", type=Path, help="where to keep what is known; the same folder goes on from there")
    parser.add_argument("--first", nargs="+", default=[], help="test files to run before all others: new ones")
    options = parser.parse_args()
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
        return run(options, options.folder.resolve())
    with tempfile.TemporaryDirectory(prefix="flowctl-mutations-") as folder:
        return run(options, Path(folder))


def run(options: argparse.Namespace, folder: Path) -> int:
    """Tries what is not tried yet, and reports all of the sample."""
    chosen = sample(options.packages, options.count, options.seed)
    copies = [Copy(ROOT, folder / f"copy-{number}") for number in range(options.workers)]
    learned = Learned(folder, ROOT)
    learned.learn(options.packages, options.workers)
    for test in learned.red:
        sys.stderr.write(f"red without a change, and not asked: {test}\n")
    if not all(copy.is_green(["tests/engine/test_graph.py"]) for copy in copies):
        sys.stderr.write("tests do not run in a copy\n")
        return 1
    known = Outcomes(learned.folder / "outcomes.jsonl")
    waiting = [place for place in chosen if place not in known or not known[place].red]
    free: SimpleQueue[Copy] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def tried(place: Place) -> Outcome:
        copy = free.get()
        try:
            return copy.tries(*place, learned, first=options.first, budget=options.seconds, whole=not options.quick)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(options.workers) as pool:
        trials = {pool.submit(tried, place): place for place in waiting}
        for trial in as_completed(trials):
            outcome = trial.result()
            known.add(trials[trial], outcome)
            sys.stderr.write(f"{outcome.red or 'NOT NOTICED'}: {outcome.module}:{outcome.line} {outcome.what}\n")
    outcomes = [known[place] for place in chosen]
    sys.stdout.write("\n".join(report(outcomes)) + "\n")
    return 0 if sum(bool(outcome.red) for outcome in outcomes) * 100 >= options.least * len(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
