"""Runs the same commands in two checkouts and prints every difference in exit code, output and requests.

    python -m tests.recorded PATH_OF_ANOTHER_CHECKOUT

Exit code 1 if anything differs. A change of the code's structure shows with it that it changed nothing else.
"""

import argparse
import difflib
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from tests.recorded.record import recorded

ROOT = Path(__file__).parents[2]


Pair: TypeAlias = tuple[dict[str, Any], dict[str, Any]]


def _differing(part: Callable[[dict[str, Any]], object]) -> Callable[[Sequence[Pair]], int]:
    return lambda pairs: sum(part(one) != part(other) for one, other in pairs)


_COUNTS: Mapping[str, Callable[[Sequence[Pair]], int]] = {
    "the exit code": _differing(lambda record: record["code"]),
    "output or messages": _differing(lambda record: (record["out"], record["err"])),
    "requests": _differing(lambda record: record["requests"]),
    "a request that is no longer sent": lambda pairs: sum(
        bool(Counter(one["requests"]) - Counter(other["requests"])) for one, other in pairs
    ),
}
"""In what commands may differ, and how many of them do."""


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path, help="the checkout to compare with")
    options = parser.parse_args()
    both = []
    for checkout in (options.checkout.resolve(), ROOT):
        with tempfile.TemporaryDirectory(prefix="flowctl-recorded-") as folder:
            both.append(recorded(checkout, Path(folder)))
    pairs = list(zip(*both, strict=True))
    for one, other in pairs:
        if one != other:
            texts = (_shown(one).splitlines(), _shown(other).splitlines())
            names = (str(options.checkout), str(ROOT))
            sys.stdout.writelines(f"{line.rstrip()}\n" for line in difflib.unified_diff(*texts, *names, n=1))
    differing = sum(one != other for one, other in pairs)
    counts = ", ".join(f"{count(pairs)} in {what}" for what, count in _COUNTS.items())
    sys.stdout.write(f"{len(pairs)} commands, {differing} of them differ: {counts}\n")
    return 1 if differing else 0


def _shown(record: dict[str, object]) -> str:
    lines = [f"{name}: {record[name]}" for name in ("title", "command", "code", "out", "err")]
    return "\n".join([*lines, json.dumps(record["requests"], indent=1)])


if __name__ == "__main__":
    sys.exit(main())
