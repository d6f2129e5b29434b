"""What the lockfile records: one entry for each resource that flowctl made."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from flowctl.model.address import Address
from flowctl.model.json_value import JSON
from flowctl.model.quick_dataclass import quick_dataclass
from flowctl.model.resource import Lifecycle

UNKNOWN_SECRET: Final = "unknown"
"""In place of a digest: the object has a secret that flowctl has never seen, so there is nothing to compare it with."""


@quick_dataclass(frozen=True, slots=True, kw_only=True)
class LockEntry:
    """One recorded object.

    `applied` holds the attributes last sent, without secrets; `secret_digests` a salted digest for each secret, or
    UNKNOWN_SECRET, by dotted path; `outputs` what others refer to besides the id (`version`); `deposed` the ids of
    predecessors that a replacement has not deleted yet. `suspended` says that a replacement disabled the object and has
    not created the other one yet. `instead_of` holds, by dotted path, the values that the manifest declared when a
    replacement sent others.
    """

    kind: str
    id: str
    etag: str | None = None
    applied: Mapping[str, JSON] = field(default_factory=dict)
    secret_digests: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    depends_on: frozenset[Address] = frozenset()
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    deposed: tuple[str, ...] = ()
    suspended: bool = False
    instead_of: Mapping[str, JSON] = field(default_factory=dict)

    def output(self, name: str) -> str | None:
        """The recorded value of an output; `id` is one too."""
        return self.id if name == "id" else self.outputs.get(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A write that is about to be sent, or whose outcome is not known.

    `entry` is what will be recorded if it was done, with an empty id where that is not known yet; `at` is the time
    in epoch milliseconds, on the platform if it was `measured` there, else on this machine; `nonce` tells intents
    apart.
    """

    nonce: str
    address: Address
    operation: str
    entry: LockEntry
    at: int
    measured: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lockfile:
    """The record of one environment.

    `lineage` names its history, `serial` counts its versions, `pending` holds writes whose outcome is not known.
    `tenant` is the tenant ID of the organization, empty as long as nobody needed it.
    """

    organization: str
    sandbox: str
    lineage: str
    salt: str
    serial: int = 0
    entries: Mapping[Address, LockEntry] = field(default_factory=dict)
    pending: tuple[Intent, ...] = ()
    tenant: str = ""

    def narrowed_to(self, entries: Mapping[Address, LockEntry]) -> "Lockfile":
        """The lockfile with only these entries."""
        return replace(self, entries=entries)
