"""The color of each action, of which the sign beside it tells the same."""

from collections.abc import Mapping
from typing import Final

from flowctl.model.change import Action

STYLES: Final[Mapping[Action, str]] = {
    Action.NO_OP: "",
    Action.CREATE: "green",
    Action.UPDATE: "yellow",
    Action.REPLACE: "magenta",
    Action.DELETE: "red",
    Action.FORGET: "dim",
    Action.IMPORT: "cyan",
}
