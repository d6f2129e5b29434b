"""The flow of a pipeline: its flow spec, its transformations and its schedule, as they are sent."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from flowctl.manifest.document import Document
from flowctl.manifest.parts.members import given, on_replace, references
from flowctl.manifest.times import epoch_seconds
from flowctl.model.address import Address
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.json_value import JSONObject
from flowctl.model.resource import Lifecycle, Reference, Resource
from flowctl.specs.catalogue import connector_by_spec_id
from flowctl.specs.flow_specs import is_id, pinned_as, serving
from flowctl.text.positions import Step, ValuePath


def flow(document: Document, spec: JSONObject, rules: Lifecycle, *, is_mapped: bool) -> Resource:
    """The flow of a pipeline; `spec` is the connection spec of its source."""
    content, name = document.content, document.name
    metadata = content["metadata"]
    source = Reference(Address.of(name, "source_connection"))
    target = Reference(Address.of(name, "target_connection"))
    mapping = Reference(Address.of(name, "mapping_set")) if is_mapped else None
    transformations = _transformations(content)
    if mapping is not None:
        params = {"mappingId": mapping, "mappingVersion": Reference(mapping.address, "version")}
        transformations.append({"name": "Mapping", "params": params})
    if content.get("encryption"):
        transformations.append({"name": "Encryption", "params": dict(content["encryption"])})
    attributes: dict[str, Any] = {
        "name": metadata.get("title", name),
        **given(metadata, "description"),
        **given(content, "state"),
        "flowSpec": _flow_spec(content, spec["id"]),
        "sourceConnectionIds": [source],
        "targetConnectionIds": [target],
        **({"transformations": transformations} if transformations else {}),
        **({"scheduleParams": _schedule_params(content["schedule"])} if content.get("schedule") else {}),
        **given(content, "options"),
    }
    return Resource(
        address=Address.of(name, "flow"),
        attributes=attributes,
        depends_on=references(source, target, mapping),
        lifecycle=rules,
        has_own_title="title" in metadata,
        on_replace=on_replace(content),
        declared=partial(_place, document),
    )


_MEMBERS: Final[Mapping[Step, ValuePath]] = {
    "name": ("metadata", "title"),
    "description": ("metadata", "description"),
    "scheduleParams": ("schedule",),
    "sourceConnectionIds": ("source",),
    "targetConnectionIds": ("dataset",),
}
_TRANSFORMATIONS: Final[Mapping[Step, Step]] = {
    "[Copy]": "incremental",
    "[Mapping]": "mappings",
    "[Encryption]": "encryption",
}


def _place(document: Document, *path: Step) -> SourceSpan:
    """The place of an attribute of a flow, which a pipeline declares under names of its own."""
    member, *below = path or ("",)
    if member == "transformations" and below:
        # Somebody may have added a transformation for which manifests have no key.
        return document.span(_TRANSFORMATIONS.get(below[0], "mappings"))
    return document.span(*_MEMBERS.get(member, (member,)), *below) if member else document.span()


def _flow_spec(content: Mapping[str, Any], spec_id: str) -> JSONObject:
    """The flow spec as a flow refers to it; one that only Experience Platform has is named by its ID."""
    name = _flow_spec_name(content, spec_id)
    known = pinned_as(name)
    if known is None and not is_id(name):
        raise AssertionError(f"no pinned flow spec {name}")
    return {"id": known.id, "version": known.version} if known is not None else {"id": name.lower(), "version": "1.0"}


def _flow_spec_name(content: Mapping[str, Any], spec_id: str) -> str:
    """The flow spec that a pipeline names, or the one that serves its connection spec."""
    if content.get("flowSpec"):
        return str(content["flowSpec"])
    known = connector_by_spec_id(spec_id)
    return known.flow_spec if known else serving(spec_id)[0]


def _transformations(content: Mapping[str, Any]) -> list[JSONObject]:
    """The transformations that stand before the mapping: Copy with the column of incremental reads."""
    incremental = content.get("incremental")
    if not incremental:
        return []
    column = {"name": incremental["column"], **given(incremental, "dateFormat", "timezone")}
    return [{"name": "Copy", "params": {"deltaColumn": column}}]


def _schedule_params(schedule: Mapping[str, Any]) -> JSONObject:
    """`scheduleParams` with the types that the flow spec's schema asks for: startTime in epoch seconds.

    The documented default of `backfill` is written out: it cannot change after the start, so a plan has to see it.
    """
    params = {**schedule, "startTime": epoch_seconds(schedule["startTime"])}
    if isinstance(params.get("interval"), float):
        params["interval"] = int(params["interval"])
    return params if schedule["frequency"] == "once" else {"backfill": True, **params}
