"""When a change cannot be made in place."""

from flowctl.kinds.kind import Kind
from flowctl.kinds.replacing import ProposedChange
from flowctl.model.attribute_path import Path, begins_with
from flowctl.model.change import AttributeChange
from flowctl.model.resource import RemoteObject


def forced_paths(kind: Kind, changes: tuple[AttributeChange, ...], live: RemoteObject, now: float) -> frozenset[Path]:
    """The places whose change the platform refuses or ignores in place."""
    if kind.update is None:
        return frozenset(change.steps for change in changes)
    return frozenset(
        change.steps
        for change in changes
        if any(begins_with(change.steps, prefix) for prefix in kind.replacement.paths)
        or kind.replacement.decides(
            ProposedChange(path=change.steps, before=change.before, after=change.after, now=now, live=live.attributes)
        )
    )
