"""Every kind of document that live objects become. Only an import needs it, so nothing that checks manifests has it."""

from dataclasses import dataclass
from typing import Final

from flowctl.manifest.collapse.connection import connection
from flowctl.manifest.collapse.dataset import dataset, schema
from flowctl.manifest.collapse.fields import data_type, field_group, xdm_class
from flowctl.manifest.collapse.namespace import namespace
from flowctl.manifest.collapse.pipeline import pipeline
from flowctl.manifest.collapse.subject import Collapse


@dataclass(frozen=True, slots=True, kw_only=True)
class CollapsedKind:
    """A kind of document with the kinds of objects that become one; the first is the object that it is about."""

    name: str
    kinds: tuple[str, ...]
    collapse: Collapse


COLLAPSED_KINDS: Final = (
    CollapsedKind(name="Connection", kinds=("connection",), collapse=connection),
    CollapsedKind(name="Schema", kinds=("schema", "descriptor", "profile"), collapse=schema),
    CollapsedKind(name="Namespace", kinds=("namespace",), collapse=namespace),
    CollapsedKind(name="DataType", kinds=("data_type",), collapse=data_type),
    CollapsedKind(name="Class", kinds=("class",), collapse=xdm_class),
    CollapsedKind(name="FieldGroup", kinds=("field_group",), collapse=field_group),
    CollapsedKind(name="Dataset", kinds=("dataset",), collapse=dataset),
    CollapsedKind(
        name="Pipeline", kinds=("flow", "source_connection", "target_connection", "mapping_set"), collapse=pipeline
    ),
)
