"""What a live object tells besides its attributes: its version, its state, who made it, and who uses it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flowctl.model.json_value import JSONObject
from flowctl.model.request import Request
from flowctl.model.resource import RemoteObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """How versions of one object are told apart and read; a version never changes.

    `output` is the output that holds an object's version. `read` asks for one version of an id; without a version,
    for the one that the service takes then. `newest` asks for the list of all objects at their newest versions.
    """

    output: str
    read: Callable[[str, str], Request]
    newest: Request


def unsaid(_body: JSONObject) -> str | None:
    """Nothing, where an object does not tell."""
    return None


def unsaid_number(_body: JSONObject) -> int | None:
    """Nothing, where an object does not tell."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Who made and changed an object, and when, as its body tells.

    Times are in epoch milliseconds. The clients are the programs that sent the requests. `asset_type` is what audit
    events call objects of the kind; empty where they do not tell of them.
    """

    created_at: Callable[[JSONObject], int | None]
    created_by: Callable[[JSONObject], str | None] = unsaid
    created_client: Callable[[JSONObject], str | None] = unsaid
    updated_at: Callable[[JSONObject], int | None] = unsaid_number
    updated_by: Callable[[JSONObject], str | None] = unsaid
    updated_client: Callable[[JSONObject], str | None] = unsaid
    asset_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedBy:
    """What an object is made for: an object that none of the other kind names is an orphan.

    `ids` reads the IDs that an object of that kind names; it raises Unclear if the body does not tell.
    """

    kind: str
    ids: Callable[[JSONObject], Iterable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveWarning:
    """What is worth saying of a live object that is as desired, and what to do about it."""

    summary: str
    hint: str


def no_warning(_live: RemoteObject) -> LiveWarning | None:
    """Nothing, where every object is as its attributes say."""
    return None
