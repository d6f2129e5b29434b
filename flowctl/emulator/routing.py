"""Operations of a service as data, and the choice of one by method and raw path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from re import Pattern

    from flowctl.emulator.errors import Refusal
    from flowctl.emulator.message import Call, Incoming, Reply

READING_METHODS = frozenset({"GET", "HEAD"})
LARGEST_BODY = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `changes` says whether it writes: it then runs in one transaction and needs permission."""

    method: str
    path: str
    answer: Callable[[Call], Reply]
    changes: bool | None = None

    @property
    def writes(self) -> bool:
        """Whether the operation changes data; by default every method but GET does."""
        return self.method not in READING_METHODS if self.changes is None else self.changes


@dataclass(frozen=True, slots=True)
class Refusals:
    """How a service words the refusals that the gateway layer makes for it."""

    bad_json: Callable[[str], Refusal]
    no_sandbox: Callable[[], Refusal]
    unknown_sandbox: Callable[[str], Refusal]
    not_permitted: Callable[[str], Refusal]


@dataclass(frozen=True, slots=True)
class Service:
    """One service of the platform: its path prefix, its operations and what the gateway checks for it.

    `validates_only` tells which requests are dry runs: whatever they write is rolled back. Without `media_types`, the
    operations check the content type.
    """

    prefix: str
    operations: Sequence[Operation]
    refusals: Refusals
    media_types: tuple[str, ...] = ("application/json",)
    gateway: bool = True
    needs_sandbox: bool = True
    validates_only: Callable[[Incoming], bool] = lambda _incoming: False
    largest_body: int = LARGEST_BODY


class Router:
    """Finds the operation for a path of one service."""

    def __init__(self, service: Service) -> None:
        self.service = service

    @cached_property
    def _routes(self) -> list[tuple[Pattern[str], Operation]]:
        """The patterns of the operations, compiled with the first request to the service."""
        return [(re.compile(_pattern(operation.path)), operation) for operation in self.service.operations]

    def find(self, method: str, path: str) -> tuple[Operation | None, dict[str, str], tuple[str, ...]]:
        """Return the operation with its decoded path parameters, or None with the methods that the path allows.

        A trailing slash is ignored: the official description writes `/connections/{id}/`, the tutorials do not.
        """
        trimmed = path.rstrip("/") or "/"
        allowed = []
        for pattern, operation in self._routes:
            match = pattern.match(trimmed)
            if match is None:
                continue
            if operation.method == method:
                return operation, {key: unquote(value) for key, value in match.groupdict().items()}, ()
            allowed.append(operation.method)
        return None, {}, tuple(dict.fromkeys(allowed))


def _pattern(path: str) -> str:
    """Return the pattern of a path; `{name:rest}` stands for all that follows, slashes included."""
    parts = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
    return re.sub(r"\{(\w+):rest\}", r"(?P<\1>.+)", parts) + r"\Z"
