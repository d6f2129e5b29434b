"""Everything that planning looks at."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flowctl.engine.observe.observation import Observation
from flowctl.kinds.kind import Kind
from flowctl.model.address import Address
from flowctl.model.json_value import JSONObject
from flowctl.model.record import Lockfile
from flowctl.model.resource import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInput:
    """What is wanted, recorded and observed; `now` is in epoch seconds.

    `expected` may hold attributes of wanted resources for the case that nothing which they refer to changes.
    """

    desired: Mapping[Address, Resource]
    recorded: Lockfile
    observed: Observation
    kinds: Mapping[str, Kind]
    now: float
    expected: Mapping[Address, JSONObject] = field(default_factory=dict)
