"""Kinds of documents as explanations, read from their published JSON Schemas."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from flowctl.manifest.document_kind import DocumentKind
from flowctl.manifest.published import schema
from flowctl.model.explanation import ExplainedDocument, ExplainedKey
from flowctl.model.json_value import JSON, JSONObject
from flowctl.operations.explaining.pages import pages
from flowctl.text.writer import Substitution, document_text

_LEVELS: Final = 2
_EVERYWHERE: Final = frozenset(["apiVersion", "kind"])
"""Keys of which every document has the same to say."""


def explained_document(kind: DocumentKind) -> ExplainedDocument:
    """The explanation of a kind of document."""
    described = schema(kind.name)
    examples = described.get("examples") or ()
    return ExplainedDocument(
        kind=kind.name,
        meaning=str(described.get("description", "")),
        creates=tuple(sorted(kind.makes)),
        keys=tuple(_keys(described, "", _LEVELS)),
        example=document_text(_as_published(examples[0])) if examples else "",
        pages=pages("reference/manifests.md"),
    )


def _as_published(example: JSON) -> Any:
    """An example of the manifest language, whose `${...}` are those that a user writes."""
    if isinstance(example, Mapping):
        return {key: _as_published(value) for key, value in example.items()}
    if isinstance(example, list):
        return list(map(_as_published, example))
    return Substitution(example) if isinstance(example, str) and "${" in example else example


def _keys(described: JSONObject, prefix: str, levels: int) -> Iterator[ExplainedKey]:
    required = described.get("required") or ()
    for name, member in _properties(described).items():
        if not prefix and name in _EVERYWHERE:
            continue
        path = f"{prefix}{name}"
        yield ExplainedKey(path=path, required=name in required, meaning=str(member.get("description", "")))
        if levels > 1:
            yield from _keys(member, f"{path}.", levels - 1)


def _properties(described: JSONObject) -> Mapping[str, JSONObject]:
    found: JSON = described.get("properties")
    return found if isinstance(found, Mapping) else {}
