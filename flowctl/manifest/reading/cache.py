"""Cache of manifests that were found valid before, so that a large workspace is not parsed and checked again.

The documents of a file depend only on its bytes and on this release, unless it has a substitution. Files with
substitutions, Connection documents and documents with a secret are never cached. The checks of a document also depend
on the documents that it refers to: what those show is cached with the verdict, and compared.

The cache is in the cache folder of the user and not in the workspace: a file in a repository must not change the
meaning of a manifest.
"""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeAlias

from flowctl.durable import remove_leftovers, replace_text
from flowctl.manifest.document_kind import DocumentKinds
from flowctl.manifest.reading.discover import SMALLEST
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.manifest.verdicts import Basis
from flowctl.model.json_value import JSONObject
from flowctl.regular_file import read_regular
from flowctl.release_stamp import LONGEST_WRITE, caches, file_name, release_stamp
from flowctl.specs.files import schemas_dir

PARTS: Final = ("dataprep", "manifest", "masking", "specs", "text", "validation", "xdm")
"""The parts of the package that documents and verdicts depend on."""
_FORMAT: Final = 2

Contents: TypeAlias = Sequence[JSONObject]
"""The contents of a file's documents, in order."""


class ManifestCache:
    """The documents of good files and the verdicts on them, by the digest of the file's bytes.

    Without a file nothing is cached.
    """

    def __init__(self, file: Path | None, kinds: DocumentKinds = DOCUMENT_KINDS) -> None:
        self._file = file
        self._kinds = kinds
        self._found = _read(file, kinds) if file is not None else _Kept()
        self._kept = _Kept()
        self._is_new = False

    @property
    def is_off(self) -> bool:
        """Whether nothing is cached."""
        return self._file is None

    def get(self, digest: str) -> Contents | None:
        """The documents of a file with this digest, if they are known."""
        contents = self._found.documents.get(digest)
        if contents is not None:
            self._kept.documents[digest] = contents
        return contents

    def put(self, digest: str, contents: Contents) -> bool:
        """Remember the documents of a file, and return whether they may be remembered."""
        is_kept = all(self._kinds[content["kind"]].is_cacheable for content in contents)
        if is_kept:
            self._kept.documents[digest] = contents
            self._is_new = True
        return is_kept

    def is_good(self, digest: str, basis: Basis) -> bool:
        """Whether the checks of these documents are known to find nothing on this basis."""
        is_known = self._found.good.get(digest) == basis
        if is_known:
            self._kept.good[digest] = basis
        return is_known

    def put_good(self, digest: str, basis: Basis) -> None:
        """Remember that the checks of these documents found nothing on this basis."""
        self._kept.good[digest] = basis
        self._is_new = True

    def save(self) -> None:
        """Write what is new in this run. A cache that cannot be written is ignored."""
        if self._file is None or not self._is_new or len(self._kept.documents) < SMALLEST:
            return
        body = json.dumps({"documents": self._kept.documents, "good": self._kept.good}, separators=(",", ":")).encode()
        with suppress(OSError):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            remove_leftovers(self._file, older_than=LONGEST_WRITE)
            replace_text(self._file, (f"{_head(body)}\n".encode(), body), mode=0o600)


@dataclass(frozen=True, slots=True)
class _Kept:
    """Both parts of the cache, by the digest of a file's bytes."""

    documents: dict[str, Contents] = field(default_factory=dict)
    good: dict[str, Basis] = field(default_factory=dict)


def cache_of(root: Path, environ: Mapping[str, str], kinds: DocumentKinds = DOCUMENT_KINDS) -> ManifestCache:
    """The cache of a workspace, below the cache folder of the user; off without such a folder, or by the switch."""
    folder = caches(environ)
    if folder is None:
        return ManifestCache(None)
    return ManifestCache(folder / "manifests" / f"{file_name(os.path.realpath(root))}.json", kinds)


def _read(file: Path, kinds: DocumentKinds) -> _Kept:
    """The content of the cache; empty if it is missing, damaged or of another release, which its first line shows."""
    try:
        head, _, body = read_regular(file).partition(b"\n")
        if head != _head(body).encode():
            return _Kept()
        kept = json.loads(body)
    except (OSError, ValueError, RecursionError):
        return _Kept()
    # The digest in the head keeps out damage, not another program's file.
    match kept:
        case {"documents": dict(documents), "good": dict(good)}:
            is_whole = all(_is_contents(contents, kinds) for contents in documents.values())
            return _Kept(documents, good) if is_whole else _Kept()
    return _Kept()


def _is_contents(value: object, kinds: DocumentKinds) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) and each.get("kind") in kinds for each in value)


def _head(body: bytes) -> str:
    """The first line: a digest of the rest, and everything besides the files that documents and verdicts depend on.

    That is the format, the release, this code, the schemas and the catalogue."""
    return json.dumps([_FORMAT, release_stamp(PARTS, (schemas_dir(),)), sha256(body).hexdigest()])
