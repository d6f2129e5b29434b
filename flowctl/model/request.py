"""Requests and replies as values: kinds build and read them, only `aep` sends them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from flowctl.model.json_value import JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request to the platform. `path` begins with `/data/`; ids in it are already percent-encoded.

    `query` is a sequence of pairs, so that a parameter may be repeated. `repeatable` says that sending it
    twice leaves the platform as sending it once does. `secrets` are values that it carries.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: JSON = None
    repeatable: bool = True
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def without_secrets(self, text: str) -> str:
        """A text of the platform's about this request, which may quote what was sent, without its secrets.

        In a connection string the values count one by one, because a message may quote one of them.
        """
        for part in sorted({part for secret in self.secrets for part in _parts(secret)}, key=len, reverse=True):
            text = text.replace(part, "(sensitive)")
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A successful reply: its status, headers in lower case, and decoded JSON body (None where empty)."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


_SHORTEST_PART = 4


def _parts(secret: str) -> Iterator[str]:
    """What a text may hold of a secret: all of it, as it is or escaped, and each value of a connection string."""
    values = [value for pair in secret.split(";") for _, equals, value in [pair.partition("=")] if equals]
    for part in (secret, *values):
        yield from (form for form in (part, json.dumps(part)[1:-1], quote(part)) if len(form) >= _SHORTEST_PART)
