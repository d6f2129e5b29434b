"""States of dataflows and connections, and the actions that lead from one to another."""

from collections.abc import Mapping
from typing import Any, Final

from flowctl.kinds.flow_service import BASE
from flowctl.kinds.identifier import path_part
from flowctl.kinds.kind import Update
from flowctl.kinds.states import StateRule
from flowctl.model.attribute_path import Path
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.request import Request

STATE: Final = "state"
PATH: Final[Path] = (STATE,)
DRAFT: Final = "draft"
ENABLED: Final = "enabled"
DISABLED: Final = "disabled"
_PASSING: Final[Mapping[str, str]] = {f"{state}-finalizing": state for state in (ENABLED, DISABLED)}
"""States on the way to another one, which is as good as reached."""
_ACTIONS: Final[Mapping[tuple[JSON, JSON], str]] = {
    (DRAFT, ENABLED): "publish",
    (DISABLED, ENABLED): "enable",
    (ENABLED, DISABLED): "disable",
}
_NOTES: Final[Mapping[str, str]] = {
    "publish": "The draft is published: the flow is enabled, and runs by its schedule.",
    "enable": "The flow runs again by its schedule. Adobe does not document what happens to the runs that it missed.",
    "disable": "The flow does not run until it is enabled again.",
}


def comparable_state(state: str) -> str | None:
    """The state that a manifest may name; None for one that passes and leads nowhere in particular."""
    state = _PASSING.get(state, state)
    return state if state in (DRAFT, ENABLED, DISABLED) else None


def is_passing(state: object) -> bool:
    """Whether a dataflow in this state will change on its own, as after an update."""
    return state in ("initializing", "updating") or state in _PASSING


def create(attributes: JSONObject) -> Request:
    """The creation of a flow: enabled at once, or as a draft. The state itself must not be in the body."""
    body = {name: value for name, value in attributes.items() if name != STATE}
    query = (("mode", DRAFT),) if attributes.get(STATE) == DRAFT else ()
    return Request(method="POST", path=f"{BASE}/flows", query=query, body=body, repeatable=False)


def action(update: Update, collection: str) -> Request | None:
    """The action for a change of the state alone; None if other attributes change."""
    if [change.steps for change in update.changes] != [PATH]:
        return None
    before, after = update.live.attributes.get(STATE), update.desired.get(STATE)
    return action_request(_ACTIONS[before, after], update.live.id, collection)


def action_request(operation: str, object_id: str, collection: str = "flows") -> Request:
    """An action has no body, and is rejected if the object is in that state already (FLOW-1422-400)."""
    return Request(
        method="POST",
        path=f"{BASE}/{collection}/{path_part(object_id)}/action",
        query=(("op", operation),),
        repeatable=False,
    )


def note(before: Any, after: Any) -> str:
    """What a change of the state means; empty if there is no action for it."""
    return _NOTES.get(_ACTIONS.get((before, after), ""), "")


def _impossible(before: JSON, after: JSON) -> str:
    if (before, after) in _ACTIONS:
        return ""
    if after == DRAFT:
        return "A flow that was published cannot become a draft again. Write `disabled` to stop it."
    if before == DRAFT:
        return "A draft can only be published. Write `enabled` first, apply, then write `disabled`."
    return f"The flow is in the state {before or 'unknown'}. Plan again when Experience Platform has finished with it."


FLOW_STATES: Final = StateRule(
    path=PATH,
    first=lambda attributes: DRAFT if attributes.get(STATE) == DRAFT else ENABLED,
    goes_first=lambda state: state == DISABLED,
    impossible=_impossible,
    creation_note=lambda state: (
        "Experience Platform creates the flow enabled; flowctl disables it right after." if state == DISABLED else ""
    ),
)
