"""Values for the parameters of a page, of the type that the catalogue describes."""

from collections.abc import Mapping
from typing import Any

from flowctl.specs.catalogue import connector
from flowctl.specs.connector import Connector

_KNOWN: Mapping[str, Any] = {
    "path": "/in/people.csv",
    "type": "file",
    "columns": [{"name": "id", "type": "string"}, {"name": "updated_at", "type": "date"}],
    "timezoneValue": "UTC",
}


def known(name: str) -> Connector:
    """The connector of this name, which has to exist."""
    found = connector(name)
    assert found is not None, name
    return found


def auth_params(name: str, spec_name: str, params: str) -> dict[str, Any]:
    """Values for the parameters that a page sends to sign in."""
    spec = known(name).auth_spec(spec_name)
    described = spec.schema["properties"] if spec else {}
    return {param: value(param, described.get(param, {})) for param in params.split()}


def source_params(name: str, params: str) -> dict[str, Any]:
    """Values for the parameters with which a page reads."""
    described = known(name).source_schema["properties"]
    return {param: _KNOWN.get(param, value(param, described.get(param, {}))) for param in params.split()}


def value(name: str, schema: Mapping[str, Any]) -> Any:
    """A value that the schema of a parameter accepts."""
    if schema.get("enum"):
        return schema["enum"][0]
    types = schema.get("type", "string")
    first = types if isinstance(types, str) else types[0]
    if first == "array":
        return [f"a-{name}"]
    return {"boolean": True, "integer": 443, "number": 1, "object": {}}.get(first, f"a-{name}")
