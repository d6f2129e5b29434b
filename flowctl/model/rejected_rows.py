"""The errors of a run and the rows that were rejected, as a command reports them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flowctl.model.json_value import JSON
from flowctl.model.run_report import Run, RunError


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """A row: the file that has it, the codes of its errors, and its members. `values` is None if they are hidden."""

    file: str
    codes: tuple[str, ...]
    columns: tuple[str, ...]
    values: Mapping[str, JSON] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunErrors:
    """The errors of a run by code, the ones of most rows first. `folder` is where `written` rows were written to."""

    run: Run
    errors: Sequence[RunError]
    rows: Sequence[RejectedRow] = ()
    folder: str = ""
    written: int = 0
