"""Keys of Experience Platform: warn of those that look misspelled or misplaced.

A key that resembles none is left alone, because a later version of Experience Platform may know it.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

from flowctl.manifest.auth_params import connector_of
from flowctl.manifest.checks.flow import flow_spec_of
from flowctl.manifest.checks.source import source_of
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.published import schema
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.json_value import JSON, JSONObject
from flowctl.specs.connector import Connector
from flowctl.specs.flow_specs import FlowSpec
from flowctl.text.positions import ValuePath
from flowctl.validation.wording import code, did_you_mean, nearest, written_path
from flowctl.validation.wording import key as key_words

_TAGS: Final[JSONObject] = {"properties": {"unifiedProfile": {}, "unifiedIdentity": {}}}

_PLACES: Final[Mapping[str, str]] = {
    "backfill": "schedule.backfill",
    "columndelimiter": "source.data.properties.columnDelimiter",
    "compressiontype": "source.data.properties.compressionType",
    "dateformat": "incremental.dateFormat",
    "deltacolumn": "incremental.column",
    "encoding": "source.data.properties.encoding",
    "encryption": "encryption",
    "errordiagnosticsenabled": "options.errorDiagnosticsEnabled",
    "flowspec": "flowSpec",
    "frequency": "schedule.frequency",
    "incremental": "incremental",
    "interval": "schedule.interval",
    "mappings": "mappings",
    "partialingestionpercent": "options.partialIngestionPercent",
    "publickeyid": "encryption.publicKeyId",
    "schedule": "schedule",
    "scheduleparams": "schedule",
    "signverificationkeyid": "encryption.signVerificationKeyId",
    "starttime": "schedule.startTime",
    "timezone": "incremental.timezone",
    "transformations": "mappings",
}
"""The right places of keys of a pipeline that are recognized by their names alone."""

_CLOSE = 0.75


def pipeline_keys(document: Document, index: Index) -> Iterator[Diagnostic]:
    """The keys in a Pipeline's `data`, `params`, `options` and tags."""
    parts, places = _described(source_of(document, index).connector, flow_spec_of(document, index))
    for path, described in parts:
        value = document.at(*path) if path[0] in document.content else None
        if value and not _is_described(value, described):
            yield from _keys(document, path, value, described, places)
    yield from _keys(document, ("dataset", "tags"), document.at("dataset", "tags"), _TAGS, {})


@cache
def _described(
    connector: Connector | None, spec: FlowSpec | None
) -> tuple[Sequence[tuple[ValuePath, JSON]], Mapping[str, str]]:
    """The parts of a pipeline that Experience Platform describes, and the places of keys that only one part has."""
    known = schema("Pipeline")["properties"]
    parts: list[tuple[ValuePath, JSON]] = [
        (("source", "data"), known["source"]["properties"]["data"]),
        (("source", "params"), connector.source_schema if connector else {}),
        (("target", "data"), known["target"]["properties"]["data"]),
        (("options",), (spec.option_schema if spec else None) or known["options"]),
    ]
    return parts, {**_described_places(parts), **_PLACES}


def _described_places(parts: Sequence[tuple[ValuePath, JSON]]) -> dict[str, str]:
    """The places of keys that only one part of this pipeline describes."""
    found: dict[str, list[str]] = {}
    for path, described in parts:
        if path[0] != "target":
            for key in described.get("properties") or {}:
                found.setdefault(_folded(key), []).append(written_path((*path, key)))
    return {key: places[0] for key, places in found.items() if len(places) == 1}


def dataset_keys(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """The names of a Dataset's tags."""
    yield from _keys(document, ("tags",), document.at("tags"), _TAGS, {})


def connection_keys(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """The keys in a Connection's `auth.params`."""
    known, name = connector_of(document.content), document.at("auth", "specName")
    spec = known.auth_spec(name) if known and isinstance(name, str) else None
    if spec is not None:
        path = ("auth", "params")
        yield from _keys(document, path, document.at(*path), spec.schema, {})


def _is_described(value: JSON, described: JSON) -> bool:
    """Whether every key is described, as in most values; there is nothing to say about such a one."""
    if type(value) is list:
        items = described.get("items")
        return (
            not isinstance(items, dict) or _are_flat(value, items) or all(_is_described(item, items) for item in value)
        )
    if type(value) is not dict:
        return True
    known = described.get("properties") or {}
    return value.keys() <= known.keys() and all(
        type(member) not in (dict, list) or not _has_parts(known[key]) or _is_described(member, known[key])
        for key, member in value.items()
    )


def _are_flat(items: Sequence[JSON], described: JSONObject) -> bool:
    """Whether items, such as columns, have only described keys without parts. All are looked at together."""
    if set(map(type, items)) != {dict}:
        return False
    known, names = described.get("properties") or {}, set[str]().union(*items)
    return names <= known.keys() and not any(_has_parts(known[name]) for name in names)


def _has_parts(described: JSON) -> bool:
    return isinstance(described, dict) and bool(described.get("properties") or described.get("items"))


def _keys(
    document: Document, path: ValuePath, value: JSON, described: JSON, places: Mapping[str, str]
) -> Iterator[Diagnostic]:
    """The doubtful keys of a value and of everything in it."""
    if isinstance(value, list) and isinstance(described.get("items"), dict):
        for place, item in enumerate(value):
            yield from _keys(document, (*path, place), item, described["items"], places)
    if not isinstance(value, dict):
        return
    known: JSONObject = described.get("properties") or {}
    for key, member in value.items():
        if key in known:
            # What is in an object without a description is its own matter, such as the XDM type of a column.
            if isinstance(member, dict | list) and (known[key].get("properties") or known[key].get("items")):
                yield from _keys(document, (*path, key), member, known[key], places)
            continue
        near = _misspelt(key, tuple(known))
        belongs = places.get(_folded(key))
        if near is not None:
            if near in value or near not in _wanted(described):  # else the check for missing keys names it
                yield _doubtful(document, (*path, key), near)
        elif belongs is not None and belongs != written_path((*path, key)):
            yield document.error(
                "misplaced-platform-key",
                f"{key_words(*path, key)} has probably no effect",
                *path,
                key,
                detail="Experience Platform does not describe this key here. flowctl sends it unchanged.",
                hint=f"Move it to {code(belongs)}{'' if '.' in belongs else ', next to `source`'}.",
                at_key=True,
                severity=Severity.WARNING,
            )


def _doubtful(document: Document, path: ValuePath, near: str) -> Diagnostic:
    return document.error(
        "unknown-platform-key",
        f"{key_words(*path)} has probably no effect",
        *path,
        detail="Experience Platform does not describe this key. flowctl sends it unchanged.",
        hint=did_you_mean(near, ""),
        at_key=True,
        severity=Severity.WARNING,
    )


def _wanted(described: JSONObject) -> set[str]:
    """The keys whose absence is an error of its own."""
    branches = [described, *described.get("anyOf", ()), *described.get("oneOf", ())]
    return {name for branch in branches for name in branch.get("required", ())}


@lru_cache(maxsize=1024)
def _misspelt(key: str, known: tuple[str, ...]) -> str | None:
    """The described key that was probably meant: one with a similar spelling, or one that begins or ends with this."""
    folded = {_folded(name): name for name in known}
    own = _folded(key)
    close = nearest(own, folded, _CLOSE)
    swapped = [text for text in folded if len(own) > 2 and sorted(text) == sorted(own)]
    if close or swapped:
        return folded[close or swapped[0]]
    parts = [name for text, name in folded.items() if len(own) > 4 and (text.startswith(own) or text.endswith(own))]
    return parts[0] if len(parts) == 1 else None


def _folded(key: str) -> str:
    """A key without case, hyphens, underscores and spaces."""
    return "".join(letter for letter in key.casefold() if letter not in "-_ ")
