"""Plans: what an apply will do, as a value."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flowctl.model.address import Address
from flowctl.model.attribute_path import Path, dotted
from flowctl.model.change import Action, Change, Effect
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSON
from flowctl.model.moves import MovedEntry
from flowctl.model.selection import EVERYTHING, Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftedAttribute:
    """A value that was changed outside flowctl since the last apply."""

    steps: Path
    recorded: JSON
    observed: JSON

    @property
    def path(self) -> str:
        """The dotted place."""
        return dotted(self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What was changed outside flowctl on one resource; `missing` if the object is no longer found."""

    address: Address
    attributes: tuple[DriftedAttribute, ...] = ()
    missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoredAttribute:
    """A live value that differs from the manifest at a place which `lifecycle.ignoreChanges` names."""

    address: Address
    steps: Path
    observed: JSON
    desired: JSON

    @property
    def path(self) -> str:
        """The dotted place."""
        return dotted(self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything an apply needs, and everything a reviewer wants to see.

    `changes` is in the order in which they can run and holds no no-op; `kept` holds those, so that an apply can bring
    what is recorded about them up to date. `destroys` says that nothing is desired, whatever the manifests say;
    `targets` are those that the user named.
    `allowed_duplicates` holds the IDs of live objects of which the user allows a second one. `digest` is what a
    reviewer approves it by; it is empty until it is asked for. `made_at` is when the live objects were read, in
    epoch seconds. `selection` tells to which part of the workspace the plan is narrowed, `ignored` which differences
    it leaves as they are. `moved` are the lockfile entries that get another address before anything else is done.
    `approvals` are the IDs of the rules that ask for an approval before the plan is applied. `allows_irreversible` says
    that the user allows changes that cannot be undone.
    """

    environment: str
    organization: str
    sandbox: str
    lineage: str
    serial: int
    manifest_digest: str
    changes: tuple[Change, ...]
    kept: Sequence[Change] = ()
    drift: tuple[Drift, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    destroys: bool = False
    targets: tuple[str, ...] = ()
    allowed_duplicates: frozenset[str] = frozenset()
    selection: Selection = EVERYTHING
    ignored: tuple[IgnoredAttribute, ...] = ()
    moved: tuple[MovedEntry, ...] = ()
    unmoved: int = 0
    made_at: int | None = None
    digest: str = ""
    approvals: tuple[str, ...] = ()
    allows_irreversible: bool = False

    def irreversible(self) -> tuple[Change, ...]:
        """The changes that cannot be undone."""
        return tuple(change for change in self.changes if Effect.IRREVERSIBLE in change.effects)

    @property
    def unchanged(self) -> int:
        """How many resources need no change."""
        return len(self.kept) + self.unmoved

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.changes or self.moved)

    def summary(self) -> Mapping[str, int]:
        """How many resources each action touches, with the contract's keys."""
        counts = Counter(change.action for change in self.changes)
        actions = (Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DELETE, Action.IMPORT)
        final = {"irreversible": number} if (number := len(self.irreversible())) else {}
        return {**{str(action): counts[action] for action in actions}, str(Action.NO_OP): self.unchanged, **final}

    @property
    def forgotten(self) -> int:
        """How many objects are no longer managed and stay on Experience Platform."""
        return sum(change.action is Action.FORGET for change in self.changes)
