"""Generated workspaces: N pipelines in a realistic mix, the same files for the same N."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.manifest_text import as_yaml

ENVIRONMENT = "bench"
_SOURCES = ("postgresql", "amazon-s3", "shopify", "generic-rest")
_PIPELINES_PER_CONNECTION = 10
_PIPELINES_PER_SCHEMA = 20
_PIPELINES_PER_SHARED_DATASET = 5
_MAPPINGS: tuple[tuple[str, str], ...] = (
    ("id", "_id"),
    ("first_name", "person.name.firstName"),
    ("last_name", "person.name.lastName"),
    ("full_name", "person.name.fullName"),
    ("born_on", "person.birthDate"),
    ("gender", "person.gender"),
    ("phone", "mobilePhone.number"),
    ("city", "homeAddress.city"),
    ("postcode", "homeAddress.postalCode"),
    ("email", "personalEmail.address"),
)
_AUTHENTICATION: Mapping[str, Mapping[str, Any]] = {
    "postgresql": {
        "specName": "Connection String Based Authentication",
        "params": {"connectionString": "${var:connectionString}"},
    },
    "amazon-s3": {
        "specName": "Access Key",
        "params": {"s3AccessKey": "example", "s3SecretKey": "${var:s3SecretKey}"},
    },
    "shopify": {
        "specName": "Basic Authentication",
        "params": {"host": "example.myshopify.com", "accessToken": "${var:accessToken}"},
    },
    "generic-rest": {
        "specName": "Basic Authentication",
        "params": {"host": "https://api.example.com", "username": "reader", "password": "${var:password}"},
    },
}
_TABLES = ("postgresql", "shopify")
_CHANGED = "updated_at"
_INCREMENTAL = {"column": _CHANGED, "dateFormat": "yyyy-MM-dd HH:mm:ss", "timezone": "UTC"}
_SCHEDULE = {"startTime": "2036-12-01T00:00:00Z", "interval": 1, "backfill": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A workspace on disk. `resources` counts what it declares on the platform."""

    root: Path
    pipelines: int
    manifests: tuple[Path, ...]
    resources: int

    @property
    def lockfile(self) -> Path:
        """The lockfile of the one environment."""
        return self.root / f"flowctl.{ENVIRONMENT}.lock"


def generate(root: Path, pipelines: int, endpoint: str = "http://127.0.0.1:9") -> Generated:
    """Write a workspace of N pipelines, one document a file, whose environment is the platform at `endpoint`."""
    root.mkdir(parents=True)
    (root / "flowctl.yaml").write_text(as_yaml(_workspace(endpoint)), encoding="utf-8")
    manifests = []
    resources = 0
    for folder, name, document in _documents(pipelines):
        path = root / folder / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(as_yaml({"apiVersion": "flowctl/v1", **document}), encoding="utf-8")
        manifests.append(path)
        resources += (5 if isinstance(document["dataset"], dict) else 4) if folder == "pipelines" else 1
    return Generated(root=root, pipelines=pipelines, manifests=tuple(manifests), resources=resources)


def _workspace(endpoint: str) -> dict[str, Any]:
    secrets = ("connectionString", "s3SecretKey", "accessToken", "password")
    return {
        "apiVersion": "flowctl/v1",
        "kind": "Workspace",
        "manifests": ["connections", "schemas", "datasets", "pipelines"],
        "defaultEnvironment": ENVIRONMENT,
        "environments": {
            ENVIRONMENT: {
                "endpoint": endpoint,
                "organization": "LOCAL@AdobeOrg",
                "sandbox": "dev",
                "auth": {
                    "tokenUrl": f"{endpoint}/ims/token/v3",
                    "clientId": "local-client",
                    "clientSecret": "local-secret",
                    "scopes": ["openid"],
                },
                "variables": dict.fromkeys(secrets, "example"),
            }
        },
    }


def _documents(pipelines: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    connections = max(len(_SOURCES), pipelines // _PIPELINES_PER_CONNECTION)
    schemas = max(1, pipelines // _PIPELINES_PER_SCHEMA)
    datasets = max(1, pipelines // 2 // _PIPELINES_PER_SHARED_DATASET)
    for number in range(connections):
        name, source = f"connection-{number:04}", _SOURCES[number % len(_SOURCES)]
        yield "connections", name, _named("Connection", name, connector=source, auth=_AUTHENTICATION[source])
    for number in range(schemas):
        yield "schemas", f"schema-{number:04}", _schema(f"schema-{number:04}")
    for number in range(datasets):
        name = f"shared-{number:04}"
        yield "datasets", name, _named("Dataset", name, title=name, schema=f"schema-{number % schemas:04}")
    for number in range(pipelines):
        connection = number % connections
        shared = f"shared-{number // 2 % datasets:04}"
        inline = {"title": f"Dataset {number:04}", "schema": f"schema-{number % schemas:04}"}
        name = f"pipeline-{number:04}"
        yield "pipelines", name, _pipeline(name, number, connection, shared if number % 2 else inline)


def _schema(name: str) -> dict[str, Any]:
    profile = "https://ns.adobe.com/xdm/context/profile"
    groups = [f"{profile}-person-details", f"{profile}-personal-details"]
    return {**_named("Schema", name, title=name), "class": profile, "fieldGroups": groups}


def _pipeline(name: str, number: int, connection: int, dataset: Any) -> dict[str, Any]:
    source = _SOURCES[connection % len(_SOURCES)]
    # The newer form of a mapping set, as soon as one mapping is calculated: half of the pipelines have one.
    calculated = number % 4 < 2
    mappings = [
        {"expression": f"lower({_field(field, number)})", "destination": destination}
        if calculated and field == "email"
        else {"source": _field(field, number), "destination": destination}
        for field, destination in _MAPPINGS
    ]
    frequency = "day" if number % 3 else "hour"
    return _named(
        "Pipeline",
        name,
        title=f"Pipeline {number:04}",
        description=f"Generated pipeline {number} of the benchmark",
        source={"connection": f"connection-{connection:04}", **_source(source, number)},
        dataset=dataset,
        mappings=mappings,
        **({"incremental": _INCREMENTAL} if source in _TABLES else {}),
        schedule={**_SCHEDULE, "frequency": frequency},
    )


def _source(source: str, number: int) -> dict[str, Any]:
    if source == "amazon-s3":
        return {"data": {"format": "delimited"}, "params": {"path": f"/landing/{number:04}", "type": "folder"}}
    if source == "generic-rest":
        return {"data": {"format": "json"}, "params": {"resourcePath": f"/objects/{number:04}"}}
    fields = (*(_field(field, number) for field, _ in _MAPPINGS), _CHANGED)
    columns = [{"name": field, "type": "string"} for field in fields]
    return {"params": {"tableName": f"public.table_{number:04}", "columns": columns}}


def _field(name: str, number: int) -> str:
    """Sources differ in the names of their fields, so that no two mapping sets are equal."""
    return f"{name}_{number:04}"


def _named(kind: str, name: str, *, title: str = "", description: str = "", **members: Any) -> dict[str, Any]:
    # Pipelines carry title and description in their metadata; connections, schemas and datasets beside it.
    if kind == "Pipeline":
        return {"kind": kind, "metadata": {"name": name, "title": title, "description": description}, **members}
    return {"kind": kind, "metadata": {"name": name}, **({"title": title} if title else {}), **members}
