"""The schema that a pipeline writes to, as far as the workspace, standard XDM and what was pulled tell its fields."""

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from flowctl.manifest.declared_fields import is_name
from flowctl.manifest.document import Document
from flowctl.manifest.index import Named
from flowctl.manifest.pulled import Pulled, PulledSchema, reference
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.tenant import with_tenant

if TYPE_CHECKING:
    from flowctl.xdm.fields import Field
    from flowctl.xdm.library import Library


class TargetSchema(NamedTuple):
    """The fields of a schema.

    `unknown` are its classes and field groups of which nothing is known; `version` is that of a schema which was read
    from Experience Platform, and empty for one of the workspace. `has_tenant` says that the fields of the organization
    are known, and `primary` are the paths of primary identities, which are known only if `knows_identities`.
    """

    name: str
    class_: str
    fields: "Field"
    unknown: tuple[str, ...] = ()
    version: str = ""
    has_tenant: bool = False
    primary: tuple[str, ...] = ()
    knows_identities: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether every field is known."""
        return not self.unknown


def target_schema(pipeline: Document, documents: Named, pulled: Pulled) -> TargetSchema | None:
    """Return the schema of a pipeline's dataset; None for one of which nothing is known.

    It may be a Dataset document too, or a Schema document, whose schema is the document itself.
    """
    return fields_of(schema_of(pipeline, documents), documents, pulled)


def fields_of(found: Document | str | None, documents: Named, pulled: Pulled) -> TargetSchema | None:
    """Return the fields of what `schema_of` found; None if nothing is known of them."""
    if isinstance(found, str):
        schema = pulled.schema(found)
        return _pulled(schema, pulled) if schema is not None else None
    return declared_schema(found, documents, pulled) if found is not None else None


def declared_schema(found: Document, documents: Named, pulled: Pulled) -> TargetSchema | None:
    """Return the fields of a Schema document; None if nothing is known of its class."""
    ids = resource_ids(found)
    if not isinstance(found.at("class"), str):
        return None
    if not any(is_name(each) for each in ids):
        return _declared(found.name, tuple(ids), pulled)
    from flowctl.manifest.own_fields import own_library, resource_key

    keys = (resource_key("Class", ids[0]), *(resource_key("FieldGroup", each) for each in ids[1:]))
    fields, unknown = composed_of(keys, own_library(found, documents, pulled))
    if keys[0] in unknown:
        return None
    listed = found.at("identities")
    primary = [each for each in (listed if isinstance(listed, list) else ()) if isinstance(each, dict)]
    return TargetSchema(
        name=found.name,
        class_=ids[0],
        fields=fields,
        unknown=unknown,
        has_tenant=not unknown,
        primary=tuple(
            with_tenant(str(each.get("path")), found.tenant) for each in primary if each.get("primary") is True
        ),
    )


def schema_of(pipeline: Document, documents: Named) -> Document | str | None:
    """Return the Schema document of a pipeline's dataset, or the reference to a schema of Experience Platform."""
    if pipeline.kind == "Schema":
        return pipeline
    target = pipeline.name if pipeline.kind == "Dataset" else pipeline.at("dataset")
    if isinstance(target, dict) and isinstance(target.get("id"), str):
        return reference("dataset", "id", target["id"])
    holder = documents.get(("Dataset", target)) if isinstance(target, str) else pipeline
    named: JSON = None
    if holder is not None:
        named = holder.at("schema") if isinstance(target, str) else holder.at("dataset", "schema")
    if isinstance(named, dict):
        given = [(by, named[by]) for by in ("id", "title") if isinstance(named.get(by), str)]
        return reference("schema", *given[0]) if given else None
    return documents.get(("Schema", named)) if isinstance(named, str) else None


def dataset_tags(pipeline: Document, documents: Named) -> JSONObject:
    """Return the tags of a pipeline's dataset; none if the workspace does not declare it."""
    target = pipeline.name if pipeline.kind == "Dataset" else pipeline.at("dataset")
    shared = documents.get(("Dataset", target)) if isinstance(target, str) else None
    tags = shared.at("tags") if shared is not None else pipeline.at("dataset", "tags")
    return tags if isinstance(tags, dict) else {}


def resource_ids(schema: Document) -> list[str]:
    """Return the IDs of the class and the field groups that a Schema document is made of."""
    groups = schema.at("fieldGroups")
    ids = [schema.at("class"), *(groups if isinstance(groups, list) else ())]
    return [id_ for id_ in ids if isinstance(id_, str)]


@lru_cache(maxsize=256)
def _declared(name: str, ids: tuple[str, ...], pulled: Pulled) -> TargetSchema | None:
    fields, unknown = _composed(ids, pulled)
    if ids[0] in unknown:
        return None
    return TargetSchema(
        name=name,
        class_=ids[0],
        fields=fields,
        unknown=unknown,
        has_tenant=not unknown and not pulled.resources.keys().isdisjoint(ids),
    )


@lru_cache(maxsize=64)
def composed_of(ids: tuple[str, ...], library: "Library") -> "tuple[Field, tuple[str, ...]]":
    """The fields of a class and field groups of a library that has those of the workspace."""
    from flowctl.xdm.schema_fields import composed

    fields, unknown = composed(ids, library)
    return fields, tuple(unknown)


@lru_cache(maxsize=64)
def _composed(ids: tuple[str, ...], pulled: Pulled) -> "tuple[Field, tuple[str, ...]]":
    """The fields of a class and field groups, which schemas of different names may share."""
    # Imported here, because most commands look at no schema.
    from flowctl.xdm.schema_fields import composed

    fields, unknown = composed(ids, pulled.library())
    return fields, tuple(unknown)


@lru_cache(maxsize=256)
def _pulled(schema: PulledSchema, pulled: Pulled) -> TargetSchema:
    from flowctl.xdm.fields import field

    return TargetSchema(
        name=schema.title,
        class_=schema.class_,
        fields=field([dict(schema.facts)], pulled.library()),
        version=schema.version,
        has_tenant=True,
        primary=schema.primary,
        knows_identities=True,
    )
