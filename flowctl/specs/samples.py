"""Manifests to copy for each connector, and what its parameters are: made from the catalogue."""

import re
from collections.abc import Iterator

from flowctl.model.catalogue_report import Parameter
from flowctl.model.json_value import JSONObject
from flowctl.specs.connector import AuthSpec, Connector
from flowctl.specs.flow_specs import pinned
from flowctl.specs.permitted import permitted, permitted_words


def connection_manifest(entry: Connector, spec: AuthSpec, *, note: str = "") -> str:
    """A Connection document with the required parameters; `note` is a comment behind the authentication type."""
    params = [f"    {name}: {_example(entry, name, spec)}" for name in needed_to_sign_in(spec)]
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
    names = needed(entry.source_schema)
    if names:
        lines.append("  params: {" + ", ".join(f"{name}: ..." for name in names) + "}")
    return "\n".join(lines)


def pipeline_manifest(entry: Connector) -> str:
    """A Pipeline document that reads from a connector; `...` stands for what only its user knows."""
    flow_spec = pinned(entry.flow_spec)
    lines = [
        "apiVersion: flowctl/v1",
        "kind: Pipeline",
        f"metadata: {{name: my-{entry.name}-data}}",
        source_part(entry),
        f"dataset: {{title: Data from {entry.title}, schema: ...}}",
        "mappings:",
        "  - {source: ..., destination: ...}",
    ]
    if entry.source_type == "Table":
        lines.append("incremental: {column: ...}")
    if flow_spec is not None and flow_spec.schedule_schema is not None:
        lines.append("schedule: {startTime: 2027-01-01T00:00:00Z, frequency: day, interval: 1}")
    return "\n".join(lines)


def parameters(schema: JSONObject, secrets: frozenset[str] = frozenset()) -> Iterator[Parameter]:
    """The parameters that a schema describes."""
    required = set(schema.get("required", ()))
    alternatives = {name for branch in schema.get("anyOf", ()) for name in branch.get("required", ())}
    for name, member in schema.get("properties", {}).items():
        need = "required" if name in required else "one of these" if name in alternatives else ""
        known = permitted(member)
        yield Parameter(
            name=name,
            need=need,
            secret=name in secrets,
            meaning=str(member.get("description", "")),
            permitted=known,
            limits=permitted_words(known),
        )


def variable(connector: str, param: str) -> str:
    """The environment variable of a secret in samples: `HUBSPOT_CLIENT_SECRET`."""
    return separated(f"{connector.replace('-', '_')}_{param}", "_").upper()


def separated(name: str, sign: str) -> str:
    """The words of a parameter's name with a separator between: `s3-Access-Key` for `s3AccessKey`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", sign, name)


def needed(schema: JSONObject) -> list[str]:
    """The parameters that a schema requires, or the first choice if it asks for one of several."""
    choices = (list(branch["required"]) for branch in schema.get("anyOf", ()) if branch.get("required"))
    return list(schema.get("required") or next(choices, ()))


def needed_to_sign_in(spec: AuthSpec) -> list[str]:
    """The parameters of an authentication type that a first manifest has; all if none is said to be required."""
    return needed(spec.schema) or list(spec.schema.get("properties", {}))


def _example(entry: Connector, param: str, spec: AuthSpec) -> str:
    if param in spec.secret_params:
        return "${env:" + variable(entry.name, param) + "}"
    member = spec.schema["properties"].get(param, {})
    if member.get("enum"):
        return str(member["enum"][0])
    kind = member.get("type")
    return {"boolean": "true", "integer": "1", "number": "1"}.get(str(kind), "...")
