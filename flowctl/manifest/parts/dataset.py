"""Schema and Dataset documents, and the inline dataset of a pipeline."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flowctl.manifest.document import Document
from flowctl.manifest.parts.members import given, lifecycle, references
from flowctl.model.address import Address
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.resource import Lifecycle, Lookup, Reference, Resource


def schema(document: Document) -> Resource:
    """The XDM schema of a Schema document; the order of field groups is free, so they are sorted."""
    content = document.content
    attributes = {
        "title": content.get("title", document.name),
        **given(content, "description"),
        "class": content["class"],
        "fieldGroups": sorted(content.get("fieldGroups") or ()),
    }
    return Resource(
        address=Address.of(document.name, "schema"),
        attributes=attributes,
        lifecycle=lifecycle(content),
        declared=document.span,
    )


def dataset(document: Document) -> Resource:
    """The dataset of a Dataset document."""
    return _dataset(document.name, document.content, lifecycle(document.content), document.span)


def inline_dataset(pipeline: Document) -> Resource:
    """The dataset that a pipeline declares in itself; its `lifecycle` may stand on either."""
    content = pipeline.content["dataset"]
    holder = content if content.get("lifecycle") else pipeline.content
    return _dataset(pipeline.name, content, lifecycle(holder), partial(pipeline.span, "dataset"))


def schema_id(schema: JSON) -> Reference | Lookup:
    """What a `schema` member stands for: a document's name, or `{id}` or `{title}` of a live schema."""
    if isinstance(schema, str):
        return Reference(Address.of(schema, "schema"))
    by = "id" if "id" in schema else "title"
    return Lookup("schema", by, schema[by])


def _tags(tags: Mapping[str, Any]) -> JSONObject:
    """The platform's own tags are written with and without a blank (`enabled: true`); here they have none."""
    own = ("unifiedProfile", "unifiedIdentity")
    return {name: [value.replace(" ", "") for value in tags[name]] if name in own else tags[name] for name in tags}


def _dataset(name: str, content: Mapping[str, Any], rules: Lifecycle, declared: Callable[[], SourceSpan]) -> Resource:
    schema = schema_id(content["schema"])
    attributes: dict[str, Any] = {
        "name": content.get("title", name),
        **given(content, "description"),
        **({"tags": _tags(content["tags"])} if content.get("tags") else {}),
        "schemaRef": {"id": schema},
    }
    return Resource(
        address=Address.of(name, "dataset"),
        attributes=attributes,
        depends_on=references(schema),
        lifecycle=rules,
        declared=declared,
    )
