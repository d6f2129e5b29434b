"""A workspace with one pipeline for each connector, whose parameters are all that the catalogue describes."""

import json
from typing import Any

from surroundings import SCHEMAS, Workspace

_VALUES = {"path": "/in/people", "folderPath": "in/people", "connectionString": "Server=db"}


def connectors() -> list[dict[str, Any]]:
    """The catalogue's entries, as they are written."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((SCHEMAS / "connectors").glob("*.json"))]


def write_all(workspace: Workspace) -> None:
    """Writes a connection and a pipeline for each connector, on one schema."""
    for folder in ("connections", "pipelines", "datasets"):
        for path in (workspace.root / folder).glob("*.yaml"):
            path.unlink()
    for entry in connectors():
        for document in _documents(entry):
            folder = "connections" if document["kind"] == "Connection" else "pipelines"
            workspace.write(f"{folder}/{entry['name']}.yaml", json.dumps(document, indent=2))


def _documents(entry: dict[str, Any]) -> list[dict[str, Any]]:
    name, spec = entry["name"], entry["connectionSpec"]
    source: dict[str, Any] = {"connector": name}
    params = _filled(spec["sourceSpec"]["spec"])
    if params:
        source["params"] = params
    documents = []
    if entry["baseConnection"]:
        auth = spec["authSpec"][0]
        source["connection"] = name
        documents.append(
            {
                "apiVersion": "flowctl/v1",
                "kind": "Connection",
                "metadata": {"name": name},
                "connector": name,
                "auth": {"specName": auth["name"], "params": _filled(auth["spec"])},
            }
        )
    pipeline = {
        "apiVersion": "flowctl/v1",
        "kind": "Pipeline",
        "metadata": {"name": name},
        "source": source,
        "dataset": {"title": name, "schema": "customer"},
        "mappings": [{"source": "id", "destination": "_id"}],
    }
    flow_spec = json.loads((SCHEMAS / "flow_specs" / f"{entry['flowSpec'].replace(' ', '-')}.json").read_text())
    if flow_spec.get("scheduleSpec"):
        pipeline["schedule"] = {"startTime": 1796083200, "frequency": "hour", "interval": 24, "backfill": False}
    return [*documents, pipeline]


def _filled(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(name, member) for name, member in schema.get("properties", {}).items()}


def _value(name: str, schema: dict[str, Any]) -> Any:
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "enum" in schema:
        return schema["enum"][0]
    if name == "timezoneValue":
        return "UTC"
    if name == "columns":
        return [{"name": "id", "type": "string"}, {"name": "01", "type": "string"}]
    if "boolean" in types:
        return True
    if "integer" in types:
        return 24
    if types == ["object"]:
        return {"type": "PQL"}
    return _VALUES.get(name, f"{name} value")
