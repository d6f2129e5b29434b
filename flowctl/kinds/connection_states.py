"""States of connections: a draft is published before what uses it is created or published."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from flowctl.kinds.flow_states import DRAFT, ENABLED, STATE, action
from flowctl.kinds.kind import Kind, Update
from flowctl.kinds.states import StateRule
from flowctl.kinds.terms import NO_KEY
from flowctl.model.attribute_path import Path
from flowctl.model.change import AttributeChange
from flowctl.model.json_value import JSONObject
from flowctl.model.request import Request

_PATH: Final[Path] = (STATE,)
_PUBLISHED: Final = (
    "The draft is published, because a new connection, or a dataflow that is not a draft, uses it. Experience Platform "
    "publishes a base connection before what uses it."
)
_ON_THE_WAY: Final = frozenset({f"{ENABLED}-finalizing", "initializing", "inProgress", "enabling", "updating"})
"""States of what is published and not ready yet, or is being changed."""
_STATES: Final = StateRule(
    path=_PATH,
    first=lambda _attributes: ENABLED,
    goes_first=lambda _state: False,
    impossible=lambda _before, _after: "",
    creation_note=lambda _state: "",
    left_for_users=(DRAFT, ENABLED),
)


def state_of(body: Mapping[str, Any]) -> JSONObject:
    """The state as an attribute, if it is draft or enabled; a connection in progress counts as enabled."""
    state = body.get(STATE)
    if state in _ON_THE_WAY:
        state = ENABLED
    return {STATE: state} if state in (DRAFT, ENABLED) else {}


def with_drafts(kind: Kind, collection: str) -> Kind:
    """A kind of connection with drafts, which an action publishes (`sources/tutorials/api/draft.md`).

    Unlike that of a flow, the action has no `If-Match` in the Flow Service description.
    """
    patch = kind.update

    def update(change: Update) -> Request:
        if patch is None:
            raise AssertionError("connections are changed in place")
        return action(change, collection) or patch(change)

    return replace(
        kind,
        update=update,
        state=_STATES,
        provisioning=lambda live: live.body.get(STATE) in _ON_THE_WAY,
        unmanaged=lambda attributes: (*kind.unmanaged(attributes), _PATH),
        update_notes=_notes,
        terms=replace(kind.terms, terms={**kind.terms.terms, _PATH: NO_KEY}),
    )


def _notes(changes: Sequence[AttributeChange], _desired: JSONObject, _recreated: frozenset[str]) -> tuple[str, ...]:
    return (_PUBLISHED,) if any(change.steps == _PATH for change in changes) else ()
