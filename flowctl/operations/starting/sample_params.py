"""Values for the parameters of a connector in a first manifest: secrets as variables, the rest plain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from flowctl.model.json_value import JSON, JSONObject
from flowctl.specs.connector import AuthSpec, Connector
from flowctl.specs.samples import needed, needed_to_sign_in, separated, variable
from flowctl.text.writer import Substitution

TABLE: Final = "customers"
FOLDER: Final = "incoming"
CHANGED: Final = "updated_at"
"""The column that tells new rows from old ones."""
_KNOWN: Final[Mapping[str, JSON]] = {
    "tableName": TABLE,
    "path": TABLE,
    "apiVersion": "52.0",
    "port": 5432,
    "region": "us-west-2",
    "timezoneValue": "UTC",
    "timestampColumn": CHANGED,
    "resourcePath": "/customers",
}
_HOSTS: Final = ("host", "server", "domain")
_URLS: Final = ("url", "endpoint", "uri")


@dataclass(frozen=True, slots=True)
class SampleParams:
    """Parameters as a manifest writes them, and the secrets in them: environment variables by workspace variable."""

    params: JSONObject
    secrets: Mapping[str, str] = field(default_factory=dict)


def authentication(entry: Connector, spec: AuthSpec) -> SampleParams:
    """The required parameters of an authentication type."""
    params: dict[str, JSON] = {}
    secrets: dict[str, str] = {}
    for name in needed_to_sign_in(spec):
        if name in spec.secret_params:
            key = f"{_camel(entry.name)}{name[0].upper()}{name[1:]}"
            params[name] = Substitution(f"${{var:{key}}}")
            secrets[key] = variable(entry.name, name)
        else:
            params[name] = _value(name, spec.schema["properties"].get(name, {}))
    return SampleParams(params, secrets)


def source(entry: Connector) -> JSONObject:
    """The parameters of what is read: the table `customers`, or the folder `incoming`."""
    schema = entry.source_schema
    values = {name: _value(name, schema["properties"].get(name, {})) for name in needed(schema)}
    if entry.reads_files and "path" in values:
        values["path"] = f"/{FOLDER}/{TABLE}.csv"
    return values


def _value(name: str, schema: JSONObject) -> JSON:
    if schema.get("enum"):
        return schema["enum"][0]
    if name in _KNOWN:
        return _KNOWN[name]
    kind = schema.get("type")
    types = kind if isinstance(kind, list) else [kind]
    if "boolean" in types:
        return True
    if "integer" in types or "number" in types:
        return 1
    lower = name.lower()
    if any(lower.endswith(end) for end in _URLS):
        return "https://example.com"
    return "example.com" if lower in _HOSTS else f"example-{separated(name, '-').lower()}"


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(part.capitalize() for part in rest)
