"""`POST /mappingSets/validate`: a verdict for each mapping, in the order of the request, always with status 200."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from flowctl.emulator.json_text import parse
from flowctl.emulator.message import Reply
from flowctl.emulator.services.data_prep.destinations import destination_problem
from flowctl.emulator.services.data_prep.mapping import contents
from flowctl.emulator.services.schema_registry.resolve import resolved

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

LONGEST_EXPRESSION = 4096


def validate(call: Call) -> Reply:
    """Check the destinations against the resolved schema, and each destination's uniqueness."""
    mapping_set = contents(call, parse(call.incoming.body))
    schema_id = mapping_set["outputSchema"]["schemaRef"]["id"]
    stored = call.platform.objects.get(call.caller.scope, "schemas", schema_id)
    schema = resolved(call, stored.value()) if stored else {}
    uses = Counter(mapping["destination"] for mapping in mapping_set["mappings"])
    verdicts = [_verdict(mapping, schema, uses) for mapping in mapping_set["mappings"]]
    return Reply(body={"validationResponse": verdicts})


def _verdict(mapping: dict[str, Any], schema: dict[str, Any], uses: Counter[str]) -> dict[str, Any]:
    exception = destination_problem(mapping["destination"], schema)
    if exception is None and uses[mapping["destination"]] > 1:
        exception = f"The destination {mapping['destination']} is mapped more than once."
    if exception is None and len(mapping["source"]) > LONGEST_EXPRESSION:
        exception = f"An expression has at most {LONGEST_EXPRESSION} characters."
    if exception is None:
        return {"status": "SUCCESS", "errors": None}
    error = {key: mapping[key] for key in ("destination", "source", "sourceType")}
    return {"status": "FAILED", "errors": [error | {"exception": exception}]}
