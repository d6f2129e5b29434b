"""States: an attribute that no creation and no patch sets, but an action of the platform."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from flowctl.model.attribute_path import Path
from flowctl.model.json_value import JSON, JSONObject

Transition: TypeAlias = Callable[[JSON, JSON], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRule:
    """How the state of an object is reached.

    - `path`: the attribute. A change of it takes a request of its own, beside that for all other changes.
    - `first`: the state of a new object with these attributes.
    - `goes_first`: whether a change to this state comes before the other changes of an update.
    - `impossible`: why no action leads from one state to another; empty if one does.
    - `creation_note`: what a person should know of a new object that is to have this state.
    - `left_for_users`: two states. An object in the first one is brought into the second before an object that uses it
      is made in another state, or leaves the first one. None where objects are used in any state.
    """

    path: Path
    first: Callable[[JSONObject], JSON]
    goes_first: Callable[[JSON], bool]
    impossible: Transition
    creation_note: Callable[[JSON], str]
    left_for_users: tuple[JSON, JSON] | None = None
