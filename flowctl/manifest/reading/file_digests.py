"""Digests of the files of a workspace: of each one, and of all together with the variables that they use."""

import hashlib
import json
from codecs import BOM_UTF8
from collections.abc import Mapping

from flowctl.model.json_value import JSON


class FileDigests:
    """The digest of all files that were added so far, in their order."""

    def __init__(self) -> None:
        self._all = hashlib.sha256()

    def add(self, name: str, data: bytes) -> str:
        """Add a file, and return the digest of its bytes."""
        digest = hashlib.sha256(data).hexdigest()
        self._all.update(f"{name}\n{_of_text(data, digest)}\n".encode())
        return digest

    def of_all(self, variables: Mapping[str, JSON]) -> str:
        """The digest of all files and of these variables, which ends it."""
        self._all.update(json.dumps(variables, default=str).encode())
        return self._all.hexdigest()


def _of_text(data: bytes, digest: str) -> str:
    """The digest of a text without the changes that git and editors make: line ends, byte order mark, last line end.

    `digest` is the digest of the unchanged bytes.
    """
    if b"\r" not in data and data.endswith(b"\n") and not data.endswith(b"\n\n") and not data.startswith(BOM_UTF8):
        return digest
    text = data.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return hashlib.sha256(text.rstrip(b"\n") + b"\n").hexdigest()
