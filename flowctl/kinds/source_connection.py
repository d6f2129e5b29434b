"""Source connections: what to read. An existing flow does not use later changes of one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from flowctl.kinds import flow_search, flow_service
from flowctl.kinds.connection_states import state_of, with_drafts
from flowctl.kinds.forms import Forms, booleans, folders, names_of, only_word, versions, words
from flowctl.kinds.kind import Search, Use
from flowctl.kinds.live_secrets import hidden
from flowctl.kinds.preflight.connection_specs import CONNECTION_SPECS
from flowctl.kinds.replacing import ReplacementRule
from flowctl.kinds.terms import CONNECTOR, TITLE, Term, Terms
from flowctl.model.attribute_path import Path
from flowctl.model.json_value import JSONObject
from flowctl.model.resource import RemoteObject
from flowctl.specs.catalogue import connector_by_spec_id
from flowctl.specs.secret_places import secret_source_places, sounds_secret

_MEMBERS = ("name", "description", "baseConnectionId", "data", "params", "connectionSpec", "providerId")
# A table's columns are read by name. Filters stay in order: `<` has a left and a right side.
_KEYED_LISTS: Mapping[Path, str] = {("params", "columns"): "name"}
_FORMS: Forms = {
    ("name",): names_of("source_connection"),
    ("baseConnectionId",): words,
    ("connectionSpec", "id"): words,
    ("connectionSpec", "version"): versions,
    ("providerId",): words,
    ("data", "format"): words,
    ("data", "properties", "encoding"): words,
    ("params", "recursive"): booleans,
    ("params", "cdcEnabled"): booleans,
    ("params", "backfill"): booleans,
}
_FILE_FORMS: Forms = {**_FORMS, ("params", "path"): folders}
_TABLE_FORMS: Forms = {**_FORMS, ("data", "format"): only_word("tabular")}


def _comparable(body: Mapping[str, Any]) -> JSONObject:
    attributes = flow_service.pick(body, _MEMBERS)
    return {**state_of(body), **hidden(attributes, secret_source_places(attributes))}


def _forms(attributes: JSONObject) -> Forms:
    """`path` is a file or folder only where the source reads files; elsewhere it is a table, or part of a URL.

    Tables have one format, so other clients may leave it out.
    """
    spec, params = attributes.get("connectionSpec") or {}, attributes.get("params") or {}
    known = connector_by_spec_id(str(spec.get("id")).lower())
    if known is not None and known.formats == ("tabular",):
        return _TABLE_FORMS
    reads_files = known.reads_files if known else params.get("type") in ("file", "folder")
    return _FILE_FORMS if reads_files else _FORMS


def _uses(attributes: JSONObject) -> Iterator[Use]:
    if "baseConnectionId" in attributes:
        yield Use(kind="connection", id=attributes["baseConnectionId"])


def _obstacle(live: RemoteObject) -> str | None:
    """A secret in a part of a value, or in one that is not known by its name to be secret."""
    for member, name in secret_source_places(live.body):
        if member != "params" or not isinstance(live.body[member][name], str) or not sounds_secret(name):
            return f"its source connection has a secret in `{member}.{name}`, which no variable can stand for alone"
    return None


def _unmanaged(attributes: JSONObject) -> Iterator[Path]:
    """A source without formats has no data, and other clients send some all the same."""
    known = connector_by_spec_id(str((attributes.get("connectionSpec") or {}).get("id")).lower())
    if known is not None and not known.formats:
        yield ("data",)


_CONNECTION = replace(
    flow_service.kind(
        name="source_connection",
        title="source connection",
        meaning="What a dataflow reads: a table or files of a base connection, and their format.",
        stage=1,
        collection="sourceConnections",
        comparable=_comparable,
        keyed_lists=_KEYED_LISTS,
        forms=_forms,
        search=Search(
            everything=flow_search.everything("sourceConnections"),
            titled=flow_search.titled("sourceConnections"),
            by_title=False,
            referring=flow_search.referring("sourceConnections"),
            anchors=(("baseConnectionId",), ("connectionSpec", "id")),
            identity=(("baseConnectionId",), ("connectionSpec", "id"), ("params",)),
        ),
    ),
    in_pipeline=True,
    terms=Terms(
        root=("source",),
        terms={
            ("name",): TITLE,
            ("baseConnectionId",): Term(key=("connection",), refers="connection"),
            **CONNECTOR,
        },
    ),
    used_by=flow_service.USED_BY_FLOWS,
    uses=_uses,
    obstacle=_obstacle,
    unmanaged=_unmanaged,
    preflight=CONNECTION_SPECS,
    replacement=ReplacementRule(
        paths=(("baseConnectionId",), ("data",), ("params",), ("connectionSpec",), ("providerId",))
    ),
)

KIND = with_drafts(_CONNECTION, "sourceConnections")
