"""`python -m benchmarks`: measures flowctl and prints each cost beside what it is compared with."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.against import against
from benchmarks.cold_start import cold_start
from benchmarks.figure import Figure
from benchmarks.imports import import_figures
from benchmarks.monitoring import monitoring_figures
from benchmarks.output import as_json, as_markdown, as_table
from benchmarks.run_figures import run_figures
from benchmarks.runs import Setting, measure
from benchmarks.served_platform import served_platform
from benchmarks.tofu import tofu_figures
from benchmarks.validation import validation

_PARTS = ("start", "validate", "runs", "monitoring")
_FORMATS = {"table": as_table, "markdown": as_markdown, "json": as_json}


def main() -> int:
    """Measure what the options name; exit with 1 if a promised limit is not kept."""
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="flowctl-benchmarks-") as folder:
        figures = list(_figures(options, Path(folder)))
    print(_FORMATS[options.format](figures))
    return 1 if any(figure.met is False for figure in figures) else 0


def _figures(options: argparse.Namespace, folder: Path) -> Iterator[Figure]:
    if options.against is not None:
        _tell(f"this checkout and {options.against}, in turns")
        with served_platform(latency_ms=0) as platform:
            sizes = (options.pipelines, options.pipelines * options.growth)
            yield from against(folder, options.against, platform, sizes, options.repeat)
        return
    if options.tofu:
        _tell(f"plan and apply {options.pipelines} pipelines beside OpenTofu")
        with served_platform(options.latency_ms) as platform:
            yield from tofu_figures(folder, options.pipelines, platform, options.parallelism, os.environ)
        return
    if "start" in options.parts:
        _tell("cold start")
        yield from cold_start(folder, max(options.repeat, 5) * 3)
    if "validate" in options.parts:
        _tell(f"validate {options.manifests} manifests")
        yield from validation(folder, options.manifests, options.repeat, options.check_jsonschema)
    if "runs" in options.parts:
        setting = Setting(latency_ms=options.latency_ms, parallelism=options.parallelism)
        with served_platform(options.latency_ms) as platform:
            _tell(f"plan and apply {options.pipelines} pipelines")
            small = measure(folder, options.pipelines, platform, setting, options.repeat)
            _tell(f"plan and apply {options.pipelines * options.growth} pipelines")
            large = measure(folder, options.pipelines * options.growth, platform, setting, options.repeat)
            _tell(f"import {options.pipelines * options.growth} flows")
            imported = list(import_figures(folder, options.pipelines * options.growth, platform, setting))
        yield from run_figures(small, large, setting)
        yield from imported
    if "monitoring" in options.parts:
        setting, pipelines = Setting(latency_ms=options.latency_ms, parallelism=options.parallelism), options.pipelines
        with served_platform(options.latency_ms) as platform:
            _tell(f"status and runs of {pipelines * options.growth} pipelines")
            yield from monitoring_figures(folder, pipelines * options.growth, platform, setting, options.repeat)


def _tell(what: str) -> None:
    print(f"measuring: {what}", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=_PARTS, default=_PARTS, help="what to measure (everything)")
    parser.add_argument("--pipelines", type=int, default=200, help="pipelines of the smaller workspace (200)")
    parser.add_argument("--growth", type=int, default=5, help="how many times larger the larger one is (5)")
    parser.add_argument("--manifests", type=int, default=1000, help="manifests that are validated (1000)")
    parser.add_argument("--latency-ms", type=int, default=50, help="how long the platform waits with a reply (50)")
    parser.add_argument("--parallelism", type=int, default=10, help="requests at once (10)")
    parser.add_argument("--repeat", type=int, default=3, help="runs of which the median counts (3)")
    parser.add_argument("--check-jsonschema", metavar="PROGRAM", help="where check-jsonschema is installed")
    parser.add_argument(
        "--against", type=Path, metavar="CHECKOUT", help="measure another checkout of flowctl beside this one instead"
    )
    parser.add_argument(
        "--tofu", action="store_true", help="measure OpenTofu or Terraform with a REST provider beside flowctl instead"
    )
    parser.add_argument("--format", choices=tuple(_FORMATS), default="table", help="how the figures are printed")
    return parser


if __name__ == "__main__":
    sys.exit(main())
