"""What comparing a record with the emulator came to."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference of two replies.

    `kind` is `status`, `body`, `header`, `missing`, `additional`, `type`, `value`, `length`, `form` or `reference`.
    `at` is a JSON pointer into the body, or the name of a header.
    """

    kind: str
    at: str
    recorded: Any
    emulator: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferingExchange:
    """One exchange of the record whose reply differs."""

    exchange: int
    method: str
    path: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedExchange:
    """One exchange that was not compared, and why."""

    exchange: int
    method: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRecord:
    """A record beside the emulator. `is_cut` says that the last line of the file was incomplete."""

    file: str
    exchanges: int
    compared: int
    differing: tuple[DifferingExchange, ...]
    skipped: tuple[SkippedExchange, ...]
    is_cut: bool = False
