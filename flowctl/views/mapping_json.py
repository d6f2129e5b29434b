"""Previews and mapping tests as JSON documents."""

from typing import Any

from flowctl.model.mapping_report import CaseEnd, MappedRow, MappingTests, PreviewedRows, RowProblem
from flowctl.views.envelope import envelope


def preview_document(data: PreviewedRows) -> dict[str, Any]:
    """The document of a preview."""
    return envelope(
        pipeline=data.pipeline,
        rows=[_row(row) for row in data.rows],
        summary={
            "read": data.read,
            "written": data.written,
            "rejected": data.rejected,
            "destinations": [
                {
                    "path": each.path,
                    "filled": each.filled,
                    "empty": each.empty,
                    "errors": each.errors,
                    "firstBadRow": each.first[0] if each.first else None,
                }
                for each in data.destinations
            ],
            "unmapped": list(data.unmapped),
            "rejections": [
                {**_problem(each.problem), "rows": each.rows, "firstRow": each.first} for each in data.rejections
            ],
            "unchecked": list(data.unchecked),
        },
        out=data.out or None,
        masked=data.is_masked,
    )


def tests_document(data: MappingTests) -> dict[str, Any]:
    """The document of mapping tests."""
    return envelope(
        summary={"passed": len(data.cases) - data.failed, "failed": data.failed},
        tests=[_case(case) for case in data.cases],
        uncovered=[{"pipeline": pipeline, "destination": path} for pipeline, path in data.uncovered],
        written=list(data.written),
    )


def _row(row: MappedRow) -> dict[str, Any]:
    return {
        "row": row.row,
        "source": row.source,
        "record": row.record,
        "errors": [_problem(problem) for problem in row.errors],
        "rejected": row.is_rejected,
        "rejections": [_problem(problem) for problem in row.refusals],
    }


def _problem(problem: RowProblem) -> dict[str, Any]:
    return {"destination": problem.destination, "code": problem.code, "message": problem.message}


def _case(case: CaseEnd) -> dict[str, Any]:
    return {
        "name": case.test,
        "case": case.case,
        "status": "passed" if case.has_passed else "failed",
        "differences": [
            {"path": each.path, "expected": each.expected, "actual": each.actual, "note": each.note}
            for each in case.differences
        ],
        "pipeline": case.pipeline,
        "file": case.file,
        "line": case.line,
    }
