"""Everything that planning looks at."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from flowctl.engine.observe.observation import Observation
from flowctl.kinds.kind import Kind
from flowctl.model.address import Address
from flowctl.model.json_value import JSON
from flowctl.model.record import Lockfile
from flowctl.model.resource import Resource
from flowctl.model.values import Gaps, gaps


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInput:
    """What is desired, recorded and observed; `now` is in epoch seconds.

    `adopted` are the addresses of objects that are about to be recorded; `recorded` has an entry for each.
    `as_recorded` may name desired resources that equal what is recorded of them as long as nothing which they refer
    to changes, and `gaps` may hold the gaps of others, where these are known already. `standing` are the versioned
    resources of which another version than the recorded one stands, because it differs at ignored places.
    `needed_states` are states that live objects must get because of those of the dataflows that use them.
    """

    desired: Mapping[Address, Resource]
    recorded: Lockfile
    observed: Observation
    kinds: Mapping[str, Kind]
    now: float
    as_recorded: Set[Address] = frozenset()
    gaps: Mapping[Address, Gaps] = field(default_factory=dict)
    standing: frozenset[Address] = frozenset()
    adopted: Set[Address] = frozenset()
    needed_states: Mapping[Address, JSON] = field(default_factory=dict)

    def gaps_of(self, resource: Resource) -> Gaps:
        """The references, look-ups and secrets of a desired resource."""
        found = self.gaps.get(resource.address)
        return gaps(resource.attributes) if found is None else found
