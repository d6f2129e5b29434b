"""Which changes of a plan do something to a dataflow that exists."""

from typing import Final

from flowctl.kinds.registry import KINDS
from flowctl.model.change import Action, Change

_CHANGING: Final = frozenset({Action.UPDATE, Action.REPLACE, Action.DELETE})


def changes_a_dataflow(change: Change) -> bool:
    """Whether a change does something to a dataflow that exists."""
    is_changing = change.action in _CHANGING and not change.is_recorded_only
    return is_changing and KINDS[change.kind].is_pipeline and change.remote_id is not None
