"""The official API descriptions: which operation a request is, and where it departs from that operation."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from openapi_schema_validator import OAS30Validator
from recorded_requests import Sent

FILES = (
    "flow-service",
    "schema-registry",
    "catalog",
    "data-prep",
    "audit-query",
    "data-access",
    "identity-service",
    "batch-ingestion",
    "sandbox",
)
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})


@dataclass(frozen=True, order=True)
class Deviation:
    """One way in which a request departs from its operation: where, and which rule of the description it breaks."""

    operation: str
    path: str
    rule: str
    detail: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.operation, self.path, self.rule


@dataclass(frozen=True)
class Operation:
    """One operation of a description, with what it says about parameters and bodies."""

    method: str
    template: str
    members: Mapping[str, Any]
    shared_parameters: tuple[Any, ...]
    document: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"

    @cached_property
    def parameters(self) -> list[Mapping[str, Any]]:
        return [self.resolved(each) for each in (*self.shared_parameters, *self.members.get("parameters", ()))]

    def body_schemas(self) -> dict[str, Any]:
        """The schema of each content type that the operation takes; Swagger 2.0 has one, in a parameter."""
        for parameter in self.parameters:
            if parameter["in"] == "body":
                return {"application/json": parameter["schema"]}
        body = self.resolved(self.members.get("requestBody", {}))
        return {kind: content["schema"] for kind, content in body.get("content", {}).items()}

    def errors(self, schema: Mapping[str, Any], value: Any) -> Iterator[Any]:
        roots = {name: self.document[name] for name in ("components", "definitions") if name in self.document}
        return OAS30Validator({**schema, **roots}).iter_errors(value)

    def resolved(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        """The node, or what it refers to."""
        while "$ref" in node:
            found: Any = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step.replace("~1", "/").replace("~0", "~")]
            node = found
        return node


class Descriptions:
    """All operations of the official descriptions, with their full paths on the platform."""

    def __init__(self, folder: Path) -> None:
        self._operations = [
            operation
            for name in FILES
            for operation in _operations(
                yaml.load((folder / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            )
        ]

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation of a request; one whose template ends with a slash is found without it too."""
        candidates = [each for each in self._operations if each.method == method]
        for matches in (_matches, _matches_without_slash):
            for operation in candidates:
                if matches(operation.template, path):
                    return operation
        return None

    def deviations(self, sent: Sent) -> Iterator[Deviation]:
        """Every way in which a request departs from the descriptions."""
        operation = self.operation(sent.method, sent.path)
        if operation is None:
            yield Deviation(f"{sent.method} {sent.path}", "operation", "unknown")
            return
        if not _matches(operation.template, sent.path):
            yield Deviation(operation.name, "operation", "trailing slash")
        yield from _header_deviations(operation, sent)
        yield from _query_deviations(operation, sent)
        yield from _body_deviations(operation, sent)


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    servers = document.get("servers")
    base = re.sub(r"\{.*?\}", "platform", servers[0]["url"]) if servers else f"//platform{document['basePath']}"
    for path, item in document["paths"].items():
        for method in _METHODS & item.keys():
            yield Operation(
                method=method.upper(),
                template=urlsplit(base).path + path,
                members=item[method],
                shared_parameters=tuple(item.get("parameters", ())),
                document=document,
            )


def _matches(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(template)), path) is not None


def _matches_without_slash(template: str, path: str) -> bool:
    return template.endswith("/") and _matches(template.rstrip("/"), path)


def _header_deviations(operation: Operation, sent: Sent) -> Iterator[Deviation]:
    for parameter in operation.parameters:
        name = parameter["name"].lower()
        if parameter["in"] == "header" and parameter.get("required") and name not in sent.headers:
            yield Deviation(operation.name, f"header {name}", "required")
    known = {parameter["name"].lower() for parameter in operation.parameters if parameter["in"] == "header"}
    for name in ("if-match", "x-sandbox-name"):
        if name in sent.headers and name not in known:
            yield Deviation(operation.name, f"header {name}", "unknown")


def _query_deviations(operation: Operation, sent: Sent) -> Iterator[Deviation]:
    known = {parameter["name"]: parameter for parameter in operation.parameters if parameter["in"] == "query"}
    for name, parameter in known.items():
        if parameter.get("required") and name not in dict(sent.query):
            yield Deviation(operation.name, f"query {name}", "required")
    for name in dict.fromkeys(name for name, _ in sent.query):
        if name not in known:
            yield Deviation(operation.name, f"query {name}", "unknown")
            continue
        schema = known[name].get("schema", {key: known[name][key] for key in ("type", "enum") if key in known[name]})
        values = [value for other, value in sent.query if other == name]
        for error in operation.errors(schema, _typed(values, schema.get("type"))):
            yield Deviation(operation.name, f"query {name}", str(error.validator), error.message)


def _typed(values: list[str], wanted: str | None) -> Any:
    if wanted == "array":
        return values
    return int(values[0]) if wanted in ("integer", "number") and values[0].isdecimal() else values[0]


def _body_deviations(operation: Operation, sent: Sent) -> Iterator[Deviation]:
    schemas = operation.body_schemas()
    if sent.body is None:
        if sent.text or (schemas and operation.method != "DELETE"):
            yield Deviation(operation.name, "body", "not JSON" if sent.text else "required")
        return
    content_type = sent.headers.get("content-type", "")
    if content_type not in schemas:
        yield Deviation(operation.name, "header content-type", "unknown", content_type)
        return
    for error in operation.errors(schemas[content_type], sent.body):
        steps = ("[*]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
        yield Deviation(operation.name, "$" + "".join(steps), str(error.validator), error.message)
