"""A flow with its connections and its mapping set as a Pipeline document."""

from collections.abc import Mapping
from typing import Final

from flowctl.manifest.collapse.connection import named_source, with_variables
from flowctl.manifest.collapse.flow import flow_members
from flowctl.manifest.collapse.subject import API_VERSION, Subject, described, kept_rules, titled, without_nothing
from flowctl.manifest.collapse.typed import typed
from flowctl.model.default_names import default_name
from flowctl.model.json_value import JSON
from flowctl.specs.catalogue import connector_by_spec_id

_FLOW: Final = "flow"
_SOURCE: Final = "source_connection"
_TARGET: Final = "target_connection"
_MAPPINGS: Final = "mapping_set"
_CONNECTION: Final = "connection"
_DATASET: Final = "dataset"
_TARGET_FORMAT: Final = "parquet_xdm"
_TARGET_VERSION: Final = "application/vnd.adobe.xed-full+json;version=1"
"""What flowctl sends if a manifest does not say it."""


def pipeline(subject: Subject) -> Mapping[str, JSON]:
    """The document of a flow."""
    attributes = subject.attributes[_FLOW]
    spec = subject.attributes[_SOURCE].get("connectionSpec") or {}
    target, rows = _target(subject), _rows(subject)
    return {
        "apiVersion": API_VERSION,
        "kind": "Pipeline",
        "metadata": {"name": subject.name, **titled(subject, attributes.get("name")), **described(attributes)},
        "source": _source(subject),
        "dataset": subject.refers[_DATASET],
        **({"target": target} if target else {}),
        **({"mappings": rows} if rows else {}),
        **flow_members(attributes, str(spec.get("id"))),
        **kept_rules(holds_data=True),
    }


def _source(subject: Subject) -> dict[str, JSON]:
    attributes = subject.attributes[_SOURCE]
    spec, connection = attributes.get("connectionSpec") or {}, subject.refers.get(_CONNECTION)
    known = connector_by_spec_id(str(spec.get("id")).lower())
    data = without_nothing(attributes.get("data") or {})
    formats = known.formats if known is not None else ()
    if str(data.get("format")).lower() in formats:
        data["format"] = str(data["format"]).lower()
    if formats and data.get("format") == formats[0]:
        del data["format"]
    elif known is not None and not formats:
        data = {}  # such a source has no format, and other clients send one all the same
    params = typed(with_variables(subject, attributes.get("params") or {}), known.source_schema if known else None)
    return {
        **({} if isinstance(connection, str) else named_source(spec, known)),
        **({"connection": connection} if connection else {}),
        **_own_title(subject, _SOURCE),
        **described(attributes),
        **({"providerId": attributes["providerId"]} if attributes.get("providerId") else {}),
        **({"data": data} if data else {}),
        **({"params": params} if params else {}),
    }


def _target(subject: Subject) -> dict[str, JSON]:
    attributes = subject.attributes[_TARGET]
    data = without_nothing(attributes.get("data") or {})
    schema = {name: value for name, value in data.pop("schema", {}).items() if name not in ("id", "schemaId")}
    if schema.get("version") == _TARGET_VERSION:
        del schema["version"]
    if data.get("format") == _TARGET_FORMAT:
        del data["format"]
    data |= {"schema": schema} if schema else {}
    return {**_own_title(subject, _TARGET), **described(attributes), **({"data": data} if data else {})}


def _own_title(subject: Subject, kind: str) -> dict[str, JSON]:
    name = subject.attributes[kind].get("name")
    return {"title": name} if name and name != default_name(subject.name, kind) else {}


def _rows(subject: Subject) -> list[JSON]:
    """The rows, in their order: what is read, and then where it goes."""
    rows = (subject.attributes.get(_MAPPINGS) or {}).get("mappings") or ()
    return [
        {
            **{name: row[name] for name in ("source", "expression", "value") if name in row},
            **({"destination": _portable(subject, row["destination"])} if "destination" in row else {}),
            **{name: value for name, value in row.items() if name not in _ORDERED},
        }
        for row in rows
    ]


def _portable(subject: Subject, destination: JSON) -> JSON:
    return subject.portable(destination) if isinstance(destination, str) else destination


_ORDERED: Final = frozenset({"source", "expression", "value", "destination"})
