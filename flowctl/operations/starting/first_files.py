"""The files of a first workspace: one pipeline from a connector to a dataset, with its schema, a test and samples."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from flowctl.model.json_value import JSON
from flowctl.operations.starting.sample_params import CHANGED, FOLDER, TABLE, authentication, source
from flowctl.specs.connector import Connector
from flowctl.specs.flow_specs import pinned
from flowctl.text.writer import Substitution, document_text

SCHEMAS: Final = ".schemas"
"""The folder with the JSON Schemas for editors."""
_HEAD: Final = {"apiVersion": "flowctl/v1"}
_SCHEMA: Final = "customer"
_SECRET: Final = "local-example"
_IGNORED: Final = ".flowctl/\n*.lock.journal\nflowctl.local.lock\n"
_ROWS: Final = """\
id,email,first_name,updated_at
7,Ana@Example.COM,Ana,2026-01-31T09:00:00Z
8,ben@example.com,Ben,2026-02-01T10:30:00Z
"""
_DEV: Final[dict[str, JSON]] = {
    "endpoint": "https://platform.adobe.io",
    "organization": Substitution("${env:AEP_ORG_ID}"),
    "sandbox": "dev",
    "auth": {
        "clientId": Substitution("${env:AEP_CLIENT_ID}"),
        "clientSecret": Substitution("${env:AEP_CLIENT_SECRET}"),
    },
}


def first_files(entry: Connector, today: date) -> Iterator[tuple[str, str]]:
    """The path and the text of each file. `today` is in UTC: the first run of a schedule is at midnight after it."""
    name = entry.name
    pipeline = f"{name}-{TABLE}"
    yield "flowctl.yaml", _workspace(entry)
    yield ".gitignore", _IGNORED
    if entry.auth_specs:
        yield f"connections/{name}.yaml", _manifest(_connection(entry))
    yield f"schemas/{_SCHEMA}.yaml", _manifest(_schema())
    yield f"pipelines/{pipeline}.yaml", _manifest(_pipeline(entry, pipeline, today), _about_schedule(entry))
    yield f"tests/{pipeline}.yaml", _manifest(_test(pipeline))
    if _has_sample(entry):
        yield f"sources/{name}/{_sample_path(entry)}", _ROWS


def started_pipeline(entry: Connector) -> str:
    """The pipeline of the workspace if its runs can be started, otherwise empty."""
    return f"{entry.name}-{TABLE}" if _is_scheduled(entry) else ""


def explored_connection(entry: Connector) -> str:
    """The connection whose sample can be explored; empty if there is none."""
    return entry.name if entry.auth_specs and _has_sample(entry) else ""


def _manifest(document: dict[str, JSON], comments: Iterable[str] = ()) -> str:
    return document_text(document, [f"yaml-language-server: $schema=../{SCHEMAS}/manifest.schema.json", *comments])


def _about_schedule(entry: Connector) -> Iterator[str]:
    if _is_scheduled(entry):
        yield "It runs once, when you start it: flowctl runs start. Every hour: {frequency: hour, interval: 1}."


def _workspace(entry: Connector) -> str:
    secrets = authentication(entry, entry.auth_specs[0]).secrets if entry.auth_specs else {}
    local: dict[str, JSON] = {}
    dev = dict(_DEV)
    if secrets:
        local["variables"] = dict.fromkeys(secrets, _SECRET)
        dev["variables"] = {key: Substitution(f"${{env:{variable}}}") for key, variable in secrets.items()}
    if _has_sample(entry):
        local["sources"] = {entry.name: f"sources/{entry.name}"}
    document: dict[str, JSON] = {
        **_HEAD,
        "kind": "Workspace",
        "manifests": ["connections", "schemas", "pipelines", "tests"],
        "defaultEnvironment": "local",
        "environments": {"local": local, "dev": dev},
    }
    if not entry.auth_specs:
        document["manifests"] = ["schemas", "pipelines", "tests"]
    return document_text(
        document,
        [
            f"yaml-language-server: $schema={SCHEMAS}/workspace.schema.json",
            "local is the emulator: no account, no network. dev is a sandbox of yours: set the variables that it has.",
        ],
    )


def _connection(entry: Connector) -> dict[str, JSON]:
    spec = entry.auth_specs[0]
    params = authentication(entry, spec).params
    return {
        **_HEAD,
        "kind": "Connection",
        "metadata": {"name": entry.name},
        "title": entry.title,
        "connector": entry.name,
        "auth": {"specName": spec.name, "params": params},
    }


def _schema() -> dict[str, JSON]:
    return {
        **_HEAD,
        "kind": "Schema",
        "metadata": {"name": _SCHEMA},
        "title": "Customer",
        "class": "https://ns.adobe.com/xdm/context/profile",
        "fieldGroups": [
            "https://ns.adobe.com/xdm/context/profile-person-details",
            "https://ns.adobe.com/xdm/context/profile-personal-details",
        ],
    }


def _pipeline(entry: Connector, name: str, today: date) -> dict[str, JSON]:
    read: dict[str, JSON] = {"connection": entry.name} if entry.auth_specs else {"connector": entry.name}
    if entry.formats and not entry.auth_specs:
        read["data"] = {"format": entry.formats[0]}
    params = source(entry)
    if params:
        read["params"] = params
    document: dict[str, JSON] = {
        **_HEAD,
        "kind": "Pipeline",
        "metadata": {"name": name},
        "source": read,
        "dataset": {"title": f"Customers from {entry.title}", "schema": _SCHEMA},
        "mappings": [
            {"source": "id", "destination": "_id"},
            {"source": "first_name", "destination": "person.name.firstName"},
            {"expression": "lower(email)", "destination": "personalEmail.address"},
        ],
    }
    if entry.source_type == "Table":
        document["incremental"] = {"column": CHANGED}
    if _is_scheduled(entry):
        midnight = datetime.combine(today + timedelta(days=1), time(), UTC)
        document["options"] = {"errorDiagnosticsEnabled": True}
        document["schedule"] = {"startTime": midnight.strftime("%Y-%m-%dT%H:%M:%SZ"), "frequency": "once"}
    return document


def _is_scheduled(entry: Connector) -> bool:
    spec = pinned(entry.flow_spec)
    return spec is not None and spec.schedule_schema is not None


def _test(pipeline: str) -> dict[str, JSON]:
    return {
        **_HEAD,
        "kind": "MappingTest",
        "metadata": {"name": pipeline},
        "pipeline": pipeline,
        "cases": [
            {
                "name": "an address is written in lower case",
                "given": {"id": "7", "first_name": "Ana", "email": "Ana@Example.COM"},
                "expect": {"_id": "7", "person.name.firstName": "Ana", "personalEmail.address": "ana@example.com"},
            }
        ],
    }


def _has_sample(entry: Connector) -> bool:
    return entry.source_type == "Table" or (entry.reads_files and "path" in source(entry))


def _sample_path(entry: Connector) -> str:
    return f"{FOLDER}/{TABLE}.csv" if entry.reads_files else f"{TABLE}.csv"
