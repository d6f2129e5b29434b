"""Finish a document as it was built: its kind, its types, its secrets, and every problem of its own."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from flowctl.manifest.auth_params import hide
from flowctl.manifest.document import Document, Substituted
from flowctl.manifest.document_kind import DocumentKinds
from flowctl.manifest.head import not_a_mapping, unknown_head
from flowctl.manifest.published import schema
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.manifest.shape import shape_problems
from flowctl.manifest.substitution_problems import lookalike_problems, substitution_problems
from flowctl.manifest.wanted import converted
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSON, JSONObject
from flowctl.text.built import RECENT, Built
from flowctl.text.reader import read
from flowctl.text.substitution import verbatim

if TYPE_CHECKING:
    from flowctl.text.nodes import Node


def finish(
    built: Built,
    file: str,
    known_variables: Mapping[str, JSON],
    *,
    has_lookalikes: bool,
    kinds: DocumentKinds = DOCUMENT_KINDS,
) -> tuple[Document | None, list[Diagnostic]]:
    """The document, or None where it has no known kind, and its diagnostics in the order of the text.

    `has_lookalikes` says that there is something in the file that looks like another tool's substitution.
    """
    content = built.value
    document = Document(
        kind=_text(content, "kind"),
        name=_name(content),
        content=content if isinstance(content, dict) else {},
        file=file,
        composed=built.composed,
        expanded=built.expanded,
        text=lambda: built.text,
    )
    if not isinstance(content, dict):
        return None, [not_a_mapping(document, content)] if built.sound else []
    kind = kinds.get(document.kind)
    if kind is None:
        return None, list(unknown_head(document, content, tuple(kinds)))
    substituted = document.expanded
    _convert(document, content, substituted)
    shape = shape_problems(document, content, kinds)
    secret = frozenset(kind.secret_params(content, substituted))
    if not (shape or substituted or secret or has_lookalikes):
        return document, []  # as nearly every document
    places = (
        frozenset(kind.secret_places(document)) if any(each.unset for each in substituted.values()) else frozenset()
    )
    said = [*substitution_problems(document, substituted, secret, places, known_variables)]
    if secret or has_lookalikes:
        said += lookalike_problems(document, secret, everywhere=has_lookalikes)
    said += hide(document, content, secret, substituted)
    spans = {diagnostic.span for diagnostic in said}
    return document, [*said, *(diagnostic for diagnostic in shape if diagnostic.span not in spans)]


def known_documents(contents: Sequence[JSONObject], data: bytes, file: str) -> list[Document]:
    """The documents of a file that is known to be good; it is composed only if a place in it is asked for.

    `data` are the bytes of the file, which hold no substitution and no secret.
    """
    return [
        Document(
            kind=content["kind"],
            name=_name(content),
            content=content,
            file=file,
            composed=partial(_root, data, place),
            text=partial(_decoded, data),
            has_secrets=False,
        )
        for place, content in enumerate(contents)
    ]


@lru_cache(maxsize=RECENT)
def _roots(data: bytes) -> "tuple[Node, ...]":
    """The nodes of a file's documents."""
    return tuple(built.root for built in read(_decoded(data), verbatim).documents)


def _root(data: bytes, place: int) -> "Node":
    return _roots(data)[place]


def _decoded(data: bytes) -> str:
    return data.decode("utf-8-sig")


def _text(content: JSON, key: str) -> str:
    value = content.get(key) if isinstance(content, dict) else None
    return value if isinstance(value, str) else ""


def _name(content: JSON) -> str:
    return _text(content.get("metadata"), "name") if isinstance(content, dict) else ""


def _convert(document: Document, content: JSON, substituted: Substituted) -> None:
    """Put numbers and booleans where the schema wants them and the text that came out reads as one."""
    for path in substituted:
        value = document.at(*path)
        if isinstance(value, str):
            read = converted(schema(document.kind), path, value)
            if read is not value:
                holder = content
                for step in path[:-1]:
                    holder = holder[step]
                holder[path[-1]] = read
