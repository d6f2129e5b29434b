"""Runs the same commands in two checkouts and prints every difference in exit code, output and requests.

    python -m tests.recorded PATH_OF_ANOTHER_CHECKOUT

Exit code 1 if anything differs. A change of the code's structure shows with it that it changed nothing else.
"""

import argparse
import difflib
import json
import sys
import tempfile
from pathlib import Path

from tests.recorded.record import recorded

ROOT = Path(__file__).parents[2]


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path, help="the checkout to compare with")
    options = parser.parse_args()
    texts = []
    for checkout in (options.checkout.resolve(), ROOT):
        with tempfile.TemporaryDirectory(prefix="flowctl-recorded-") as folder:
            texts.append([_shown(record) for record in recorded(checkout, Path(folder))])
    before, after = texts
    differing = 0
    for one, other in zip(before, after, strict=True):
        if one != other:
            differing += 1
            names = (str(options.checkout), str(ROOT))
            sys.stdout.writelines(
                f"{line.rstrip()}\n" for line in difflib.unified_diff(one.splitlines(), other.splitlines(), *names, n=1)
            )
    sys.stdout.write(f"{len(before)} commands, {differing} of them differ\n")
    return 1 if differing else 0


def _shown(record: dict[str, object]) -> str:
    lines = [f"{name}: {record[name]}" for name in ("title", "command", "code", "out", "err")]
    return "\n".join([*lines, json.dumps(record["requests"], indent=1)])


if __name__ == "__main__":
    sys.exit(main())
