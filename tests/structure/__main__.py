"""Writes what the source looks like, beside another checkout: `python -m tests.structure CHECKOUT [--write PAGE]`.

Folders with their number of modules, the longest module and function, imports that run up, circles.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.structure.checkout import Checkout

ROOT = Path(__file__).parents[2]
_BEGIN, _END = "<!-- measured: structure -->", "<!-- end -->"


def report(before: Checkout, after: Checkout) -> Iterator[str]:
    """The tables, in Markdown."""
    yield "| | before | after |\n|---|--:|--:|"
    for words, figure in _FIGURES:
        yield f"| {words} | {figure(before)} | {figure(after)} |"
    yield "\n| Folder | modules before | modules after |\n|---|--:|--:|"
    ours, theirs = after.packages(), before.packages()
    for name in sorted({*ours, *theirs}):
        yield f"| `{name.replace('.', '/')}` | {theirs.get(name, '')} | {ours.get(name, '')} |"


def _largest_folder(checkout: Checkout) -> str:
    name, count = max(checkout.packages().items(), key=lambda item: item[1])
    return f"{count} (`{name.replace('.', '/')}`)"


def _longest_module(checkout: Checkout) -> str:
    found = max(checkout.modules.values(), key=lambda module: module.lines)
    return f"{found.lines} lines (`{found.name}`)"


def _longest_function(checkout: Checkout) -> str:
    found = max(checkout.modules.values(), key=lambda module: module.longest_function)
    return f"{found.longest_function} lines (`{found.name}`)"


def _median(checkout: Checkout) -> str:
    lengths = sorted(module.lines for module in checkout.modules.values())
    return f"{lengths[len(lengths) // 2]} lines"


_FIGURES = (
    ("modules", lambda checkout: str(len(checkout.modules))),
    ("median module", _median),
    ("longest module", _longest_module),
    ("longest function", _longest_function),
    ("largest folder", _largest_folder),
    ("imports that run up", lambda checkout: str(len(checkout.arrows_up()))),
    ("circles of imports", lambda checkout: str(len(checkout.circles()))),
)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path, help="the checkout to compare with")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="renew the measured part of a page")
    options = parser.parse_args()
    text = "\n".join(report(Checkout(options.checkout.resolve()), Checkout(ROOT)))
    sys.stdout.write(text + "\n")
    if options.write:
        page = options.write.read_text(encoding="utf-8")
        head, _, rest = page.partition(_BEGIN)
        tail = rest.partition(_END)[2]
        options.write.write_text(f"{head}{_BEGIN}\n\n{text}\n\n{_END}{tail}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
