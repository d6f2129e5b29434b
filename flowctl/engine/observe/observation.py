"""What a refresh found: live objects by address, and values looked up outside the workspace."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flowctl.model.address import Address
from flowctl.model.resource import Lookup, RemoteObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """`objects` holds what was found; a recorded address that is not in it is missing or hidden.

    `blocked` tells why an object that would be deleted has to stay. `filled` holds recorded addresses that are not yet
    used, or no longer, and lead into a dataset that holds data.
    """

    objects: Mapping[Address, RemoteObject] = field(default_factory=dict)
    lookups: Mapping[Lookup, str] = field(default_factory=dict)
    blocked: Mapping[Address, str] = field(default_factory=dict)
    filled: frozenset[Address] = frozenset()
