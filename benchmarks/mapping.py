"""`python -m benchmarks.mapping`: maps rows of a CSV file with this checkout, and with another one beside it."""

import argparse
import csv
import random
import sys
import tempfile
from pathlib import Path

from benchmarks.against import HERE
from benchmarks.figure import Figure, seconds
from benchmarks.output import as_table
from benchmarks.process import PYTHON, Cost, run

_AT_MOST = 0.25
_PROGRAM = str(Path(__file__).with_name("mapping_rows.py"))
_COLUMNS = (
    *("Vid", "Email", "First", "Last", "City", "Score", "Active", "Phone", "Birth", "Created", "Country"),
    *("Tags", "Visits", "Amount", "Nickname"),
)


def write_rows(path: Path, count: int) -> None:
    """Writes a CSV file of contacts, the same one every time."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for number in range(count):
            first, last = chance.choice(("Ana", "Björn", "Chloé", "Dmitri")), f"Name{chance.randrange(5000)}"
            writer.writerow(
                (
                    number,
                    f" {first}.{last}@Example.COM ",
                    first,
                    last,
                    chance.choice(("Berlin", "Paris", "Köln")),
                    f"{chance.random() * 100:.3f}",
                    chance.choice(("true", "no", "Y")),
                    chance.choice(("", "0171-555-01")),
                    f"19{chance.randrange(50, 99)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
                    f"2024-05-{chance.randrange(1, 29):02} 10:{chance.randrange(60):02}:00",
                    chance.choice(("DE", "FR", "IT")),
                    ";".join(chance.sample(("a", "b", "c", "d"), chance.randrange(1, 4))),
                    chance.randrange(1000),
                    f"{chance.random() * 300:.2f}",
                    chance.choice(("", "Nick")),
                )
            )


def measured(folder: Path, rows: int, other: Path | None, repeat: int) -> Figure:
    """The processor time of both checkouts, in turns, and whether their records are the same."""
    source = folder / "rows.csv"
    write_rows(source, rows)
    checkouts = [HERE] if other is None else [HERE, other.resolve()]
    costs: dict[Path, list[Cost]] = {checkout: [] for checkout in checkouts}
    for _ in range(repeat):
        for number, checkout in enumerate(checkouts):
            target = folder / f"records-{number}.ndjson"
            costs[checkout].append(run(*PYTHON, _PROGRAM, str(checkout), str(source), str(target)))
    mine, *theirs = (min(cost.processor_seconds for cost in found) for found in costs.values())
    note = f"{rows / mine:.0f} rows a second"
    if theirs and (folder / "records-0.ndjson").read_bytes() != (folder / "records-1.ndjson").read_bytes():
        note += "; the records differ"
    return Figure(
        name=f"processor time of {rows} rows, 20 mappings, CSV to NDJSON",
        measured=seconds(mine),
        against=f"{other}: {seconds(theirs[0])}" if theirs else "nothing",
        ratio=mine / theirs[0] if theirs else None,
        limit=_AT_MOST if theirs else None,
        note=note,
    )


def main() -> int:
    """Prints the figure; exits with 1 where this checkout takes more than a quarter of the other one's time."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mapping", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows that are mapped (100000)")
    parser.add_argument("--against", type=Path, metavar="CHECKOUT", help="another checkout to compare with")
    parser.add_argument("--repeat", type=int, default=1, help="runs of which the best counts (1)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="flowctl-benchmarks-") as folder:
        figure = measured(Path(folder), options.rows, options.against, options.repeat)
    print(as_table([figure]))
    return 1 if figure.met is False else 0


if __name__ == "__main__":
    sys.exit(main())
