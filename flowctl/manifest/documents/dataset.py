"""Dataset documents: a dataset that several pipelines may write."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from flowctl.manifest.checks.open_keys import dataset_keys
from flowctl.manifest.checks.profile_tags import dataset_tags
from flowctl.manifest.checks.schema_parts import dataset_schema
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKind, DocumentReference
from flowctl.manifest.index import Named
from flowctl.manifest.parts.dataset import dataset, dataset_place
from flowctl.manifest.parts.members import lifecycle
from flowctl.manifest.parts.writing import members
from flowctl.model.resource import Resource


def shown_to_checks(document: Document) -> str:
    """The schema, because the fields of mappings are those of the schema of their dataset."""
    return str(document.at("schema"))


def expand(document: Document, documents: Named) -> Sequence[Resource]:
    """The dataset of a Dataset document."""
    declared = partial(dataset_place, document, ())
    return [dataset(document.name, document.content, lifecycle(document.content), declared, documents)]


DATASET: Final = DocumentKind(
    name="Dataset",
    references=(DocumentReference("Schema", ("schema",)),),
    checks=(dataset_tags, dataset_keys, dataset_schema),
    expand=expand,
    makes=frozenset({"dataset"}),
    shown_to_checks=shown_to_checks,
    writers={"dataset": members((), {"name": "title", "description": "description"}, below=frozenset({"tags"}))},
)
