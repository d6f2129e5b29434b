"""Lockfiles that were read and found good before, so that a large one is not checked anew for each command.

Kept is a digest of the lockfile and of all that the verdict depends on, in the user's own cache folder: what stands in
a repository must not be able to say that a lockfile is good.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from flowctl.durable import remove_leftovers, replace_text
from flowctl.regular_file import read_regular
from flowctl.release_stamp import LONGEST_WRITE, caches, file_name, release_stamp
from flowctl.specs.files import schemas_dir

SMALLEST: Final = 1_000_000
"""Bytes of a lockfile from which on a verdict is kept: a smaller one is checked faster than anyone notices."""
PARTS: Final = ("state", "model", "specs", "masking", "kinds", "operations", "strict_json.py")
"""The parts of the package that a verdict depends on."""


class KnownLockfile:
    """The verdict on one lockfile, which is good if it is that of `place`. Without a file it keeps nothing."""

    def __init__(self, file: Path | None = None, place: str = "") -> None:
        self._file = file
        self._place = place

    @classmethod
    def of(cls, root: Path, environment: str, environ: Mapping[str, str], place: str = "") -> "KnownLockfile":
        """The verdict on the lockfile of an environment in a workspace; `place` is its organization and sandbox."""
        folder = caches(environ)
        name = file_name(os.path.realpath(root), environment)
        return cls(folder / "lockfiles" / name if folder is not None else None, place)

    @property
    def is_kept(self) -> bool:
        """Whether a verdict is kept at all."""
        return self._file is not None

    def is_good(self, digest: str) -> bool:
        """Whether the lockfile of this SHA-256 was found good by this very code."""
        if self._file is None:
            return False
        try:
            return read_regular(self._file).decode() == self._verdict(digest)
        except (OSError, ValueError):
            return False

    def put(self, digest: str, size: int) -> None:
        """Remember that the lockfile of this SHA-256 and size is good. What cannot be written is not kept."""
        if self._file is None or size < SMALLEST:
            return
        with suppress(OSError):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            remove_leftovers(self._file, older_than=LONGEST_WRITE)
            replace_text(self._file, self._verdict(digest), mode=0o600)

    def _verdict(self, digest: str) -> str:
        place = sha256(self._place.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{release_stamp(PARTS, (schemas_dir(),))} {place} {digest}\n"
