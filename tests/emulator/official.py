"""Adobe's official OpenAPI files: their operations, and the check of a response against them.

The files are not part of the project; the environment variable FLOWCTL_OPENAPI_DIR names their folder.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import yaml
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "FLOWCTL_OPENAPI_DIR"
METHODS = ("get", "post", "put", "patch", "delete", "head")
FILES = {
    "flow-service": "/data/foundation/flowservice",
    "data-prep": "/data/foundation/conversion",
    "schema-registry": "/data/foundation/schemaregistry",
    "catalog": "/data/foundation/catalog",
    "sandbox": "/data/foundation",
    "audit-query": "/data/foundation",
    "identity-service": "/data/core",
    "data-access": "/data/foundation/export",
    "batch-ingestion": "/data/foundation/import",
}
ONLY = {"sandbox": "/sandbox-management", "identity-service": "/idnamespace"}
"""The part of a file that the emulator is about."""


@dataclass(frozen=True)
class OfficialOperation:
    """One operation of an official file."""

    service: str
    method: str
    path: str
    deprecated: bool
    summary: str
    responses: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.path}"

    def pattern(self) -> re.Pattern[str]:
        path = re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(FILES[self.service] + self.path))
        return re.compile(path.rstrip("/") + "/?")


def folder() -> Path | None:
    """Return the folder of the official files, or None where the variable is not set."""
    return Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None


@cache
def document(service: str) -> dict[str, Any]:
    """Return one official file with OpenAPI's own forms of JSON Schema made standard."""
    path = folder()
    assert path is not None, f"{VARIABLE} is not set"
    loaded = yaml.load((path / f"{service}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return dict(_standard(loaded))


@cache
def operations(service: str) -> tuple[OfficialOperation, ...]:
    """Return the operations of one official file; only the part that the emulator is about."""
    return tuple(_operations(service))


def _operations(service: str) -> Iterator[OfficialOperation]:
    for path, item in document(service)["paths"].items():
        if not path.startswith(ONLY.get(service, "/")):
            continue
        for method in METHODS:
            if method in item:
                body = item[method]
                summary = str(body.get("summary", "")).strip()
                responses = {str(status): response for status, response in body["responses"].items()}
                deprecated = bool(body.get("deprecated"))
                yield OfficialOperation(service, method.upper(), path, deprecated, summary, responses)


def find(method: str, raw_path: str) -> OfficialOperation | None:
    """Return the official operation of a request, or None; paths without parameters win."""
    found = [
        operation
        for service in FILES
        for operation in operations(service)
        if operation.method == method and operation.pattern().fullmatch(raw_path)
    ]
    return min(found, key=lambda operation: operation.path.count("{"), default=None)


def deviations(operation: OfficialOperation, status: int, body: Any) -> Iterator[str]:
    """Yield how a response differs from the official description, as `service METHOD path status: what`."""
    where = f"{operation} {status}"
    response = operation.responses.get(str(status))
    if response is None:
        yield f"{where}: status"
        return
    root = document(operation.service)
    if "$ref" in response:
        response = resolve(root, response["$ref"])
    schema = response.get("schema") or response.get("content", {}).get("application/json", {}).get("schema")
    if schema is None or body is None:
        return
    holders = {key: root[key] for key in ("components", "definitions", "responses") if key in root}
    for error in Draft202012Validator({**holders, **schema}).iter_errors(body):
        place = "/".join("*" if isinstance(part, int) else _generic(str(part)) for part in error.absolute_path)
        yield f"{where}: {place or '.'} {error.validator}"


def _generic(part: str) -> str:
    return "*" if re.fullmatch(r"[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f-]{36}|https://.*", part) else part


def resolve(root: dict[str, Any], reference: str) -> dict[str, Any]:
    """Return what a reference inside a file names."""
    node: Any = root
    for key in reference.removeprefix("#/").split("/"):
        node = node[unquote(key).replace("~1", "/").replace("~0", "~")]
    return dict(node)


def _standard(node: Any) -> Any:
    """Turn `nullable` into a type and boolean bounds into numeric ones; drop what is only for readers."""
    if isinstance(node, list):
        return [_standard(item) for item in node]
    if not isinstance(node, dict):
        return node
    result = {key: _standard(value) for key, value in node.items()}
    if result.pop("nullable", None) is True and isinstance(result.get("type"), str):
        result["type"] = [result["type"], "null"]
    if isinstance(result.get("exclusiveMinimum"), bool):
        del result["exclusiveMinimum"]
    if isinstance(result.get("required"), bool) and "type" in result and "in" not in result:
        del result["required"]
    return result
