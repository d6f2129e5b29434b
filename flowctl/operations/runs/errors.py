"""The errors of a run: counts by code first. Rows of customers are read only if they are asked for."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from flowctl.engine.observe.rejected_rows import rejected_rows
from flowctl.kinds.rejected_rows import DAYS_KEPT, codes_of
from flowctl.kinds.run_error_codes import explained
from flowctl.model.errors import ManifestError, PlatformError
from flowctl.model.rejected_rows import RejectedRow, RunErrors
from flowctl.model.run_report import Run, RunError
from flowctl.operations.runs.listing import platform_now, require_run
from flowctl.operations.session import Session

_ERRORS: Final = "_errors"
_DAY: Final = 86_400_000


def run_errors(session: Session, run_id: str, *, sample: int, values: bool, out: Path | None) -> RunErrors:
    """The errors of a run, with `sample` of its rejected rows, whose values are shown only with `values`.

    `out` is a folder for all rejected rows. Raises PlatformError for an unknown run, or rows that are not kept;
    ManifestError for a folder that cannot be used.
    """
    run = require_run(session, run_id)
    errors = sorted(run.errors, key=lambda error: -(error.records or 0))
    if not sample and out is None:
        return RunErrors(run=run, errors=errors)
    files = _files(session, run)
    if out is None:
        return RunErrors(run=run, errors=errors, rows=_sampled(files, sample, values=values))
    kept: list[RejectedRow] = []
    counts: Counter[str] = Counter()
    written = 0
    _make_folder(out)
    for name, rows in files:
        _write(out / name, rows)
        written += len(rows)
        counts.update(code for row in rows for code in codes_of(row))
        kept += _sampled(iter([(name, rows)]), sample - len(kept), values=values)
    return RunErrors(run=run, errors=_counted(errors, counts), rows=kept, folder=str(out), written=written)


def _files(session: Session, run: Run) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """The files of all batches of a run. Raises PlatformError, at the first one, if there are none."""
    found = (file for batch in run.batches for file in rejected_rows(batch, session.send))
    first = next(found, None)
    if first is None:
        raise _no_rows(session, run)
    return (each for part in ([first], found) for each in part)


def _no_rows(session: Session, run: Run) -> PlatformError:
    ended = run.completed_at or run.begun or 0
    if platform_now(session) - ended > DAYS_KEPT * _DAY:
        why, hint = (
            f"they are kept for {DAYS_KEPT} days",
            "Leave out `--out` and `--sample` to see the codes.",
        )
    elif not run.batches or not run.records.failed:
        why, hint = "it rejected no rows", "Run `flowctl runs show` to see its errors."
    else:
        why = "the dataflow keeps no rejected rows"
        hint = "Set `options.errorDiagnosticsEnabled: true` in the manifest and apply, for the next runs."
    return PlatformError.because("no-rejected-rows", f"there are no rejected rows of run {run.id}: {why}", hint=hint)


def _sampled(files: Iterator[tuple[str, list[Mapping[str, Any]]]], sample: int, *, values: bool) -> list[RejectedRow]:
    found: list[RejectedRow] = []
    for name, rows in files:
        for row in rows:
            if len(found) >= sample:
                return found
            columns = tuple(column for column in row if column != _ERRORS)
            shown = dict(row) if values else None
            found.append(RejectedRow(file=name, codes=tuple(codes_of(row)), columns=columns, values=shown))
    return found


def _counted(errors: list[RunError], counts: Counter[str]) -> list[RunError]:
    """The errors with the numbers of rows that were counted, and codes that only rows have."""
    known = {error.code for error in errors}
    more = [_row_error(code) for code in counts if code not in known]
    found = [replace(each, records=counts.get(each.code, each.records)) for each in (*errors, *more)]
    return sorted(found, key=lambda error: -(error.records or 0))


def _row_error(code: str) -> RunError:
    meaning = explained(code)
    if meaning is None:
        return RunError(code=code, message="")
    return RunError(code=code, message=meaning.cause, cause=meaning.cause, cure=meaning.cure, source=meaning.source)


def _make_folder(folder: Path) -> None:
    """Make a folder that only its owner may read; one that is there has to be empty."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise ManifestError.because(
                "rows-folder", f"the folder {folder} is not empty", hint="Use a new folder for `--out`."
            )
        folder.chmod(0o700)
    except OSError as error:
        raise ManifestError.because(
            "rows-folder",
            f"the folder {folder} cannot be used: {error.strerror or error}",
            hint="Use a new folder for `--out`.",
        ) from error


def _write(file: Path, rows: list[Mapping[str, Any]]) -> None:
    try:
        with file.open("x", encoding="utf-8") as out:
            file.chmod(0o600)
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    except OSError as error:
        raise ManifestError.because(
            "rows-folder",
            f"the file {file} cannot be written: {error.strerror or error}",
            hint="Free disk space, or use another folder for `--out`.",
        ) from error
