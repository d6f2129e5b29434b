"""The last plan of an environment that found nothing to do, in the user's own cache folder.

Kept are what it has read, as strings that change with it, and a digest of all else that it depended on. No value of a
manifest, a lockfile or a live object is in it.
"""

import hmac
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from flowctl.durable import remove_leftovers, replace_text
from flowctl.model.json_value import JSON
from flowctl.regular_file import read_regular
from flowctl.release_stamp import LONGEST_WRITE, caches, file_name, release_stamp
from flowctl.specs.files import schemas_dir

SMALLEST: Final = 25
"""Resources from which on a plan is kept: fewer are planned faster than anyone notices."""
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietPlan:
    """What is kept of a plan without changes: what it read, how many resources it kept, and the lockfile's version."""

    lineage: str
    serial: int
    unchanged: int
    objects: Mapping[str, Mapping[str, str]]
    answers: list[list[JSON]]


class QuietPlanFile:
    """The file of one environment in one workspace."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @classmethod
    def of(cls, root: Path, environment: str, environ: Mapping[str, str]) -> "QuietPlanFile | None":
        """The file of an environment; None where nothing is kept."""
        folder = caches(environ)
        name = file_name(os.path.realpath(root), environment)
        return cls(folder / "plans" / f"{name}.json") if folder is not None else None

    def get(self, basis: JSON) -> QuietPlan | None:
        """The plan that was kept on this basis by this very code."""
        try:
            head, _, body = read_regular(self._file).partition(b"\n")
            key = json.loads(head)["key"]
            if head.decode() != _head(key, basis, body):
                return None
            kept = json.loads(body)
            return QuietPlan(**kept)
        except (OSError, ValueError, TypeError, LookupError, RecursionError):
            return None

    def put(self, basis: JSON, plan: QuietPlan) -> None:
        """Keep a plan. What cannot be written is not kept."""
        if plan.unchanged < SMALLEST:
            return
        body = json.dumps({name: getattr(plan, name) for name in QuietPlan.__slots__}, separators=(",", ":")).encode()
        with suppress(OSError):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            remove_leftovers(self._file, older_than=LONGEST_WRITE)
            head = _head(secrets.token_hex(32), basis, body)
            replace_text(self._file, (f"{head}\n".encode(), body), mode=0o600)


def _head(key: str, basis: JSON, body: bytes) -> str:
    """The first line: a digest of the basis, of the whole program and of what follows, under a key of its own.

    The basis holds secrets of the environment. Nobody can compare its digest with that of another run's.
    """
    text = json.dumps([_FORMAT, release_stamp((".",), (schemas_dir(),)), basis], sort_keys=True, default=repr)
    digest = hmac.new(bytes.fromhex(key), text.encode("utf-8", "surrogatepass") + b"\n" + body, sha256).hexdigest()
    return json.dumps({"key": key, "digest": digest})
