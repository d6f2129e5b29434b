"""Pipeline documents: a source connection, a target connection, a mapping set and a flow, and the dataset that a
pipeline may declare in itself."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from flowctl.manifest.checks.alike_flows import once_for_alike_flows
from flowctl.manifest.checks.alike_mappings import once_for_alike_mappings
from flowctl.manifest.checks.columns import columns
from flowctl.manifest.checks.copied_objects import copied_objects
from flowctl.manifest.checks.destinations import destinations
from flowctl.manifest.checks.encryption import encryption
from flowctl.manifest.checks.expressions import expressions
from flowctl.manifest.checks.file_paths import source_path
from flowctl.manifest.checks.flow import flow as flow_checks
from flowctl.manifest.checks.flow_functions import flow_functions
from flowctl.manifest.checks.health import health
from flowctl.manifest.checks.identity_map import identity_map
from flowctl.manifest.checks.mapping_files import mapping_files
from flowctl.manifest.checks.mapping_types import mapping_types
from flowctl.manifest.checks.mappings import mappings
from flowctl.manifest.checks.open_keys import pipeline_keys
from flowctl.manifest.checks.profile_tags import inline_tags
from flowctl.manifest.checks.schema_parts import dataset_schema
from flowctl.manifest.checks.source import source
from flowctl.manifest.checks.tenants import tenants
from flowctl.manifest.checks.time_zones import has_only_utc, time_zones
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKind, DocumentReference
from flowctl.manifest.index import Named
from flowctl.manifest.mapping_rows import as_sent, entries, file_name, rows
from flowctl.manifest.parts.dataset import dataset, dataset_place, schema_id
from flowctl.manifest.parts.flow import flow
from flowctl.manifest.parts.members import given, lifecycle, references
from flowctl.manifest.parts.source_connection import source_connection, source_connection_spec
from flowctl.manifest.parts.writing import members
from flowctl.manifest.parts.writing_flow import write_flow, write_mapping
from flowctl.model.address import Address
from flowctl.model.default_names import default_name
from flowctl.model.diagnostic import Diagnostic, SourceSpan
from flowctl.model.resource import Lifecycle, Lookup, OnDelete, Reference, Resource
from flowctl.specs.catalogue import connector, connector_names
from flowctl.specs.secret_places import secret_source_places
from flowctl.text.positions import Step, ValuePath
from flowctl.validation.wording import code, quoted


class _Target(NamedTuple):
    """Where a pipeline writes: the dataset and its schema."""

    dataset_id: Reference | Lookup
    schema_id: Reference | Lookup


def own_datasets(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """Each pipeline whose own dataset has the address of a Dataset document."""
    shared = {document.name: document for document in reversed(documents) if document.kind == _DATASET}
    for document in documents if shared else ():
        known = shared.get(document.name) if document.kind == PIPELINE.name and document.name else None
        if known is not None and _is_inline(document.at("dataset")):
            yield document.error(
                "duplicate-address",
                f"two datasets have the address {code(f'{document.name}.dataset')}",
                "dataset",
                detail=f"The other one is Dataset {quoted(known.name)} in {known.place('metadata', 'name')}.",
                hint=f"Rename one of the documents, or write {code(f'dataset: {known.name}')} here.",
                at_key=True,
            )


def param_keys() -> Iterator[str]:
    """Parameters of the sources of every connector."""
    for name in connector_names():
        known = connector(name)
        if known is not None:
            yield from (f"source.params.{key}" for key in (known.source_schema or {}).get("properties", {}))


def secret_places(document: Document) -> Iterator[ValuePath]:
    """Places in the source that are named like a credential, or have one."""
    declared = document.at("source")
    if isinstance(declared, Mapping):
        yield from (("source", *place) for place in secret_source_places(declared))


def files(document: Document) -> Iterator[str]:
    """The file that holds the mappings."""
    name = file_name(document)
    if name is not None:
        yield name


def expand(document: Document, documents: Named) -> Sequence[Resource]:
    """The resources of a pipeline, its own dataset first.

    Its `preventDestroy` applies to all of them; `onDelete` only to datasets.
    """
    content = document.content
    rules = lifecycle(content)
    if rules.on_delete is not OnDelete.AUTO:
        rules = rules._replace(on_delete=OnDelete.AUTO)
    target = _target(document, documents)
    spec = source_connection_spec(content["source"], documents)
    is_mapped = bool(content.get("mappings"))
    return [
        *([_own_dataset(document, documents)] if _is_inline(content["dataset"]) else []),
        source_connection(document, spec, rules),
        _target_connection(document, target, rules),
        *([_mapping_set(document, target, rules)] if is_mapped else []),
        flow(document, spec, rules, is_mapped=is_mapped),
    ]


def _own_dataset(document: Document, documents: Named) -> Resource:
    """The dataset that a pipeline declares in itself; both may have a `lifecycle`."""
    content = document.content["dataset"]
    holder = content if content.get("lifecycle") else document.content
    declared = partial(dataset_place, document, ("dataset",))
    return dataset(document.name, content, lifecycle(holder), declared, documents)


def _is_inline(dataset: Any) -> bool:
    return isinstance(dataset, Mapping) and "id" not in dataset


def _target(document: Document, documents: Named) -> _Target:
    dataset = document.content["dataset"]
    if isinstance(dataset, str):
        shared = documents["Dataset", dataset].content["schema"]
        return _Target(dataset_id=Reference(Address.of(dataset, "dataset")), schema_id=schema_id(shared))
    if "id" in dataset:
        return _Target(
            dataset_id=Lookup("dataset", "id", dataset["id"]),
            schema_id=Lookup("dataset", "id", dataset["id"], "schema_id"),
        )
    own = Address.of(document.name, "dataset")
    return _Target(dataset_id=Reference(own), schema_id=schema_id(dataset["schema"]))


def _target_connection(document: Document, target: _Target, rules: Lifecycle) -> Resource:
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
        lifecycle=rules,
        has_own_title="title" in declared,
        declared=partial(document.span, "dataset"),
    )


def _mapping_set(document: Document, target: _Target, rules: Lifecycle) -> Resource:
    attributes = {
        "xdmSchema": target.schema_id,
        "mappings": [as_sent(entry) if "value" in entry else entry for entry in entries(document)],
    }
    return Resource(
        address=Address.of(document.name, "mapping_set"),
        attributes=attributes,
        depends_on=references(target.schema_id),
        lifecycle=rules,
        declared=partial(_mapping_place, document),
    )


def _mapping_place(document: Document, *path: Step) -> SourceSpan:
    """The place of an attribute of a mapping set; a mapping is told by its destination."""
    named = {f"[{row.entry.get('destination')}]": row for row in rows(document)} if path[1:] else {}
    row = named.get(str(path[1])) if path[:1] == ("mappings",) and path[1:] else None
    return row.place() if row is not None else document.span("mappings")


_DATASET: Final = "Dataset"
_MAPPING_CHECKS: Final = (
    *(mappings, expressions, destinations, mapping_types),
    *(columns, flow_functions, tenants, copied_objects, identity_map),
)
_TITLED: Final = {"name": "title", "description": "description"}

PIPELINE: Final = DocumentKind(
    name="Pipeline",
    references=(
        DocumentReference("Connection", ("source", "connection")),
        DocumentReference(_DATASET, ("dataset",)),
        DocumentReference("Schema", ("dataset", "schema")),
    ),
    checks=(
        *(source, source_path, inline_tags, dataset_schema, mapping_files, once_for_alike_mappings(_MAPPING_CHECKS)),
        *(once_for_alike_flows((flow_checks, encryption)), time_zones, health, pipeline_keys),
    ),
    joint_checks=(own_datasets,),
    platform_keys=param_keys,
    secret_places=secret_places,
    expand=expand,
    makes=frozenset({"source_connection", "target_connection", "mapping_set", "flow", "dataset"}),
    has_lasting_verdict=has_only_utc,
    files=files,
    writers={
        "flow": write_flow,
        "mapping_set": write_mapping,
        "source_connection": members(("source",), _TITLED, below=frozenset({"data", "params"})),
        "target_connection": members(("target",), _TITLED, below=frozenset({"data"})),
        "dataset": members(("dataset",), _TITLED, below=frozenset({"tags"})),
    },
)
