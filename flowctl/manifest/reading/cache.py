"""Cache of manifests that were read and found good before, so that a large workspace is not parsed anew each time.

A file's documents depend on its bytes and on this release only, unless it holds a substitution: then it is never kept.
Neither are Connection documents, which may hold secrets. The cache lies in the user's own cache folder and not in the
workspace: what stands in a repository must not be able to say what a manifest means.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeAlias

from flowctl import __version__
from flowctl.durable import remove_leftovers, replace_text
from flowctl.manifest.document_kind import DocumentKinds
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.model.json_value import JSONObject
from flowctl.regular_file import read_regular
from flowctl.specs.files import schemas_dir
from flowctl.systems import cache_home

SMALLEST: Final = 100
"""Manifest files from which on a workspace is kept: fewer are parsed faster than anyone notices."""
SWITCH: Final = "FLOWCTL_CACHE"
"""The environment variable that turns the cache off with `off`."""
_FORMAT: Final = 1
_LONGEST_WRITE: Final = 60.0
"""Seconds after which a file that is being written was left behind."""

Contents: TypeAlias = Sequence[JSONObject]
"""The contents of a file's documents, in order."""


class ManifestCache:
    """The documents of good files, by the digest of the file's bytes. Without a file it keeps nothing."""

    def __init__(self, file: Path | None, kinds: DocumentKinds = DOCUMENT_KINDS) -> None:
        self._file = file
        self._kinds = kinds
        self._found: Mapping[str, Contents] = _read(file, kinds) if file is not None else {}
        self._kept: dict[str, Contents] = {}
        self._is_new = False

    def get(self, digest: str) -> Contents | None:
        """What a file of this digest holds, where that is known."""
        contents = self._found.get(digest)
        if contents is not None:
            self._kept[digest] = contents
        return contents

    def put(self, digest: str, contents: Contents) -> None:
        """Remembers what a file holds."""
        if all(self._kinds[content["kind"]].is_cacheable for content in contents):
            self._kept[digest] = contents
            self._is_new = True

    def save(self) -> None:
        """Writes what this run saw, where it is new. A cache that cannot be written is none."""
        if self._file is None or not self._is_new or len(self._kept) < SMALLEST:
            return
        files = json.dumps(self._kept, separators=(",", ":"))
        with suppress(OSError):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            remove_leftovers(self._file, older_than=_LONGEST_WRITE)
            replace_text(self._file, f"{_head(files.encode())}\n{files}", mode=0o600)


def cache_of(root: Path, environ: Mapping[str, str], kinds: DocumentKinds = DOCUMENT_KINDS) -> ManifestCache:
    """The cache of a workspace, below the user's cache folder; off where there is none, or by the switch."""
    home = cache_home(environ)
    if home is None or environ.get(SWITCH, "").lower() in ("off", "0", "no", "false"):
        return ManifestCache(None)
    name = sha256(os.fsencode(os.path.realpath(root))).hexdigest()[:32]
    return ManifestCache(Path(home, "flowctl", "manifests", f"{name}.json"), kinds)


def _read(file: Path, kinds: DocumentKinds) -> Mapping[str, Contents]:
    """What was kept; nothing where it is missing, damaged or of another release. The first line tells."""
    try:
        head, _, files = read_regular(file).partition(b"\n")
        if head != _head(files).encode():
            return {}
        kept = json.loads(files)
    except (OSError, ValueError, RecursionError):
        return {}
    # The digest in the head keeps out damage, not another program's file.
    is_whole = isinstance(kept, dict) and all(_is_contents(contents, kinds) for contents in kept.values())
    return kept if is_whole else {}


def _is_contents(value: object, kinds: DocumentKinds) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) and each.get("kind") in kinds for each in value)


def _head(files: bytes) -> str:
    """The first line: what the documents depend on besides their files' bytes (the format, the release, this very code
    and the schemas), and a digest of what follows."""
    sources = sha256(repr(list(_sources())).encode()).hexdigest()
    return json.dumps([_FORMAT, __version__, sources, sha256(files).hexdigest()])


def _sources() -> Iterator[tuple[str, int, int]]:
    here = Path(__file__).parents[1]
    for folder in (here, here / "reading", here.parent / "text", here.parent / "validation", schemas_dir()):
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.endswith((".py", ".json")):
                    status = entry.stat()
                    yield entry.name, status.st_size, status.st_mtime_ns
