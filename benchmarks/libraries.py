"""Libraries beside what is written by hand: what each costs to import, on the disk and in use, and what it gets wrong.

`python -m benchmarks.libraries` measures those that are installed; the others it names. `--schema-suite` takes the
`tests` folder of the JSON Schema Test Suite (the source distribution of jsonschema holds it, as `json/tests`),
`--patch-suite` a folder with the `tests.json` and `spec_tests.json` of json-patch-tests.
"""

import argparse
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from benchmarks.libraries_in_use import near_names, patches, schemas, tables, yaml_editing, yaml_reading
from benchmarks.process import PYTHON, interleaved

CANDIDATES = {
    "JSON Schema, yes or no": ("flowctl.validation.compile", "jsonschema", "fastjsonschema", "jsonschema_rs"),
    "retry and backoff": ("flowctl.aep.retry", "tenacity", "stamina", "backoff"),
    "JSON Patch": ("jsonpatch",),
    "YAML editing": ("yaml", "flowctl.text.edit", "ruamel.yaml"),
    "text wrapping and tables": ("textwrap", "flowctl.views.columns", "rich.table", "tabulate"),
    "near names": ("difflib", "rapidfuzz"),
    "file lock": ("filelock", "portalocker"),
}
"""The modules that could do it, what is in use first."""

_START = "import flowctl.cli.dispatch, flowctl.text.reader"
"""What every command but `--version` imports, and what reads manifests."""


def main() -> int:
    """Prints one line for each candidate, and then what it does with the project's own data."""
    options = _parser().parse_args()
    modules = [module for some in CANDIDATES.values() for module in some]
    present = [module for module in modules if _is_there(module)]
    start, *costs = _import_costs(present, options.repeat)
    print(f"An import, in ms of processor time over the start of flowctl ({start * 1000:.0f} ms), and the size in MB:")
    imported = dict(zip(present, costs, strict=True))
    for need, candidates in CANDIDATES.items():
        for module in candidates:
            cost = (
                f"{(imported[module] - start) * 1000:6.1f}  {_size(module)}" if module in imported else "not installed"
            )
            print(f"  {need:26}{module:28}{cost}")
    for title, lines in _in_use(options):
        print(f"\n{title}")
        for line in lines:
            print(f"  {line}")
    return 0


def _in_use(options: argparse.Namespace) -> Iterator[tuple[str, Iterator[str]]]:
    yield "JSON Schema: the manifests of the examples", schemas(options.schema_suite)
    yield "YAML: the manifests of the examples", yaml_reading()
    yield "YAML editing: one value of each manifest of the examples", yaml_editing()
    yield "Tables: 200 rows for a terminal of 100 columns", tables()
    yield "Near names: one of 500", near_names()
    if options.patch_suite:
        yield "JSON Patch: json-patch-tests", patches(options.patch_suite)


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _import_costs(modules: list[str], repeat: int) -> list[float]:
    """The processor seconds of flowctl's own start and of the same with each import, in turns."""
    programs = [_START, *(f"{_START}; import {module}" for module in modules)]
    commands = [(*PYTHON, "-c", program) for program in programs]
    return [cost.processor_seconds for cost in interleaved(commands, repeat)]


def _size(module: str) -> str:
    name = module.partition(".")[0]
    if name in sys.stdlib_module_names or name == "flowctl":
        return "   -"
    found = _with_needs("ruamel.yaml" if name == "ruamel" else {"yaml": "pyyaml"}.get(name, name), {})
    return f"{sum(found.values()) / 1e6:4.1f}  ({', '.join(sorted(found))})"


def _with_needs(name: str, known: dict[str, int]) -> dict[str, int]:
    """The sizes of a distribution and of what it needs, by name."""
    try:
        one: Distribution = distribution(name)
    except PackageNotFoundError:
        return known
    if name.lower() not in known:
        paths = [Path(str(file.locate())) for file in one.files or ()]
        known[name.lower()] = sum(path.stat().st_size for path in paths if path.is_file() and path.suffix != ".pyc")
        for need in one.requires or ():
            if "extra ==" not in need:
                _with_needs(need.replace("(", " ").replace(";", " ").split()[0].split("=")[0].rstrip("<>!~"), known)
    return known


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.libraries", description=__doc__)
    parser.add_argument("--repeat", type=int, default=15, help="imports of which the median counts (15)")
    parser.add_argument("--schema-suite", type=Path, metavar="FOLDER", help="the JSON Schema Test Suite")
    parser.add_argument("--patch-suite", type=Path, metavar="FOLDER", help="the tests of json-patch-tests")
    return parser


if __name__ == "__main__":
    sys.exit(main())
