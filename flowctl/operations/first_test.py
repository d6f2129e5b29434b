"""A first mapping test, written from a sample file: some rows with their records, and a snapshot of all."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.index import named
from flowctl.model.errors import ManifestError
from flowctl.model.mapping_report import MappedRow, MappingTests
from flowctl.operations.mapping_tests import TEST
from flowctl.operations.preview import file_sample, unwritable
from flowctl.preview.columns import reads_any
from flowctl.preview.comparison import leaves
from flowctl.preview.mapper import frozen, mapper
from flowctl.text.composing import read_composed
from flowctl.text.substitution import expander
from flowctl.text.written import written

_ROWS: Final = 3
"""Rows of which the test has a case each."""


def record_test(manifests: Manifests, pipeline: Document, sample: Path, *, root: Path) -> MappingTests:
    """Write `SAMPLE.test.yaml` beside a sample. Raises ManifestError if the sample is unusable, or a test exists.

    Its snapshot is written by the first `flowctl test --update`.
    """
    path = sample.with_name(f"{sample.name.partition('.')[0]}.test.yaml")
    now = datetime.now(UTC).replace(microsecond=0)
    name = _free_name(f"{pipeline.name}-sample", manifests)
    mapping = mapper(pipeline, named(manifests.documents), manifests.pulled, frozen(now, name))
    found = file_sample(sample, str(sample), pipeline).rows
    rows = [mapping.run(number, row.values) for number, row in enumerate(islice(found, _ROWS), 1) if not row.fault]
    if rows and not any(reads_any(mapping.mappings, row.source) for row in rows):
        raise ManifestError.because(
            "no-sample",
            f"{sample} has no column that the mappings of {pipeline.name} read",
            hint="Use another sample file, or correct the delimiter in `source.data.properties`.",
        )
    if not rows:
        raise ManifestError.because(
            "no-sample", f"{sample} has no row that can be read", hint="Use a sample file with rows."
        )
    text = "\n".join(_lines(name, pipeline.name, now, [row for row in rows if _is_writable(row)], sample))
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text + "\n")
    except FileExistsError as error:
        raise ManifestError.because(
            "output-taken", f"{path} already exists", hint="Move it away, or edit it instead."
        ) from error
    except OSError as error:
        raise unwritable(path, error) from error
    shown = path.resolve()
    inside = shown.is_relative_to(root.resolve())
    told = shown.relative_to(root.resolve()).as_posix() if inside else str(path)
    return MappingTests(cases=(), written=(told,), first=name)


def _free_name(wanted: str, manifests: Manifests) -> str:
    taken = {document.name for document in manifests.documents if document.kind == TEST}
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def _is_writable(row: MappedRow) -> bool:
    """Whether YAML has each value of a row: it has no half of a character, and no number beyond 64 bits."""
    cell = {"source": row.source, "record": row.record}
    reading = read_composed(f"- {written(cell)}\n", expander({}, {}))
    return not reading.problems and [each.value for each in reading.documents] == [[cell]]


def _lines(name: str, pipeline: str, now: datetime, rows: Sequence[MappedRow], sample: Path) -> Iterator[str]:
    yield "apiVersion: flowctl/v1"
    yield f"kind: {TEST}"
    yield f"metadata: {{name: {name}}}"
    yield f"pipeline: {pipeline}"
    yield f"now: {now:%Y-%m-%dT%H:%M:%SZ}"
    yield "cases:"
    for row in rows:
        yield f"  - name: row {row.row}"
        yield f"    given: {written(row.source)}"
        expected = dict(leaves(row.record, is_record=True))
        yield "    exactly:" if expected else "    exactly: {}"
        yield from (f"      {written(path)}: {written(value)}" for path, value in expected.items())
        if row.errors:
            yield "    warnings:"
            for error in row.errors:
                yield f"      - {written({'destination': error.destination, 'code': error.code})}"
        yield f"    rejected: {'true' if row.is_rejected else 'false'}"
    yield "  - name: sample"
    yield f"    rows: {written(sample.name)}"
    yield f"    snapshot: {written(sample.name.partition('.')[0] + '.xdm.ndjson')}"
