"""`python -m benchmarks.mapping_checks`: what checks of mappings cost, and the memory of a preview of a long file."""

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.against import HERE
from benchmarks.figure import Figure, seconds
from benchmarks.output import as_table
from benchmarks.process import Cost, flowctl_of, run
from benchmarks.workspace import generate

_CHECKS_AT_MOST = 1.6
_GROWTH_AT_MOST = 1.1
_MIB = 1024 * 1024
_SOURCE = re.compile(r"source: ([\w.]+), destination: (\S+)\}")
_EXPRESSIONS = (
    "lower({0})",
    "concat({0}, '-', {0})",
    "iif({0} != null && {0} != '', trim({0}), null)",
    "upper(trim({0}))",
    "coalesce({0}, 'none')",
    "replacestr({0}, '-', '')",
    "substr({0}, 0, 5)",
)
_OF_FIELDS = {"person.birthDate": "date({0}, 'yyyy-MM-dd')", "person.gender": "decode({0}, 'm', 'male', 'female')"}
_PIPELINE = """\
apiVersion: flowctl/v1
kind: Schema
metadata: {name: person}
class: https://ns.adobe.com/xdm/context/profile
fieldGroups: [https://ns.adobe.com/xdm/context/profile-person-details]
---
apiVersion: flowctl/v1
kind: Pipeline
metadata: {name: people}
source: {connector: amazon-s3, connection: {id: c1}, data: {format: delimited}, params: {path: /in}}
dataset: {title: People, schema: person}
mappings: [{source: id, destination: _id}, {expression: upper(name), destination: person.name.firstName}]
schedule: {startTime: 2036-12-01T00:00:00Z, frequency: day, interval: 1}
"""


def checks(folder: Path, pipelines: int, other: Path | None, repeat: int) -> Iterator[Figure]:
    """The processor time of a validation whose mappings are copies, and of one whose mappings are all expressions."""
    for name, is_calculated in (("copies", False), ("expressions", True)):
        workspace = generate(folder / name, pipelines)
        if is_calculated:
            for path in workspace.manifests:
                path.write_text(_calculated(path.read_text(encoding="utf-8")), encoding="utf-8")
        sides = [HERE] if other is None else [HERE, other.resolve()]
        costs: dict[Path, list[Cost]] = {side: [] for side in sides}
        for _ in range(repeat):
            for side in sides:
                costs[side].append(run(*flowctl_of(side), "-C", str(workspace.root), "validate"))
        mine, *theirs = (min(cost.processor_seconds for cost in found) for found in costs.values())
        yield Figure(
            name=f"processor time of validate, {pipelines} pipelines with ten {name}",
            measured=seconds(mine),
            against=f"{other}: {seconds(theirs[0])}" if theirs else "nothing",
            ratio=mine / theirs[0] if theirs else None,
            limit=_CHECKS_AT_MOST if theirs else None,
        )


def memory(folder: Path, rows: int) -> Figure:
    """The peak memory of a preview of many rows, beside one of a hundredth of them."""
    root = folder / "preview"
    root.mkdir()
    (root / "flowctl.yaml").write_text("apiVersion: flowctl/v1\nkind: Workspace\n", encoding="utf-8")
    (root / "people.yaml").write_text(_PIPELINE, encoding="utf-8")
    small, large = (_preview(root, count) for count in (rows // 100, rows))
    return Figure(
        name=f"peak memory of preview, {rows} rows of CSV",
        measured=f"{large.peak_bytes / _MIB:.1f} MiB",
        against=f"{rows // 100} rows: {small.peak_bytes / _MIB:.1f} MiB",
        ratio=large.peak_bytes / small.peak_bytes,
        limit=_GROWTH_AT_MOST,
        note=f"{rows / large.processor_seconds:.0f} rows a second",
    )


def _preview(root: Path, rows: int) -> Cost:
    path = root / "rows.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("id,name\n")
        file.writelines(f"{number},Name {number}\n" for number in range(rows))
    target = root / "records.ndjson"
    return run(*flowctl_of(HERE), "-C", str(root), "preview", "people", "--input", str(path), "--out", str(target))


def _calculated(manifest: str) -> str:
    number = iter(range(len(manifest)))

    def expression(found: re.Match[str]) -> str:
        destination = found[2].strip('"')
        form = _OF_FIELDS.get(destination, _EXPRESSIONS[next(number) % len(_EXPRESSIONS)])
        return f'expression: "{form.format(found[1])}", destination: {found[2]}}}'

    return _SOURCE.sub(expression, manifest)


def main() -> int:
    """Print the figures; exit with 1 if a promised limit is not kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mapping_checks", description=__doc__)
    parser.add_argument("--pipelines", type=int, default=1000, help="pipelines that are validated (1000)")
    parser.add_argument("--rows", type=int, default=2_000_000, help="rows of the longer preview (2000000)")
    parser.add_argument("--against", type=Path, metavar="CHECKOUT", help="another checkout to compare with")
    parser.add_argument("--repeat", type=int, default=3, help="runs of a validation of which the best counts (3)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="flowctl-benchmarks-") as folder:
        figures = [*checks(Path(folder), options.pipelines, options.against, options.repeat)]
        figures.append(memory(Path(folder), options.rows))
    print(as_table(figures))
    return 1 if any(figure.met is False for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
