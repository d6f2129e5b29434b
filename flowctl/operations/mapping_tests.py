"""Mapping tests: each case of the MappingTest documents, and the mappings that no case covers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.documents.mapping_test import cases, moment
from flowctl.manifest.index import Named, named
from flowctl.manifest.mapping_rows import destinations_of
from flowctl.manifest.pulled import Pulled
from flowctl.model.errors import ManifestError
from flowctl.model.json_value import JSON
from flowctl.model.mapping_report import CaseEnd, Difference, MappedRow, MappingTests
from flowctl.model.selection import Choice
from flowctl.operations.pipelines import named_document
from flowctl.operations.preview import file_sample, mapped
from flowctl.operations.snapshots import Snapshots
from flowctl.preview.comparison import exact_differences, leaves, partial_differences, value_at
from flowctl.preview.mapper import Mapper, Row, frozen, mapper
from flowctl.row_files.row import SourceRow
from flowctl.text.positions import Step
from flowctl.xdm.overlap import overlap

TEST, PIPELINE = "MappingTest", "Pipeline"
Live = Callable[[Document, Sequence[MappedRow]], Iterator[Difference]]
"""The differences between local records and those of Experience Platform."""


@dataclass(slots=True)
class _Coverage:
    """The destinations that cases cover, by pipeline."""

    covered: dict[str, set[str]] = field(default_factory=dict)

    def add(self, mapping: Mapper, paths: Sequence[str]) -> None:
        known = self.covered.setdefault(mapping.pipeline, set())
        known.update(each for each in mapping.destinations if any(overlap(each, path) for path in paths))


def chosen_tests(manifests: Manifests, names: Sequence[str], choice: Choice | None) -> list[Document]:
    """Return the tests of these names, or all; with a choice, those in it. Raises ManifestError for unknown names."""
    documents = manifests.documents
    tests = (
        [named_document(documents, TEST, name) for name in dict.fromkeys(names)]
        if names
        else [document for document in documents if document.kind == TEST]
    )
    if choice is None:
        return tests
    own = choice.names(TEST)
    return [test for test in tests if test.name in own]


def run_tests(
    manifests: Manifests,
    tests: Sequence[Document],
    pipelines: Sequence[Document],
    *,
    root: Path,
    snapshots: Snapshots,
    live: Live | None = None,
) -> MappingTests:
    """Run tests; `pipelines` are those whose mappings should be covered. Raises ManifestError for files."""
    documents = named(manifests.documents)
    coverage = _Coverage()
    ends = [
        end
        for test in tests
        for end in _ends(test, documents, manifests.pulled, root=root, files=snapshots, coverage=coverage, live=live)
    ]
    uncovered = [
        (pipeline.name, destination)
        for pipeline in pipelines
        for destination in destinations_of(pipeline)
        if destination not in coverage.covered.get(pipeline.name, ())
    ]
    return MappingTests(cases=tuple(ends), uncovered=tuple(uncovered), written=tuple(snapshots.written))


def _ends(
    test: Document,
    documents: Named,
    pulled: Pulled,
    *,
    root: Path,
    files: Snapshots,
    coverage: _Coverage,
    live: Live | None,
) -> Iterator[CaseEnd]:
    pipeline = documents[PIPELINE, test.content["pipeline"]]
    now = moment(test)
    for number, case in enumerate(cases(test)):
        # Each case has a clock and random IDs of its own, so that it gives the same alone and after others.
        mapping = mapper(pipeline, documents, pulled, frozen(now, f"{test.name}/{case['name']}"))
        with _at(test, "cases", number, "rows"):
            rows = [mapped(mapping, count, row) for count, row in enumerate(_rows(test, case, pipeline, root), 1)]
        with _at(test, "cases", number, "snapshot"):
            found = list(_differences(test, case, rows, root=root, files=files))
        if live is not None:
            found += live(pipeline, rows)
        coverage.add(mapping, list(_covered(case, rows, mapping)))
        place = test.span("cases", number)
        yield CaseEnd(
            test=test.name,
            case=str(case["name"]),
            pipeline=pipeline.name,
            file=place.file,
            line=place.line,
            differences=tuple(found),
        )


@contextmanager
def _at(test: Document, *path: Step) -> Iterator[None]:
    """Give the errors of a file the place at which the test names it."""
    try:
        yield
    except ManifestError as error:
        place = test.span(*path)
        raise ManifestError(replace(each, span=each.span or place) for each in error.diagnostics) from error


def _rows(test: Document, case: Mapping[str, JSON], pipeline: Document, root: Path) -> Iterator[SourceRow]:
    if "given" in case:
        given: Row = case["given"]
        yield SourceRow(given)
        return
    path = fixture(test, str(case["rows"]), root)
    yield from file_sample(path, str(case["rows"]), pipeline).rows


def fixture(test: Document, name: str, root: Path) -> Path:
    """Return the path of a file that a test names: beside the manifest, else in the workspace."""
    beside = (root / test.file).parent / name
    return beside if beside.exists() or not (root / name).exists() else root / name


def _differences(
    test: Document, case: Mapping[str, JSON], rows: Sequence[MappedRow], *, root: Path, files: Snapshots
) -> Iterator[Difference]:
    for row in rows:
        yield from partial_differences(case.get("expect") or {}, row)
        if "exactly" in case:
            yield from exact_differences(case["exactly"], row)
        for path in case.get("absent") or ():
            if (actual := value_at(row.record, path)) is not None:
                yield Difference(path, None, actual)
        if "warnings" in case:
            yield from _warnings(case["warnings"], row)
        if case.get("rejected", row.is_rejected) is not row.is_rejected:
            reasons = " ".join(problem.message for problem in row.refusals)
            yield Difference("rejected", case["rejected"], row.is_rejected, reasons)
    if "snapshot" in case:
        sample = fixture(test, str(case["rows"]), root) if "rows" in case else None
        folder = root if sample is not None and sample == root / case["rows"] else (root / test.file).parent
        records = [row.record for row in rows]
        yield from files.differences(folder / case["snapshot"], str(case["snapshot"]), records, sample)


def _warnings(expected: Sequence[Mapping[str, str]], row: MappedRow) -> Iterator[Difference]:
    """Yield each expected problem that did not come, and each that came and is not expected."""
    for wanted in expected:
        codes = [error.code for error in row.errors if error.destination == wanted["destination"]]
        if not codes or wanted.get("code", codes[0]) not in codes:
            found = codes[0] if codes else None
            yield Difference(f"warnings.{wanted['destination']}", wanted.get("code", "any problem"), found)
    known = {wanted["destination"] for wanted in expected}
    for error in row.errors:
        if error.destination not in known:
            yield Difference(f"warnings.{error.destination}", None, error.code, error.message)


def _covered(case: Mapping[str, JSON], rows: Sequence[MappedRow], mapping: Mapper) -> Iterator[str]:
    """Yield the places that a case looks at; a snapshot looks at every field that has a value in some row."""
    yield from (path for key in ("expect", "exactly") for path, _ in leaves(case.get(key) or {}))
    yield from case.get("absent") or ()
    yield from (wanted["destination"] for wanted in case.get("warnings") or ())
    if "snapshot" in case:
        yield from (path for path in mapping.destinations if any(_has(row, path) for row in rows))


def _has(row: MappedRow, path: str) -> bool:
    return value_at(row.record, path.replace("[*]", "[0]")) is not None
