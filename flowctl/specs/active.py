"""The specs of the workspace that this process works on, which stand beside the catalogue and before it.

A process works on one workspace at a time: whoever finds one says which specs it has.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:  # every command comes by here, and most look at no spec
    from flowctl.model.json_value import JSONObject
    from flowctl.specs.connector import Connector
    from flowctl.specs.flow_spec import FlowSpec


_NO_SPECS: Final[Mapping[str, Any]] = {}


class OwnSpecs(NamedTuple):
    """Connection specs as connectors, by name and by ID, and flow specs by ID; IDs are in lowercase.

    `bodies` are all of them as the emulator serves them, each with its kind: `connectionSpec` or `flowSpec`. `digest`
    changes with them, and is empty if there are none.
    """

    connectors: "Mapping[str, Connector]" = _NO_SPECS
    by_spec_id: "Mapping[str, Connector]" = _NO_SPECS
    flow_specs: "Mapping[str, FlowSpec]" = _NO_SPECS
    bodies: "Sequence[tuple[str, JSONObject]]" = ()
    digest: str = ""

    def flow_spec_named(self, name: str) -> "FlowSpec | None":
        """The flow spec of that name."""
        return next((each for each in self.flow_specs.values() if each.name == name), None)


NONE: Final = OwnSpecs()
_chosen: list[OwnSpecs] = [NONE]


def use(own: OwnSpecs) -> None:
    """Let these be the specs of the workspace from now on."""
    _chosen[0] = own


def own_specs() -> OwnSpecs:
    """The specs of the workspace; none without a workspace."""
    return _chosen[0]
