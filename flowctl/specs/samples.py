"""Manifests to copy for each connector, and what its parameters are: made from the catalogue."""

import re
from collections.abc import Iterator

from flowctl.model.catalogue_report import Parameter
from flowctl.model.json_value import JSONObject
from flowctl.specs.catalogue import AuthSpec, Connector


def connection_manifest(entry: Connector, spec: AuthSpec, *, note: str = "") -> str:
    """A Connection document with the required parameters; `note` is a comment behind the authentication type."""
    required = spec.schema.get("required") or list(spec.schema.get("properties", {}))
    params = [f"    {name}: {_example(entry, name, spec)}" for name in required]
    mark = f" # {note}" if note else ""
    return "\n".join(
        (
            "apiVersion: flowctl/v1",
            "kind: Connection",
            f"metadata: {{name: my-{entry.name}}}",
            f"connector: {entry.name}",
            "auth:",
            f'  specName: "{spec.name}"{mark}' if ":" in spec.name else f"  specName: {spec.name}{mark}",
            *(["  params:", *params] if params else ["  params: {}"]),
        )
    )


def source_part(entry: Connector) -> str:
    """The part of a Pipeline document that reads from a connector."""
    lines = ["source:", f"  connection: my-{entry.name}" if entry.auth_specs else f"  connector: {entry.name}"]
    if entry.formats:
        lines.append(f"  data: {{format: {entry.formats[0]}}}")
    names = entry.source_schema.get("required") or _first_choice(entry.source_schema)
    if names:
        lines.append("  params: {" + ", ".join(f"{name}: ..." for name in names) + "}")
    return "\n".join(lines)


def parameters(schema: JSONObject, secrets: frozenset[str] = frozenset()) -> Iterator[Parameter]:
    """The parameters that a schema describes."""
    required = set(schema.get("required", ()))
    alternatives = {name for branch in schema.get("anyOf", ()) for name in branch.get("required", ())}
    for name, member in schema.get("properties", {}).items():
        need = "required" if name in required else "one of these" if name in alternatives else ""
        yield Parameter(name=name, need=need, secret=name in secrets, meaning=str(member.get("description", "")))


def variable(connector: str, param: str) -> str:
    """The environment variable of a secret in samples: `HUBSPOT_CLIENT_SECRET`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", f"{connector.replace('-', '_')}_{param}").upper()


def _first_choice(schema: JSONObject) -> list[str]:
    """The keys of the first alternative, if the schema asks for one of several."""
    return next((list(branch["required"]) for branch in schema.get("anyOf", ()) if branch.get("required")), [])


def _example(entry: Connector, param: str, spec: AuthSpec) -> str:
    if param in spec.secret_params:
        return "${env:" + variable(entry.name, param) + "}"
    member = spec.schema["properties"].get(param, {})
    if member.get("enum"):
        return str(member["enum"][0])
    kind = member.get("type")
    return {"boolean": "true", "integer": "1", "number": "1"}.get(str(kind), "...")
