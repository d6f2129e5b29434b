"""Pipeline documents into source connection, target connection, mapping set and flow."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flowctl.manifest.document import Document
from flowctl.manifest.expand.connections import base_connection_id, connection_spec
from flowctl.manifest.expand.datasets import inline_dataset, schema_id
from flowctl.manifest.expand.members import given, lifecycle, references
from flowctl.manifest.times import epoch_seconds
from flowctl.model.address import Address
from flowctl.model.default_names import default_name
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.json_value import JSONObject
from flowctl.model.resource import Lifecycle, Lookup, Reference, Resource, Sensitive
from flowctl.specs.catalogue import connector_by_spec_id
from flowctl.specs.flow_specs import pinned, serving
from flowctl.specs.secret_places import secret_source_places
from flowctl.text.positions import Step

_Documents = Mapping[tuple[str, str], Document]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """Where a pipeline writes: the dataset and the schema that it follows."""

    dataset_id: Reference | Lookup
    schema_id: Reference | Lookup


def pipeline(document: Document, named: _Documents) -> list[Resource]:
    """The resources of a pipeline, its inline dataset first."""
    content = document.content
    made = [inline_dataset(document)] if _is_inline(content["dataset"]) else []
    target = _target(document, named)
    spec = source_connection_spec(content["source"], named)
    source, sink = _source_connection(document, spec), _target_connection(document, target)
    mapping = [_mapping_set(document, target)] if content.get("mappings") else []
    return [*made, source, sink, *mapping, _flow(document, spec, bool(mapping))]


def source_connection_spec(source: Mapping[str, Any], named: _Documents) -> JSONObject:
    """The connection spec of a pipeline's source: its own, or that of its Connection document."""
    if "connector" in source or "connectionSpec" in source:
        return connection_spec(source)
    return connection_spec(named["Connection", source["connection"]].content)


def flow_spec_name(content: Mapping[str, Any], spec_id: str) -> str:
    """The flow spec that a pipeline names, or the one that serves its connection spec."""
    if content.get("flowSpec"):
        return str(content["flowSpec"])
    known = connector_by_spec_id(spec_id)
    return known.flow_spec if known else serving(spec_id)[0]


def _is_inline(dataset: Any) -> bool:
    return isinstance(dataset, Mapping) and "id" not in dataset


def _target(document: Document, named: _Documents) -> _Target:
    dataset = document.content["dataset"]
    if isinstance(dataset, str):
        shared = named["Dataset", dataset].content["schema"]
        return _Target(dataset_id=Reference(Address.of(dataset, "dataset")), schema_id=schema_id(shared))
    if "id" in dataset:
        return _Target(
            dataset_id=Lookup("dataset", "id", dataset["id"]),
            schema_id=Lookup("dataset", "id", dataset["id"], "schema_id"),
        )
    own = Address.of(document.name, "dataset")
    return _Target(dataset_id=Reference(own), schema_id=schema_id(dataset["schema"]))


def _source_connection(document: Document, spec: JSONObject) -> Resource:
    source = document.content["source"]
    known = connector_by_spec_id(spec["id"])
    data = dict(source.get("data") or {})
    if known is not None and known.formats:
        data.setdefault("format", known.formats[0])
    base = base_connection_id(source["connection"]) if source.get("connection") else None
    attributes: dict[str, Any] = {
        "name": source.get("title", default_name(document.name, "source_connection")),
        **given(source, "description"),
        **({"baseConnectionId": base} if base else {}),
        **given(source, "providerId"),
        **({"data": data} if data else {}),
        **given(source, "params"),
        "connectionSpec": spec,
    }
    for member, name in secret_source_places(attributes):
        attributes[member] = {**attributes[member], name: Sensitive(attributes[member][name])}
    return Resource(
        address=Address.of(document.name, "source_connection"),
        attributes=attributes,
        depends_on=references(base),
        replaced_with=frozenset({Address.of(document.name, "target_connection")}),
        lifecycle=_protection(document),
        declared=partial(document.span, "source"),
    )


def _target_connection(document: Document, target: _Target) -> Resource:
    declared = document.content.get("target") or {}
    data = dict(declared.get("data") or {})
    attributes: dict[str, Any] = {
        "name": declared.get("title", default_name(document.name, "target_connection")),
        **given(declared, "description"),
        "data": {**data, "schema": {**(data.get("schema") or {}), "id": target.schema_id}},
        "params": {"dataSetId": target.dataset_id},
    }
    return Resource(
        address=Address.of(document.name, "target_connection"),
        attributes=attributes,
        depends_on=references(target.schema_id, target.dataset_id),
        replaced_with=frozenset({Address.of(document.name, "source_connection")}),
        lifecycle=_protection(document),
        declared=partial(document.span, "dataset"),
    )


def _mapping_set(document: Document, target: _Target) -> Resource:
    attributes = {
        "xdmSchema": target.schema_id,
        "mappings": [dict(mapping) for mapping in document.content["mappings"]],
    }
    return Resource(
        address=Address.of(document.name, "mapping_set"),
        attributes=attributes,
        depends_on=references(target.schema_id),
        lifecycle=_protection(document),
        declared=partial(document.span, "mappings"),
    )


def _flow(document: Document, spec: JSONObject, is_mapped: bool) -> Resource:
    content, name = document.content, document.name
    metadata = content["metadata"]
    flow_spec = pinned(flow_spec_name(content, spec["id"]))
    if flow_spec is None:
        raise AssertionError(f"no pinned flow spec for {name}")
    source = Reference(Address.of(name, "source_connection"))
    target = Reference(Address.of(name, "target_connection"))
    mapping = Reference(Address.of(name, "mapping_set")) if is_mapped else None
    transformations = transformations_of(content)
    if mapping is not None:
        params = {"mappingId": mapping, "mappingVersion": Reference(mapping.address, "version")}
        transformations.append({"name": "Mapping", "params": params})
    if content.get("encryption"):
        transformations.append({"name": "Encryption", "params": dict(content["encryption"])})
    attributes: dict[str, Any] = {
        "name": metadata.get("title", name),
        **given(metadata, "description"),
        "flowSpec": {"id": flow_spec.id, "version": flow_spec.version},
        "sourceConnectionIds": [source],
        "targetConnectionIds": [target],
        **({"transformations": transformations} if transformations else {}),
        **({"scheduleParams": schedule_params(content["schedule"])} if content.get("schedule") else {}),
        **given(content, "options"),
    }
    return Resource(
        address=Address.of(name, "flow"),
        attributes=attributes,
        depends_on=references(source, target, mapping),
        lifecycle=_protection(document),
        declared=partial(_flow_place, document),
    )


_MEMBERS: Mapping[Step, Step] = {"scheduleParams": "schedule", "sourceConnectionIds": "source"}
_TRANSFORMATIONS: Mapping[Step, Step] = {
    "[Copy]": "incremental",
    "[Mapping]": "mappings",
    "[Encryption]": "encryption",
}


def _flow_place(document: Document, *path: Step) -> SourceSpan:
    """The place of an attribute of a flow, which a pipeline declares under names of its own."""
    member, *below = path or ("",)
    if member == "transformations" and below:
        return document.span(_TRANSFORMATIONS[below[0]])
    return document.span(_MEMBERS.get(member, member), *below) if member else document.span()


def _protection(document: Document) -> Lifecycle:
    """`preventDestroy` of the pipeline holds for all its parts; `onDelete` is for datasets only."""
    return Lifecycle(prevent_destroy=lifecycle(document.content).prevent_destroy)


def transformations_of(content: Mapping[str, Any]) -> list[JSONObject]:
    """The transformations that stand before the mapping: Copy with the column of incremental reads."""
    incremental = content.get("incremental")
    if not incremental:
        return []
    column = {"name": incremental["column"], **given(incremental, "dateFormat", "timezone")}
    return [{"name": "Copy", "params": {"deltaColumn": column}}]


def schedule_params(schedule: Mapping[str, Any]) -> JSONObject:
    """`scheduleParams` with the types that the flow spec's schema asks for: startTime in epoch seconds.

    The documented default of `backfill` is written out: it cannot change after the start, so a plan has to see it.
    """
    params = {**schedule, "startTime": epoch_seconds(schedule["startTime"])}
    if isinstance(params.get("interval"), float):
        params["interval"] = int(params["interval"])
    return params if schedule["frequency"] == "once" else {"backfill": True, **params}
