"""Datasets, which a Dataset document or a pipeline declares, and the schemas that they follow."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flowctl.manifest.document import Document
from flowctl.manifest.index import Named
from flowctl.manifest.parts.members import given, references
from flowctl.model.address import Address
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.resource import Lifecycle, Lookup, Reference, Resource
from flowctl.text.positions import Step, ValuePath


def schema_id(schema: JSON) -> Reference | Lookup:
    """What a `schema` member stands for: a document's name, or `{id}` or `{title}` of a live schema."""
    if isinstance(schema, str):
        return Reference(Address.of(schema, "schema"))
    by = "id" if "id" in schema else "title"
    return Lookup("schema", by, schema[by])


_PROFILE: Final[Mapping[str, list[str]]] = {
    "unifiedProfile": ["enabled:true"],
    "unifiedIdentity": ["enabled:true"],
}
"""The tags that enable a dataset for Profile."""


def _enables(documents: Named, schema: Reference | Lookup) -> bool:
    """Whether the manifests enable a schema for Profile."""
    document = documents.get(("Schema", schema.address.name)) if isinstance(schema, Reference) else None
    return document is not None and document.at("profile") is True


def _tags(tags: Mapping[str, Any]) -> JSONObject:
    """The platform's own tags are written with and without a blank (`enabled: true`); here they have none."""
    own = ("unifiedProfile", "unifiedIdentity")
    return {name: [value.replace(" ", "") for value in tags[name]] if name in own else tags[name] for name in tags}


def dataset_place(document: Document, base: ValuePath, *path: Step) -> SourceSpan:
    """The place of an attribute of a dataset that is declared below `base`; of a tag, that of its name."""
    return document.key_span(*base, *path) if path[:1] == ("tags",) else document.span(*base, *path)


def dataset(
    name: str,
    content: JSONObject,
    rules: Lifecycle,
    declared: Callable[..., SourceSpan],
    documents: Named,
) -> Resource:
    """The dataset that a Dataset document, or the `dataset` of a pipeline, declares.

    With tags for Profile it waits until its schema is enabled.
    """
    schema = schema_id(content["schema"])
    tags = {**_tags(content.get("tags") or {}), **(_PROFILE if content.get("profile") is True else {})}
    needs = references(schema)
    if isinstance(schema, Reference) and tags.keys() & _PROFILE.keys() and _enables(documents, schema):
        needs |= {Address.of(schema.address.name, "profile")}
    attributes: dict[str, Any] = {
        "name": content.get("title", name),
        **given(content, "description"),
        **({"tags": tags} if tags else {}),
        "schemaRef": {"id": schema},
    }
    return Resource(
        address=Address.of(name, "dataset"),
        attributes=attributes,
        depends_on=needs,
        lifecycle=rules,
        has_own_title="title" in content,
        declared=declared,
    )
