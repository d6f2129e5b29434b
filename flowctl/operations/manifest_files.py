"""Digests of manifest files, by which a saved plan tells which of them changed since."""

import hashlib
import hmac
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from flowctl.manifest.document import Manifests
from flowctl.regular_file import read_regular


def file_digests(root: Path, manifests: Manifests, salt: str) -> Mapping[str, str]:
    """A digest of the bytes of every manifest file under a salt, because a file may hold a secret."""
    found: dict[str, str] = {}
    for file in sorted({document.file for document in manifests.documents}):
        with suppress(OSError):
            found[file] = hmac.new(bytes.fromhex(salt), read_regular(root / file), hashlib.sha256).hexdigest()
    return found


def changed_files(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The files that were changed, added or removed."""
    return sorted(file for file in before.keys() | now.keys() if before.get(file) != now.get(file))
