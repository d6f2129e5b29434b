"""What a row becomes: a record, or the errors for which ingestion rejects it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from flowctl.emulator.ingestion.row_error import MAPPER, MISSING, Errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from flowctl.dataprep.mapping import Mapping as Compilable
    from flowctl.xdm.fields import Field

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_KINDS: Final[Mapping[str, Literal["ATTRIBUTE", "EXPRESSION", "STATIC"]]] = {
    "text/x.schema-path": "ATTRIBUTE",
    "text/x.aep-xl": "EXPRESSION",
    "text/plain": "STATIC",
}


@dataclass(frozen=True, slots=True)
class Mapped:
    """The record of a row, and why it is rejected; `errors` is empty for a record that is ingested."""

    record: Mapping[str, Any]
    errors: Errors


def compilable(mapping: Mapping[str, Any], schema: Field) -> Compilable:
    """Return a mapping as the mapping language takes it."""
    from flowctl.dataprep.mapping import Mapping
    from flowctl.dataprep.problem import Problem
    from flowctl.emulator.services.data_prep.destinations import destination_node, destination_problem
    from flowctl.xdm.destinations import place_in_record

    destination = mapping["destination"]
    problem = destination_problem(destination, schema)
    field = {} if problem else destination_node(destination, schema)
    found = None if problem is None else Problem("destination-unknown", problem)
    return Mapping(_KINDS[mapping["sourceType"]], mapping["source"], place_in_record(destination), field, found)


def row_mapper(
    mapping_set: Mapping[str, Any] | None, schema: Field, now_ms: Callable[[], int]
) -> Callable[[Mapping[str, Any]], Mapped]:
    """Return what maps a row and checks its record. Without a mapping set a row is its own record."""
    from flowctl.dataprep.mapping import compile_mappings
    from flowctl.dataprep.runtime import Runtime
    from flowctl.xdm.conformance import rules_of

    rules = rules_of(schema)
    if mapping_set is None:
        return lambda row: Mapped(row, _errors(rules(row), ()))
    runtime = Runtime(now=lambda: _EPOCH + timedelta(milliseconds=now_ms()))
    mappings = [compilable(mapping, schema) for mapping in mapping_set["mappings"]]
    compiled = compile_mappings(mappings, nulls=mapping_set["allowNullValues"], runtime=runtime)

    def run(row: Mapping[str, Any]) -> Mapped:
        mapped = compiled(row)
        misfits = rules(mapped.data)
        return Mapped(mapped.data, _errors(misfits, mapped.problems.values()) if misfits else [])

    return run


def _errors(misfits: Sequence[Any], problems: Any) -> Errors:
    """Return the errors of a rejected row: what does not fit the schema, and the mappings that failed."""
    found = [
        {"code": MISSING, "message": f"Required field missing: {misfit.message}"}
        if misfit.code == "required-missing"
        else {"code": MAPPER, "message": f"Mapper Transform Error: {misfit.message}"}
        for misfit in misfits
    ]
    failed = [{"code": MAPPER, "message": f"Mapper Transform Error: {problem}"} for problem in problems]
    return [*found, *failed] if found else []
