"""Makes a sample of small semantic changes, one at a time, and says which of them no test notices.

    python -m tests.mutations --count 100 --seed 1

The sample is the same for the same seed, and nearly the same after a change of the sources; every package gets its
share by its size. It is never part of the test suite. For each change the test that noticed it last time runs first,
then the test files that are nearest to it; the first red test ends it. With `--folder` a stopped run goes on where it
was; what was not noticed is tried again, after the tests that `--first` names. `--record` writes what was found to
`tests/mutations/outcomes.jsonl`. Exit code 1 if fewer than `--least` of a hundred turn a test red.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from queue import SimpleQueue

from tests.mutations.outcomes import RECORDED, Outcome, Outcomes, Place, read, write
from tests.mutations.sites import Mutation, mutations
from tests.mutations.trial import Copy

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "kinds", "manifest", "state", "aep", "operations", "views")


def sample(packages: Sequence[str], count: int, seed: int) -> list[Place]:
    """The changes to try: `(module, change)`, no two on one line, each sort of change as often as any other.

    A sample by number alone would hold little but left-out statements, which every test notices. A digest decides the
    order, so that a change of the sources moves few of the others.
    """
    sorts: dict[str, list[Place]] = {}
    for place in sorted(_places(packages), key=lambda place: _digest(place, seed)):
        sorts.setdefault(_sort(place[1]), []).append(place)
    chosen: dict[tuple[str, int], Place] = {}
    for turn in zip_longest(*(sorts[sort] for sort in sorted(sorts))):
        for module, change in filter(None, turn):
            chosen.setdefault((module, change.line), (module, change))
    return list(chosen.values())[:count]


def _places(packages: Sequence[str]) -> Iterator[Place]:
    for package in packages:
        for path in _modules(ROOT / "flowctl" / package):
            for change in mutations(path.read_bytes()):
                yield path.relative_to(ROOT).as_posix(), change


def _modules(path: Path) -> list[Path]:
    """The modules of a package, or a module alone."""
    return sorted(path.rglob("*.py")) or sorted(path.parent.glob(f"{path.name}.py"))


def _digest(place: Place, seed: int) -> bytes:
    module, change = place
    text = "\0".join([str(seed), module, change.scope, change.what, change.before, str(change.number)])
    return sha256(text.encode()).digest()


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
            yield f"{outcome.equal or 'not noticed'}: {_described(outcome)}"


def _package(outcome: Outcome) -> str:
    return Path(outcome.module).parts[1]


def _described(outcome: Outcome) -> str:
    return f"{outcome.module} {outcome.scope}: {outcome.what} ({outcome.number}.): {outcome.before}"


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100, help="changes to try (100)")
    parser.add_argument("--seed", type=int, default=1, help="which sample (1)")
    parser.add_argument(
        "--packages", nargs="+", default=PACKAGES, help="packages of flowctl (those of the engine's side), or modules"
    )
    parser.add_argument("--files", type=int, default=1000, help="test files to run for a change, at most (all)")
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), help="seconds of the processor for each group of files (any)"
    )
    parser.add_argument("--least", type=float, default=95.0, help="how many of a hundred have to turn a test red (95)")
    parser.add_argument("--workers", type=int, default=2, help="changes that are tried at the same time (2)")
    parser.add_argument("--folder", type=Path, help="where to keep what is known; the same folder goes on from there")
    parser.add_argument("--first", nargs="+", default=[], help="test files to run before all others: new ones")
    parser.add_argument("--record", action="store_true", help=f"write what was found to {RECORDED.name}")
    parser.add_argument("--list", action="store_true", help="print the sample and what is known of it, and try nothing")
    options = parser.parse_args()
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
        return run(options, options.folder.resolve())
    with tempfile.TemporaryDirectory(prefix="flowctl-mutations-") as folder:
        return run(options, Path(folder))


def run(options: argparse.Namespace, folder: Path) -> int:
    """Tries what is not tried yet, and reports all of the sample."""
    chosen = sample(options.packages, options.count, options.seed)
    recorded, known = Outcomes(RECORDED), Outcomes(folder / "outcomes.jsonl")
    waiting = [place for place in chosen if not _is_settled(known.get(place))]
    waiting.sort(key=lambda place: known.get(place) is not None)  # what was never tried comes first
    if options.list:
        for number, place in enumerate(chosen):
            outcome = known.get(place) or Outcome.of(place, "")
            sys.stdout.write(f"{number} line {place[1].line}, {outcome.red or outcome.equal}: {_described(outcome)}\n")
        return 0
    copies = [Copy(ROOT, folder / f"copy-{number}") for number in range(options.workers)]
    free: SimpleQueue[Copy] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def tried(place: Place) -> Outcome:
        before = recorded.get(place)
        if before and before.equal:
            return before
        copy = free.get()
        try:
            first = [*options.first, *([before.red] if before and before.red else [])]
            return copy.tries(place, first=first, files=options.files, seconds=options.seconds)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(options.workers) as pool:
        for trial in as_completed([pool.submit(tried, place) for place in waiting]):
            outcome = trial.result()
            known.add(outcome)
            sys.stderr.write(f"{outcome.red or outcome.equal or 'NOT NOTICED'}: {_described(outcome)}\n")
    outcomes = list(filter(None, map(known.get, chosen)))
    for outcome in unsound(outcomes, copies[0]):
        sys.stderr.write(f"red without a change, and no verdict: {outcome.red}\n")
        known.add(replace(outcome, red=""))
    outcomes = list(filter(None, map(known.get, chosen)))
    if options.record:
        record(outcomes)
    sys.stdout.write("\n".join(report(outcomes)) + "\n")
    return 0 if sum(bool(outcome.red) for outcome in outcomes) * 100 >= options.least * len(outcomes) else 1


def record(outcomes: Sequence[Outcome]) -> None:
    """Adds outcomes to those that are recorded, of which what is no longer in the sources is left out."""
    there = {Outcome.of(place, "").place for place in _places(PACKAGES)}
    write([outcome for outcome in [*read(RECORDED), *outcomes] if outcome.place in there], RECORDED)


def unsound(outcomes: Sequence[Outcome], copy: Copy) -> list[Outcome]:
    """The outcomes with a test that is red without a change too."""
    tests = sorted({outcome.red for outcome in outcomes if outcome.red})
    red = copy.red_without_change(tests)
    return [outcome for outcome in outcomes if outcome.red in red]


def _is_settled(outcome: Outcome | None) -> bool:
    return outcome is not None and bool(outcome.red or outcome.equal)


if __name__ == "__main__":
    sys.exit(main())
