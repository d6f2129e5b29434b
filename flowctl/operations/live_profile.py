"""Datasets enabled for Profile: whether their schema is enabled too, before anything is sent."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.reading import read_object
from flowctl.kinds.schema import KIND
from flowctl.manifest.document import Document
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic, SourceSpan
from flowctl.model.resource import Unknown

_WRITES = (Action.CREATE, Action.UPDATE, Action.REPLACE)
_TAGS = ("unifiedProfile", "unifiedIdentity")


def unprepared_schemas(
    changes: Sequence[Change], documents: Sequence[Document], send: Send, pool: ThreadPoolExecutor
) -> list[Diagnostic]:
    """One error for each planned dataset with tags for Profile or Identity whose schema is not in the union."""
    tagged = [
        (change, tag)
        for change in changes
        if change.kind == "dataset" and change.action in _WRITES and (tag := _enabling(change)) is not None
    ]
    wanted = sorted({str(_schema(change)) for change, _ in tagged if not isinstance(_schema(change), Unknown)})
    enabled: Mapping[str, bool] = {}
    if wanted:
        found = pool.map(lambda schema_id: _is_enabled(schema_id, send), wanted)
        enabled = dict(zip(wanted, found, strict=True))
    return [_problem(change, tag, documents) for change, tag in tagged if not enabled.get(str(_schema(change)), False)]


def _enabling(change: Change) -> str | None:
    """The tag by which a change enables a dataset; None where the tags stay as they are."""
    tags = change.desired.get("tags") or {}
    if change.action is Action.UPDATE and not any(attribute.steps[0] == "tags" for attribute in change.attributes):
        return None
    return next((tag for tag in _TAGS if "enabled:true" in (tags.get(tag) or ())), None)


def _schema(change: Change) -> object:
    return change.desired["schemaRef"]["id"]


def _is_enabled(schema_id: str, send: Send) -> bool:
    live = read_object(KIND, schema_id, send)
    return live is not None and "union" in (live.body.get("meta:immutableTags") or ())


def _problem(change: Change, tag: str, documents: Sequence[Document]) -> Diagnostic:
    schema = _schema(change)
    is_new = isinstance(schema, Unknown)
    name = str(schema.address) if isinstance(schema, Unknown) else str(schema)
    return Diagnostic(
        code="schema-not-enabled",
        summary=f"{change.address} is enabled with the tag {tag}, and its schema is not enabled for Profile",
        detail=f"{name} is created in the same run, and flowctl does not enable schemas for Profile."
        if is_new
        else f"Experience Platform rejects the tag: the schema {name} does not have the tag union.",
        hint="Apply without the tag, enable the schema for Profile in the Experience Platform UI, then add the tag."
        if is_new
        else f"Enable the schema for Profile in the Experience Platform UI, or remove the tag {tag}.",
        address=change.address,
        span=next(_spans(change, tag, documents), None),
    )


def _spans(change: Change, tag: str, documents: Sequence[Document]) -> Iterator[SourceSpan]:
    """Where the tag stands: in the Dataset document, or in the pipeline's own dataset."""
    for document in documents:
        if document.name == change.address.name:
            if document.kind == "Dataset":
                yield document.key_span("tags", tag)
            elif document.kind == "Pipeline" and document.at("dataset", "tags", tag) is not None:
                yield document.key_span("dataset", "tags", tag)
