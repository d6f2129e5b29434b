"""A quick yes from a spec's schema, so that a valid manifest never waits for the general validator to be imported."""

from collections.abc import Callable

from flowctl.model.json_value import JSON, JSONObject
from flowctl.validation.compile import Accepts, UnknownKeyword, compiled

_compiled: dict[int, tuple[JSONObject, Accepts]] = {}


def accepted(schema: JSONObject | None, value: JSON) -> bool:
    """Whether the schema surely accepts the value; false where it does not, or where this cannot tell."""
    if schema is None:
        return False
    known = _compiled.get(id(schema))
    if known is None or known[0] is not schema:  # the schema is held, so that its id is not given to another
        _compiled[id(schema)] = known = (schema, _compile(schema))
    return known[1](value)


def _compile(schema: JSONObject) -> Callable[[JSON], bool]:
    try:
        return compiled(schema)
    except UnknownKeyword:
        return lambda _: False
