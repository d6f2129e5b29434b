"""Schema and Dataset documents, and the inline dataset of a pipeline."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flowctl.manifest.document import Document
from flowctl.manifest.expand.members import given, lifecycle, references
from flowctl.model.address import Address
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.resource import Lifecycle, Lookup, Reference, Resource
from flowctl.text.positions import Step


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
        declared=partial(_schema_place, document),
    )


def _schema_place(document: Document, *path: Step) -> SourceSpan:
    """The place of an attribute of a schema; a field group is told by its $id."""
    member, *below = path or ("",)
    if member != "fieldGroups" or not below:
        return document.span(*path)
    names = [f"[{group}]" for group in document.at("fieldGroups") or ()]
    return document.span("fieldGroups", names.index(str(below[0]))) if below[0] in names else document.span()


def dataset(document: Document) -> Resource:
    """The dataset of a Dataset document."""
    return _dataset(document.name, document.content, lifecycle(document.content), partial(_dataset_place, document, ()))


def inline_dataset(pipeline: Document) -> Resource:
    """The dataset that a pipeline declares in itself; its `lifecycle` may stand on either."""
    content = pipeline.content["dataset"]
    holder = content if content.get("lifecycle") else pipeline.content
    return _dataset(pipeline.name, content, lifecycle(holder), partial(_dataset_place, pipeline, ("dataset",)))


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


def _dataset_place(document: Document, base: tuple[Step, ...], *path: Step) -> SourceSpan:
    """The place of an attribute of a dataset that is declared below `base`; of a tag, that of its name."""
    return document.key_span(*base, *path) if path[:1] == ("tags",) else document.span(*base, *path)


def _dataset(name: str, content: Mapping[str, Any], rules: Lifecycle, declared: Callable[..., SourceSpan]) -> Resource:
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
