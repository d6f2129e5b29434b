"""`POST /mappingSets/validate`: a verdict for each mapping, in the order of the request, always with status 200."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from flowctl.emulator.json_text import parse
from flowctl.emulator.message import Reply
from flowctl.emulator.services.data_prep.destinations import destination_problem, schema_fields
from flowctl.emulator.services.data_prep.mapping import SOURCE_TYPES, contents

if TYPE_CHECKING:
    from flowctl.emulator.message import Call
    from flowctl.xdm.fields import Field


def validate(call: Call) -> Reply:
    """Check each destination against the resolved schema and for uniqueness, and parse each expression."""
    return Reply(body={"validationResponse": _verdicts(call, contents(call, parse(call.incoming.body)))})


def first_failure(call: Call, mapping_set: dict[str, Any]) -> str | None:
    """Return why the first mapping of a set that fails does, or None if none fails, or if nothing is to be refused.

    The documents have validation as a request of its own and say of no other request that it checks mappings.
    """
    if call.platform.settings.mappingChecks != "strict":
        return None
    errors = (verdict["errors"] for verdict in _verdicts(call, mapping_set))
    return next((str(found[0]["exception"]) for found in errors if found), None)


def _verdicts(call: Call, mapping_set: dict[str, Any]) -> list[dict[str, Any]]:
    schema = schema_fields(call, mapping_set["outputSchema"]["schemaRef"]["id"])
    uses = Counter(mapping["destination"] for mapping in mapping_set["mappings"])
    return [_verdict(mapping, schema, uses) for mapping in mapping_set["mappings"]]


def _verdict(mapping: dict[str, Any], schema: Field, uses: Counter[str]) -> dict[str, Any]:
    exception = destination_problem(mapping["destination"], schema)
    if exception is None and uses[mapping["destination"]] > 1:
        exception = f"The destination {mapping['destination']} is mapped more than once."
    if exception is None:
        exception = _source_problem(mapping)
    if exception is None:
        return {"status": "SUCCESS", "errors": None}
    error = {key: mapping[key] for key in ("destination", "source", "sourceType")}
    return {"status": "FAILED", "errors": [error | {"exception": exception}]}


def _source_problem(mapping: dict[str, Any]) -> str | None:
    # Imported here, because an emulator that starts for one plan evaluates nothing.
    from flowctl.dataprep.checks import checked
    from flowctl.dataprep.paths import steps
    from flowctl.dataprep.problem import ExpressionError

    try:
        if mapping["sourceType"] == SOURCE_TYPES["EXPRESSION"]:
            checked(mapping["source"])
        elif mapping["sourceType"] == SOURCE_TYPES["ATTRIBUTE"]:
            steps(mapping["source"])
    except ExpressionError as error:
        return str(error)
    return None
