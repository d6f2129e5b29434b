"""Reports about the record: what is recorded, what was moved, forgotten or found."""

from collections.abc import Mapping
from dataclasses import dataclass

from flowctl.model.address import Address
from flowctl.model.attribute_path import Path
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.record import LockEntry
from flowctl.model.resource import Lifecycle


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedObjects:
    """The recorded entries of an environment, in the order of their addresses."""

    environment: str
    organization: str
    sandbox: str
    entries: Mapping[Address, LockEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedValue:
    """One recorded value beside the live one; `differs` is False if both mean the same to the platform."""

    steps: Path
    recorded: JSON
    live: JSON
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedObject:
    """One entry: what was last applied beside what is live, without secrets; `live` is None if it was not found.

    `values` holds the recorded values one by one.
    """

    address: Address
    id: str
    etag: str | None
    recorded: JSONObject
    live: JSONObject | None
    state: JSON
    lifecycle: Lifecycle
    values: tuple[RecordedValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgottenObjects:
    """Addresses that are no longer recorded; their objects stay."""

    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedObjects:
    """New addresses of recorded objects, by the old ones."""

    moved: Mapping[Address, Address]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledCreation:
    """What a person said of a creation whose outcome was unknown, as one sentence."""

    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found for one address that is not recorded: the entry to record, or why there is none."""

    address: Address
    entry: LockEntry | None = None
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What a repair of the record would record, and what it did not find."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """A live object that nothing uses and nothing records; `created_at` in epoch milliseconds."""

    kind: str
    id: str
    name: str | None
    created_at: int | None
    created_client: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphans:
    """The orphans of a sandbox, by kind and name."""

    orphans: tuple[Orphan, ...]
