"""Changes: what a plan does to one resource, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

from flowctl.model.address import Address
from flowctl.model.attribute_path import Path, dotted
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.json_value import JSON
from flowctl.model.quick_dataclass import quick_dataclass
from flowctl.model.resource import AS_DECLARED, OnReplace


class Action(StrEnum):
    """What happens to a resource."""

    NO_OP = "noop"
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    IMPORT = "import"
    FORGET = "forget"

    @property
    def symbol(self) -> str:
        """The sign of the action in a list of changes: one to three characters."""
        return _SYMBOLS[self]

    @property
    def verb(self) -> str:
        """The words after an address: `will be created`."""
        return _VERBS[self]


_SYMBOLS = {
    Action.NO_OP: " ",
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.REPLACE: "-/+",
    Action.DELETE: "-",
    Action.IMPORT: "<",
    Action.FORGET: "o",
}
_VERBS = {
    Action.NO_OP: "is up to date",
    Action.CREATE: "will be created",
    Action.UPDATE: "will be updated in place",
    Action.REPLACE: "must be replaced",
    Action.DELETE: "will be deleted",
    Action.IMPORT: "will be imported",
    Action.FORGET: "will no longer be managed",
}


STATE: Final = "state"
"""The member that stands for being enabled, which a manifest may set or leave alone."""
RULES: Final = "lifecycle"
"""The member below which changed rules stand; no kind has an attribute of this name."""


class Reason(StrEnum):
    """Why a change is planned. It explains; nothing decides by it."""

    NOT_RECORDED = "not_recorded"
    ADOPTED = "adopted"
    TAKEN_BACK = "taken_back"
    INTERRUPTED = "interrupted"
    MISSING_REMOTELY = "missing_remotely"
    ATTRIBUTES_CHANGED = "attributes_changed"
    DRIFTED = "drifted"
    RULES_CHANGED = "rules_changed"
    FORCES_REPLACEMENT = "forces_replacement"
    DEPENDENCY_REPLACED = "dependency_replaced"
    NOT_IN_MANIFEST = "not_in_manifest"
    HOLDS_DATA = "holds_data"
    RETAINED = "retained"
    NOT_DELETABLE = "not_deletable"
    UP_TO_DATE = "up_to_date"


class Effect(StrEnum):
    """What a note is about: what becomes of data, what nobody can take back, what a run cannot know, or how the runs of
    a dataflow are at this moment."""

    INGESTS_HISTORY = "ingests_history"
    DELETES_DATA = "deletes_data"
    NOT_COMPARED = "not_compared"
    IRREVERSIBLE = "irreversible"
    RUNS = "runs"


class Note(str):
    """A sentence that a person should read before a change is approved, with what it is about if a reader may ask."""

    __slots__ = ("effect",)
    effect: Effect | None

    def __new__(cls, text: str, effect: Effect | None = None) -> Self:
        """The sentence, which is a string like any other."""
        note = super().__new__(cls, text)
        note.effect = effect
        return note


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeChange:
    """One changed value; `steps` is its place: member names, `[n]` for list places, `[key]` in keyed lists."""

    steps: Path
    before: JSON = None
    after: JSON = None
    sensitive: bool = False
    forces_replacement: bool = False

    @property
    def path(self) -> str:
        """The place as people read it: `transformations[Mapping].params.mappingVersion`."""
        return dotted(self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What asks for a resource: its pipeline, the labels of its document, and its place in a manifest.

    What no manifest describes has no labels and no place; what several pipelines may share has no pipeline.
    """

    pipeline: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    span: SourceSpan | None = None


NO_ORIGIN: Final = Origin()


@quick_dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One resource's part of a plan.

    `desired` holds the attributes to send: references to resources that are created or changed in the same
    run are Unknown. `remote_id` and `etag` are those of the live object at plan time. `because_of` holds the resources
    whose replacement forces this one. `on_replace` says how an object is replaced; `resumes` that one is enabled again,
    which an interrupted replacement disabled. `outputs` are those of a live object that stands where the lockfile knows
    others. `origin` and `schedule`, the whole schedule if it changes or if the object is new, are for reviewers;
    nothing decides by them.
    """

    address: Address
    action: Action
    reason: Reason
    attributes: tuple[AttributeChange, ...] = ()
    desired: Mapping[str, JSON] = field(default_factory=dict)
    observed: Mapping[str, JSON] = field(default_factory=dict)
    remote_id: str | None = None
    etag: str | None = None
    depends_on: frozenset[Address] = frozenset()
    because_of: tuple[Address, ...] = ()
    on_replace: OnReplace = AS_DECLARED
    resumes: bool = False
    notes: tuple[str, ...] = ()
    outputs: Mapping[str, str] = field(default_factory=dict)
    origin: Origin = NO_ORIGIN
    schedule: Mapping[str, JSON] | None = None

    @property
    def kind(self) -> str:
        """The kind's name."""
        return self.address.kind

    @property
    def effects(self) -> frozenset[Effect]:
        """What the notes are about."""
        return frozenset(note.effect for note in self.notes if isinstance(note, Note) and note.effect is not None)

    @property
    def is_recorded_only(self) -> bool:
        """Whether nothing is sent: an object is recorded as it is, or only the rules of `lifecycle` change, which the
        lockfile keeps."""
        return (
            not self.resumes
            and self.action in (Action.UPDATE, Action.IMPORT)
            and all(change.steps[0] == RULES for change in self.attributes)
        )
