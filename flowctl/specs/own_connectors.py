"""Specs of a workspace beside the catalogue: their connectors, the flow specs that serve them, what they replace."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.json_value import JSONObject
from flowctl.specs.active import NONE, OwnSpecs
from flowctl.specs.catalogue import packaged_by_spec_id
from flowctl.specs.connector import AuthSpec, Connector, auth_specs
from flowctl.specs.files import file_stems
from flowctl.specs.flow_specs import FlowSpec, packaged_flow_spec, packaged_names, parse
from flowctl.specs.own_spec_files import CONNECTION_SPEC, FLOW_SPEC, OwnSpec
from flowctl.specs.secret_places import sounds_secret
from flowctl.validation.wording import all_of, code, codes, counted, quoted

CATEGORY: Final = "own"
_MOST_NAMED: Final = 5
_TYPES: Final[Mapping[str, str]] = {  # letters only
    "file": "File",
    "cloudstorage": "File",
    "table": "Table",
    "rest": "Rest",
    "genericrestsource": "Rest",
    "streaming": "Streaming",
    "genericstreamingsource": "Streaming",
}
_FORMATS: Final[Mapping[str, tuple[str, ...]]] = {
    "File": ("delimited", "json", "parquet"),
    "Table": ("tabular",),
    "Rest": ("json",),
    "Streaming": ("json",),
}
_FLOW_SPECS: Final[Mapping[str, str]] = {
    "File": "CloudStorageToAEP",
    "Table": "CRMToAEP",
    "Rest": "RestStorageToAEP",
    "Streaming": "GenericStreamingAEP",
}
"""The flow spec that serves sources of a type, where no file says which one serves a source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Served:
    """The flow specs that serve a connection spec; `is_assumed` if none lists it."""

    names: tuple[str, ...]
    is_assumed: bool = False


def beside_the_catalogue(specs: Sequence[OwnSpec]) -> tuple[OwnSpecs, Sequence[Diagnostic]]:
    """These specs as the rest of flowctl asks for them, with a warning for what they replace."""
    if not specs:
        return NONE, ()
    flow_specs = {each.id: parse(each.body, each.span.file) for each in specs if each.kind == FLOW_SPEC}
    bodies = [(each.kind, each.body) for each in specs]
    connectors: dict[str, Connector] = {}
    problems = list(_replacements(specs))
    assumed: dict[str, list[str]] = {}
    for each in specs:
        if each.kind != CONNECTION_SPEC or not isinstance(each.body.get("sourceSpec"), dict):
            continue
        kind = _source_type(each.body)
        served = _served(each.id, kind, flow_specs)
        found = _connector(each, kind, served)
        if served.is_assumed:
            assumed.setdefault(served.names[0], []).append(found.spec_id)
        if found.name in connectors or (found.category == CATEGORY and found.name in file_stems("connectors")):
            problems.append(_name_taken(each, found.name))
            found = found._replace(name=f"{found.name}-{each.id[:8]}")
        connectors[found.name] = found
    bodies = [_typed(kind, body) for kind, body in bodies] + list(_extended(assumed, flow_specs))
    text = json.dumps([[each.kind, each.body, each.span.file] for each in specs], sort_keys=True)
    own = OwnSpecs(
        connectors=connectors,
        by_spec_id={each.spec_id.lower(): each for each in connectors.values()},
        flow_specs=flow_specs,
        bodies=bodies,
        digest=sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )
    return own, problems


def _connector(own: OwnSpec, kind: str, served: _Served) -> Connector:
    """The connector of a spec. One with the ID of a connector of the catalogue keeps its name and what is secret."""
    body, known = own.body, packaged_by_spec_id().get(own.id)
    found = Connector(
        name=_name(body),
        title=str(body["name"]),
        category=CATEGORY,
        spec_id=body["id"],
        spec_version=body["version"],
        formats=_FORMATS[kind],
        flow_spec=served.names[0],
        flow_specs=served.names,
        needs_base_connection=bool(body["authSpec"]),
        verified=True,
        evidence=f"{own.span.file} of this workspace.",
        auth_specs=tuple(map(_with_credentials, auth_specs(body))),
        source_type=kind,
        source_schema=body["sourceSpec"]["spec"],
        is_own=True,
    )
    if known is None:
        return found
    secret = frozenset(param for spec in known.auth_specs for param in spec.secret_params)
    return found._replace(
        name=known.name,
        title=known.title,
        category=known.category,
        formats=known.formats,
        flow_spec=known.flow_spec if served.is_assumed else served.names[0],
        flow_specs=known.flow_specs if served.is_assumed else tuple(dict.fromkeys((*served.names, *known.flow_specs))),
        source_type=known.source_type,
        auth_specs=tuple(_with_secrets(spec, secret) for spec in found.auth_specs),
    )


def _with_credentials(spec: AuthSpec) -> AuthSpec:
    """The authentication type with what is named like a credential as a secret, even if the spec does not say so."""
    return _with_secrets(spec, frozenset(filter(sounds_secret, spec.schema.get("properties", {}))))


def _with_secrets(spec: AuthSpec, secret: frozenset[str]) -> AuthSpec:
    return spec._replace(secret_params=spec.secret_params | (secret & spec.schema.get("properties", {}).keys()))


def _name(body: JSONObject) -> str:
    return re.sub(r"[^a-z0-9]+", "-", str(body["name"]).lower()).strip("-") or str(body["id"]).lower()


def _source_type(body: JSONObject) -> str:
    """What is read: as the spec says, else as its parameters tell."""
    source = body["sourceSpec"]
    for word in (source.get("type"), source.get("name"), body.get("type")):
        plain = re.sub(r"[^a-z]", "", str(word).lower())
        if plain in _TYPES:
            return _TYPES[plain]
    known = packaged_by_spec_id().get(str(body["id"]).lower())
    if known is not None:
        return known.source_type
    params = source["spec"].get("properties", {}).keys()
    if not params or params & {"tableName", "columns"}:
        return "Table"
    return "File" if "path" in params else "Rest"


def _typed(kind: str, body: JSONObject) -> tuple[str, JSONObject]:
    """The spec with the type of its source, which the emulator asks for."""
    source = body.get("sourceSpec")
    if kind != CONNECTION_SPEC or not isinstance(source, dict):
        return kind, body
    return kind, {**body, "sourceSpec": {**source, "type": _source_type(body)}}


def _served(spec_id: str, kind: str, own: Mapping[str, FlowSpec]) -> _Served:
    """The flow specs that list the connection spec, those of the workspace first."""
    packaged = [spec for name in packaged_names() if (spec := packaged_flow_spec(name)) and spec.id not in own]
    names = tuple(spec.name for spec in (*own.values(), *packaged) if spec_id in spec.source_spec_ids)
    return _Served(names=names) if names else _Served(names=(_FLOW_SPECS[kind],), is_assumed=True)


def _extended(assumed: Mapping[str, Sequence[str]], own: Mapping[str, FlowSpec]) -> Iterator[tuple[str, JSONObject]]:
    """The pinned flow specs with the sources that no flow spec lists, for the emulator."""
    for name, spec_ids in assumed.items():
        pinned = packaged_flow_spec(name)
        if pinned is not None:
            copy = own.get(pinned.id, pinned)
            yield FLOW_SPEC, {**copy.raw, "sourceConnectionSpecIds": [*copy.source_spec_ids, *spec_ids]}


def _replacements(specs: Sequence[OwnSpec]) -> Iterator[Diagnostic]:
    """One warning for each file whose specs stand in the place of those that come with flowctl."""
    pinned = {spec.id: spec.name for name in packaged_names() if (spec := packaged_flow_spec(name)) is not None}
    known = packaged_by_spec_id()
    found: dict[str, list[tuple[str, OwnSpec]]] = {}
    for each in specs:
        name = known[each.id].name if each.kind == CONNECTION_SPEC and each.id in known else pinned.get(each.id)
        if name is not None:
            found.setdefault(each.span.file, []).append((name, each))
    for replaced in found.values():
        names = codes(name for name, _ in replaced[:_MOST_NAMED])
        more = len(replaced) - len(names)
        yield Diagnostic(
            code="replaced-spec",
            severity=Severity.WARNING,
            summary=f"the file replaces what flowctl knows of {all_of([*names, *([f'{more} more'] if more else [])])}",
            detail=f"{counted(len(replaced), 'ID')} in it are of specs that come with flowctl."
            if len(replaced) > 1
            else "Its ID is that of a spec that comes with flowctl.",
            hint="Remove the file to use the spec of flowctl.",
            span=replaced[0][1].span,
        )


def _name_taken(own: OwnSpec, name: str) -> Diagnostic:
    return Diagnostic(
        code="spec-name-taken",
        severity=Severity.WARNING,
        summary=f"another connector is called {code(name)}",
        detail=f"This one, {quoted(own.body['name'])}, is called {code(f'{name}-{own.id[:8]}')}.",
        hint="Use that name as `connector`, or give the spec another `name`.",
        span=own.span,
    )
