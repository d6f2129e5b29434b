"""Words that flowctl itself writes in results: scripts look for them, and no secret changes them."""

from collections.abc import Iterator
from functools import cache
from typing import Any


@cache
def own_words() -> frozenset[str]:
    """Diagnostic codes, kinds, actions, reasons, states of steps, and names of members of plans."""
    import json

    from flowctl.kinds.registry import KINDS
    from flowctl.model.change import Action, Reason
    from flowctl.model.codes import CODES
    from flowctl.model.report import StepStatus
    from flowctl.specs.files import schemas_dir

    plan = json.loads((schemas_dir() / "plan.schema.json").read_text(encoding="utf-8"))
    return frozenset({*CODES, *KINDS, *Action, *Reason, *StepStatus, *_members(plan)})


def _members(schema: Any) -> Iterator[str]:
    """The names of the members that a JSON Schema describes, at every depth."""
    if isinstance(schema, dict):
        yield from schema.get("properties", ())
        for part in schema.values():
            yield from _members(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _members(part)
