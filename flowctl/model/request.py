"""Requests and replies as values: kinds build and read them, only `aep` sends them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flowctl.model.json_value import JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request to the platform. `path` begins with `/data/`; ids in it are already percent-encoded.

    `query` is a sequence of pairs, so that a parameter may be repeated. `repeatable` says that sending it
    twice leaves the platform as sending it once does, `lines` that the reply is a list of JSON values, one a line.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: JSON = None
    repeatable: bool = True
    lines: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A successful reply: its status, headers in lower case, and decoded JSON body (None where empty).

    `masked` takes the secrets of the run out of a text that quotes it.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    masked: Callable[[str], str] = field(default=str, repr=False, compare=False)
