"""A store over objects in memory that knows only what an object storage knows: conditional writes, and no lock."""

import hashlib
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from flowctl.state.lock_signature import held, signature, signed_by
from flowctl.state.store import Changed


class ConflictError(OSError):
    """The object is not the one that was expected."""


@dataclass
class Bucket:
    """Objects by key, each with the etag of its last write. None as an etag means that there is no such object."""

    objects: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    written: dict[str, float] = field(default_factory=dict)
    mutex: threading.Lock = field(default_factory=threading.Lock)

    def has(self, key: str) -> bool:
        return key in self.objects

    def get(self, key: str) -> tuple[bytes, str | None]:
        with self.mutex:
            return self.objects.get(key, (b"", None))

    def put(self, key: str, content: bytes, expected: str | None) -> str:
        with self.mutex:
            self._check(key, expected)
            self.objects[key] = (content, uuid.uuid4().hex)
            self.written[key] = time.monotonic()
            return self.objects[key][1]

    def delete(self, key: str, expected: str | None) -> None:
        with self.mutex:
            self._check(key, expected)
            self.objects.pop(key, None)

    def _check(self, key: str, expected: str | None) -> None:
        if self.objects.get(key, (b"", None))[1] != expected:
            raise ConflictError(5, f"{key} was written by another run")


class MemoryStore:
    """The record of an environment as objects of a bucket."""

    def __init__(self, bucket: Bucket, environment: str) -> None:
        self.environment = environment
        self.lockfile_name = f"memory/{environment}.lock"
        self.journal_name = f"memory/{environment}.journal"
        self._lock_name = f"memory/{environment}.runlock"
        self._bucket = bucket
        self._etags: dict[str, str | None] = {}
        self.lockfile_digest = hashlib.sha256(b"").hexdigest()
        self._lines = b""
        self._appends = threading.Lock()
        self._has_appended = False

    def read_journal(self) -> bytes:
        self._lines, self._etags[self.journal_name] = self._bucket.get(self.journal_name)
        return self._lines

    def read_lockfile(self) -> bytes | None:
        content, self._etags[self.lockfile_name] = self._bucket.get(self.lockfile_name)
        self.lockfile_digest = hashlib.sha256(content).hexdigest()
        return content if self._etags[self.lockfile_name] is not None else None

    def has_journal(self) -> bool:
        return self._bucket.get(self.journal_name)[1] is not None

    def age(self) -> float | None:
        times = [
            self._bucket.written[name] for name in (self.lockfile_name, self.journal_name) if self._bucket.has(name)
        ]
        return time.monotonic() - max(times) if times else None

    def is_current(self) -> bool:
        with self._appends:
            names = (self.journal_name,) if self._has_appended else (self.journal_name, self.lockfile_name)
            return all(self._bucket.get(name)[1] == self._etags.get(name) for name in names)

    def append(self, line: bytes) -> None:
        with self._appends:
            lines = self._lines + line
            self._etags[self.journal_name] = self._bucket.put(
                self.journal_name, lines, self._etags.get(self.journal_name)
            )
            self._lines, self._has_appended = lines, True

    def replace(self, parts: Iterable[bytes]) -> None:
        if not self.is_current():
            raise Changed
        text = b"".join(parts)
        try:
            etag = self._bucket.put(self.lockfile_name, text, self._etags.get(self.lockfile_name))
        except ConflictError:
            raise Changed from None
        self._etags[self.lockfile_name], self.lockfile_digest = etag, hashlib.sha256(text).hexdigest()

    def drop_journal(self) -> None:
        self._bucket.delete(self.journal_name, self._etags.get(self.journal_name))
        self._etags[self.journal_name], self._lines, self._has_appended = None, b"", False

    @contextmanager
    def lock(self, command: str, timeout: float = 0.0) -> Iterator[None]:
        deadline = time.monotonic() + timeout
        while True:
            content, etag = self._bucket.get(self._lock_name)
            if etag is None:
                try:
                    mine = self._bucket.put(self._lock_name, signature(command), None)
                    break
                except ConflictError:
                    continue
            if time.monotonic() >= deadline:
                raise held(self.environment, signed_by(content))
            time.sleep(0.01)
        try:
            yield
        finally:
            # If it was broken, what is there now is the lock of another run.
            with suppress(ConflictError):
                self._bucket.delete(self._lock_name, mine)

    def lock_holder(self, *, has_begun: bool = False) -> str | None:
        content, etag = self._bucket.get(self._lock_name)
        return signed_by(content) if etag is not None else None

    def break_lock(self) -> None:
        self._bucket.delete(self._lock_name, self._bucket.get(self._lock_name)[1])
