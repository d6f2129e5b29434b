"""The documents that changed since a commit: by what they say, whatever file they stand in."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flowctl.manifest.document import Document
from flowctl.manifest.reading.discover import ENDINGS, WORKSPACE_FILE, as_text
from flowctl.model.json_value import JSON
from flowctl.model.selection import DocumentKey
from flowctl.operations.git import Since, changed_since, text_of
from flowctl.regular_file import TooLarge, read_regular
from flowctl.text.reader import read
from flowctl.text.source import MOST_BYTES, TextProblem, decode
from flowctl.text.substitution import verbatim

_OF_ALL: Final = ("manifests", "rules")
"""Keys of flowctl.yaml that concern every document, and so do those of an environment besides these."""
_OF_NONE: Final = ("auth", "variables")
_Texts = Mapping[DocumentKey, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedDocuments:
    """What changed: documents that are new or say something else, those that are gone, and files."""

    documents: frozenset[DocumentKey]
    removed: frozenset[DocumentKey]
    files: frozenset[str]


def changed_documents(root: Path, ref: str, documents: Sequence[Document], environment: str) -> ChangedDocuments:
    """The documents of a workspace that changed since a branch left `ref`. Raises ManifestError if git cannot tell.

    A document counts whose text changed, or a file or a variable that it uses; comments and places do not.
    """
    since = changed_since(root, ref)
    before, now = _texts(root, since)
    files = frozenset(_real(root, path) for path in since.files)
    changed = {key for key, text in now.items() if before.get(key) != text}
    removed = before.keys() - now.keys() - {(document.kind, document.name) for document in documents}
    settings = _settings(root, since, environment)
    changed |= {
        (document.kind, document.name)
        for document in documents
        if settings.concern(document) or any(_real(root, named.path) in files for named in document.files.values())
    }
    return ChangedDocuments(
        documents=frozenset(changed),
        removed=frozenset(removed),
        files=frozenset(map(as_text, since.files)),
    )


def _texts(root: Path, since: Since) -> tuple[_Texts, _Texts]:
    """The documents of the changed files as they were and as they are; what could not be read was not there."""
    before: dict[DocumentKey, str] = {}
    now: dict[DocumentKey, str] = {}
    for path, blob in since.files.items():
        if path.endswith(ENDINGS):
            before |= _documents(text_of(root, blob)) if blob is not None else {}
            now |= _documents(_present(root / path))
    return before, now


def _present(path: Path) -> bytes:
    """The bytes of a file; none if it is gone or cannot be read, which the reading of manifests reports."""
    try:
        return read_regular(path, MOST_BYTES)
    except (OSError, TooLarge):
        return b""


def _documents(data: bytes) -> dict[DocumentKey, str]:
    """The text of each document, without comments and places; nothing of what is not YAML as flowctl reads it."""
    text = decode(data)
    reading = read(text, verbatim) if not isinstance(text, TextProblem) else None
    return {
        key: json.dumps(built.value, sort_keys=True, default=str)
        for built in (reading.documents if reading is not None else ())
        if (key := _key(built.value)) is not None
    }


def _key(content: JSON) -> DocumentKey | None:
    metadata = content.get("metadata") if isinstance(content, dict) else None
    name = metadata.get("name") if isinstance(metadata, dict) else None
    kind = content.get("kind") if isinstance(content, dict) else None
    return (kind, name) if isinstance(kind, str) and isinstance(name, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    """What changed in flowctl.yaml: everything that documents rest on, or some variables."""

    everything: bool = False
    variables: frozenset[str] = frozenset()

    def concern(self, document: Document) -> bool:
        """Whether a document rests on what changed."""
        used = {name for found in document.expanded.values() for name in found.variables} if self.variables else ()
        return self.everything or not self.variables.isdisjoint(used)


def _settings(root: Path, since: Since, environment: str) -> _Settings:
    """What changed in flowctl.yaml for one environment; everything if the file cannot be compared."""
    if WORKSPACE_FILE not in since.files:
        return _Settings()
    blob = since.files[WORKSPACE_FILE]
    old = _workspace(text_of(root, blob)) if blob is not None else None
    new = _workspace(_present(root / WORKSPACE_FILE))
    if old is None or new is None:
        return _Settings(everything=True)
    own_old, own_new = (_member(_member(each, "environments"), environment) for each in (old, new))
    rest_old, rest_new = ({k: v for k, v in each.items() if k not in _OF_NONE} for each in (own_old, own_new))
    if rest_old != rest_new or any(old.get(key) != new.get(key) for key in _OF_ALL):
        return _Settings(everything=True)
    return _Settings(variables=frozenset(_differing(_member(own_old, "variables"), _member(own_new, "variables"))))


def _workspace(data: bytes) -> dict[str, JSON] | None:
    text = decode(data)
    documents = () if isinstance(text, TextProblem) else read(text, verbatim).documents
    content = documents[0].value if len(documents) == 1 else None
    return content if isinstance(content, dict) else None


def _member(content: Mapping[str, JSON], name: str) -> Mapping[str, JSON]:
    member = content.get(name)
    return member if isinstance(member, dict) else {}


def _differing(old: Mapping[str, JSON], new: Mapping[str, JSON]) -> Iterator[str]:
    return (name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def _real(root: Path, path: str) -> str:
    """The real path of a file of the workspace: git knows what a link leads to, a document the link."""
    return os.path.realpath(root / path)
