"""Why a change is planned, in words: the same sentences in text, in Markdown and in the messages about a plan."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Reason
from flowctl.model.plan import Plan
from flowctl.validation.wording import all_of

_WORDS: Final[Mapping[Reason, str]] = {
    Reason.NOT_RECORDED: "not in the lockfile yet",
    Reason.ADOPTED: "named in an Import document",
    Reason.TAKEN_BACK: "the old object of an interrupted replacement matches the manifest again",
    Reason.INTERRUPTED: "an interrupted replacement disabled it",
    Reason.MISSING_REMOTELY: "in the lockfile, but not found on Experience Platform",
    Reason.ATTRIBUTES_CHANGED: "differs from the manifest",
    Reason.DRIFTED: "changed outside flowctl",
    Reason.RULES_CHANGED: "lifecycle rules changed",
    Reason.FORCES_REPLACEMENT: "cannot be updated in place",
    Reason.DEPENDENCY_REPLACED: "because a resource that it depends on is replaced",
    Reason.NOT_IN_MANIFEST: "no longer in the manifests",
    Reason.HOLDS_DATA: "the object stays on Experience Platform",
    Reason.RETAINED: "the object stays on Experience Platform",
    Reason.NOT_DELETABLE: "the object stays on Experience Platform",
    Reason.UP_TO_DATE: "matches the manifest",
}
_EVIDENT: Final = frozenset({Reason.NOT_RECORDED, Reason.ADOPTED, Reason.ATTRIBUTES_CHANGED, Reason.FORCES_REPLACEMENT})
"""Reasons that the action and the attributes below it show already."""
_STAYING: Final = frozenset({Action.DELETE, Action.FORGET})


class Reasons:
    """The reasons of one plan; a replacement names the resource that forces it."""

    def __init__(self, plan: Plan) -> None:
        self._destroys = plan.destroys
        self._changes = {change.address: change for change in plan.changes if change.action not in _STAYING}
        self._living = self._changes.keys() | {change.address for change in plan.kept}

    def of(self, change: Change) -> str:
        """The reason of a change."""
        if change.reason is Reason.NOT_IN_MANIFEST:
            return self._deletion(change)
        if change.reason is Reason.FORCES_REPLACEMENT:
            return forcing(change) or _WORDS[change.reason]
        if change.reason is Reason.DEPENDENCY_REPLACED and change.because_of:
            return "because " + all_of(list(self._causes(change.because_of)))
        return _WORDS[change.reason]

    def besides(self, change: Change) -> str:
        """The reason of a change where its action and attributes are shown too; empty if those say it."""
        is_deletion = change.reason is Reason.NOT_IN_MANIFEST
        # An old object of a replacement has a note that says so.
        is_leftover = is_deletion and change.address in self._living
        is_destroyed = self._destroys and change.action is Action.DELETE
        return "" if change.reason in _EVIDENT or is_leftover or is_destroyed else self.of(change)

    def _deletion(self, change: Change) -> str:
        if self._destroys:
            return "everything in the lockfile is deleted"
        return "left over from an interrupted replacement" if change.address in self._living else _WORDS[change.reason]

    def _causes(self, addresses: Iterable[Address]) -> Iterator[str]:
        """The resources that force a replacement, without those that are themselves forced by another of them."""
        known = set(addresses)
        for address in addresses:
            cause = self._changes.get(address)
            if cause is None or known.isdisjoint(cause.because_of):
                verb = "created" if cause is not None and cause.action is Action.CREATE else "replaced"
                yield f"{address} is {verb}"


def forcing(change: Change) -> str:
    """Which attributes of a change cannot be updated in place; empty if no attribute forces the replacement."""
    paths = [attribute.path for attribute in change.attributes if attribute.forces_replacement]
    return f"because {all_of(paths)} cannot be updated in place" if paths else ""
