"""Every kind of document that live objects become. Only an import needs it, so nothing that checks manifests has it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flowctl.manifest.collapse.connection import connection
from flowctl.manifest.collapse.dataset import dataset
from flowctl.manifest.collapse.fields import data_type, field_group, xdm_class
from flowctl.manifest.collapse.namespace import namespace
from flowctl.manifest.collapse.pipeline import pipeline
from flowctl.manifest.collapse.schema import left_out, schema
from flowctl.manifest.collapse.subject import Collapse
from flowctl.model.json_value import JSONObject


@dataclass(frozen=True, slots=True, kw_only=True)
class CollapsedKind:
    """A kind of document with the kinds of objects that become one; the first is the object that it is about.

    `left_out` says why a document does not declare some of its objects of one kind, by their positions. It gets these,
    those of all documents, and the names of documents by the IDs of their objects.
    """

    name: str
    kinds: tuple[str, ...]
    collapse: Collapse
    left_out: Callable[[Sequence[JSONObject], Sequence[JSONObject], Mapping[str, str]], Mapping[int, str]] = (
        lambda _own, _others, _documents: {}
    )


COLLAPSED_KINDS: Final = (
    CollapsedKind(name="Connection", kinds=("connection",), collapse=connection),
    CollapsedKind(name="Schema", kinds=("schema", "descriptor", "profile"), collapse=schema, left_out=left_out),
    CollapsedKind(name="Namespace", kinds=("namespace",), collapse=namespace),
    CollapsedKind(name="DataType", kinds=("data_type",), collapse=data_type),
    CollapsedKind(name="Class", kinds=("class",), collapse=xdm_class),
    CollapsedKind(name="FieldGroup", kinds=("field_group",), collapse=field_group),
    CollapsedKind(name="Dataset", kinds=("dataset",), collapse=dataset),
    CollapsedKind(
        name="Pipeline", kinds=("flow", "source_connection", "target_connection", "mapping_set"), collapse=pipeline
    ),
)
