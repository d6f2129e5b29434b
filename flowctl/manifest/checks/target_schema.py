"""Destinations looked up in the schema that a pipeline writes to."""

from functools import lru_cache
from typing import TYPE_CHECKING

from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.target_schema import TargetSchema, fields_of
from flowctl.manifest.target_schema import schema_of as schema_document

if TYPE_CHECKING:
    from flowctl.xdm.destinations import PathProblem
    from flowctl.xdm.fields import Field


def schema_of(document: Document, index: Index) -> TargetSchema | None:
    """Return the schema of a pipeline's dataset, which several checks ask for."""
    return index.once(_schema_of, document)


def _schema_of(document: Document, index: Index) -> TargetSchema | None:
    found = schema_document(document, index.documents)
    # Many pipelines write to one schema.
    return (
        index.once(_declared, found) if isinstance(found, Document) else fields_of(found, index.documents, index.pulled)
    )


def _declared(schema: Document, index: Index) -> TargetSchema | None:
    return fields_of(schema, index.documents, index.pulled)


@lru_cache(maxsize=16384)
def path_problem(path: str, fields: "Field | None") -> "PathProblem | None":
    """Return what is wrong with a destination, in its form or among these fields."""
    from flowctl.xdm.destinations import PathProblem, problem_of, steps_of

    if fields is not None:
        return problem_of(path, fields)
    found = steps_of(path)
    return found if isinstance(found, PathProblem) else None


@lru_cache(maxsize=16384)
def field_of(path: str, fields: "Field") -> "Field | None":
    """Return the field that a destination leads to."""
    from flowctl.xdm.destinations import field_at

    return field_at(path, fields)


@lru_cache(maxsize=256)
def required_of(fields: "Field") -> frozenset[str]:
    """Return the paths of required fields."""
    return frozenset(fields.required())
