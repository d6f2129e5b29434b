"""Files of specs in the form in which Experience Platform returns them: what each holds, and what is wrong with it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flowctl.model.diagnostic import Diagnostic, SourceSpan
from flowctl.model.json_value import JSON, JSONObject
from flowctl.specs.flow_specs import is_id, parse
from flowctl.strict_json import NotJson, text_of
from flowctl.strict_json import parse as parse_json
from flowctl.validation.wording import code, quoted

CONNECTION_SPEC: Final = "connectionSpec"
FLOW_SPEC: Final = "flowSpec"
_OF_FLOW_SPECS: Final = ("sourceConnectionSpecIds", "targetConnectionSpecIds", "scheduleSpec", "transformationSpec")
_OF_CONNECTION_SPECS: Final = ("authSpec", "sourceSpec", "targetSpec")
_FORM: Final = "Save the reply of `GET /connectionSpecs/ID` or `GET /flowSpecs/ID` in the file."


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSpec:
    """A spec of a file, with its kind; `span` is where its ID stands."""

    kind: str
    body: JSONObject
    span: SourceSpan

    @property
    def id(self) -> str:
        """Its ID in lowercase."""
        return str(self.body["id"]).lower()


def specs_of(files: Mapping[str, bytes]) -> tuple[Sequence[OwnSpec], Sequence[Diagnostic]]:
    """The specs in these files, each ID once, and what is wrong: then a spec is left out, and the others are there."""
    found: dict[tuple[str, str], OwnSpec] = {}
    problems: list[Diagnostic] = []
    for file, data in files.items():
        try:
            text = text_of(data)
            value = parse_json(text)
        except NotJson as error:
            problems.append(_damaged(file, error))
            continue
        for each in _read(file, text, value):
            if isinstance(each, Diagnostic):
                problems.append(each)
            elif (first := found.setdefault((each.kind, each.id), each)) is not each:
                problems.append(_twice(each, first))
    return tuple(found.values()), problems


def _read(file: str, text: str, value: JSON) -> Iterator[OwnSpec | Diagnostic]:
    is_list = isinstance(value, dict) and isinstance(value.get("items"), list)
    items = value["items"] if is_list else [value]
    if not items:
        yield Diagnostic(
            code="invalid-spec",
            summary="the file has no spec: `items` is empty",
            hint=_FORM,
            span=SourceSpan(file=file),
        )
    for item in items:
        try:
            kind = _kind(item)
            yield OwnSpec(kind=kind, body=_whole(kind, item), span=_place(file, text, item))
        except ValueError as error:
            yield Diagnostic(
                code="invalid-spec", summary=f"a spec in the file {error}", hint=_FORM, span=_place(file, text, item)
            )


def _kind(item: JSON) -> str:
    """Which kind of spec it is. Raise ValueError for what is neither."""
    if not isinstance(item, dict):
        raise ValueError("is not an object")
    if not isinstance(item.get("id"), str) or not is_id(item["id"]):
        raise ValueError("has no `id` that is a UUID")
    if not isinstance(item.get("name"), str) or not item["name"].strip():
        raise ValueError("has no `name`")
    if any(key in item for key in _OF_FLOW_SPECS):
        return FLOW_SPEC
    if any(key in item for key in _OF_CONNECTION_SPECS):
        return CONNECTION_SPEC
    raise ValueError("is neither a connection spec, which has `authSpec` or `sourceSpec`, nor a flow spec")


def _whole(kind: str, item: JSONObject) -> JSONObject:
    """The spec with the members that are always there. Raises ValueError for a part of another form."""
    body = {**item, "version": str(item.get("version") or "1.0")}
    if kind == FLOW_SPEC:
        try:
            parse(body)
        except ValueError as error:
            raise ValueError(f"cannot be used: {error}") from error
        for key in ("sourceConnectionSpecIds", "targetConnectionSpecIds"):
            body[key] = [str(each).lower() for each in _list(item, key)]
        return body
    body["authSpec"] = [_auth_spec(each) for each in _list(item, "authSpec")]
    _member(item, "attributes")
    source = _member(item, "sourceSpec")
    if source is not None:
        schema = _member(source, "spec", "sourceSpec.spec")
        _properties(schema or {}, "sourceSpec.spec")
        body["sourceSpec"] = {**source, "spec": schema or {}}
    return body


def _auth_spec(item: JSON) -> JSONObject:
    if not isinstance(item, dict) or not isinstance(item.get("name"), str):
        raise ValueError("has an item of `authSpec` without a `name`")
    schema = _member(item, "spec", "authSpec.spec") or {}
    _properties(schema, "authSpec.spec")
    return {**item, "spec": schema}


def _properties(schema: JSONObject, path: str) -> None:
    """Raise ValueError for properties and required ones that are not what JSON Schema wants them to be."""
    properties, required = schema.get("properties", {}), schema.get("required", [])
    if not isinstance(properties, dict) or not all(isinstance(each, dict) for each in properties.values()):
        raise ValueError(f"has `{path}.properties` that are not objects")
    if not isinstance(required, list) or not all(isinstance(each, str) for each in required):
        raise ValueError(f"has `{path}.required` that is not a list of strings")


def _list(item: JSONObject, key: str) -> list[JSON]:
    value = item.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"has {code(key)} that is not a list")
    return value


def _member(item: JSONObject, key: str, path: str = "") -> JSONObject | None:
    value = item.get(key)
    if value is not None and not isinstance(value, dict):
        raise ValueError(f"has {code(path or key)} that is not an object")
    return value


def _place(file: str, text: str, item: JSON) -> SourceSpan:
    """Where the ID of a spec stands; the beginning of the file if it has none."""
    id_ = item.get("id") if isinstance(item, dict) else None
    found = re.search(rf'"id"\s*:\s*"{re.escape(id_)}"', text) if isinstance(id_, str) else None
    if found is None:
        return SourceSpan(file=file)
    line = text.count("\n", 0, found.start()) + 1
    return SourceSpan(file=file, line=line, column=found.start() - text.rfind("\n", 0, found.start()))


def _damaged(file: str, error: NotJson) -> Diagnostic:
    return Diagnostic(
        code="damaged-spec",
        summary=f"the file is not JSON: {error.words}",
        hint=_FORM,
        span=SourceSpan(file=file, line=error.line, column=error.column),
    )


def _twice(second: OwnSpec, first: OwnSpec) -> Diagnostic:
    return Diagnostic(
        code="duplicate-spec",
        summary=f"the ID {quoted(second.body['id'])} is that of another spec",
        detail=f"The first one is in {first.span.file}:{first.span.line}.",
        hint="Remove one of them.",
        span=second.span,
    )
