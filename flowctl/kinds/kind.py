"""What a kind is: how its objects are made, read, compared, changed and deleted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from flowctl.kinds.forms import Forms
from flowctl.kinds.identifier import IdForm
from flowctl.kinds.live_check import NO_CHECKS, Preflight
from flowctl.kinds.live_state import LiveWarning, Provenance, UsedBy, Versions, no_warning, unsaid
from flowctl.kinds.replacing import IN_PLACE, Notes, ReplacementRule, no_notes
from flowctl.kinds.states import StateRule
from flowctl.kinds.terms import FieldList, Terms
from flowctl.model.attribute_path import Path
from flowctl.model.change import AttributeChange
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """The contents of a reply to a write: the ID, the etag if there is one, and outputs such as a version."""

    id: str
    etag: str | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)


class Pin(NamedTuple):
    """An exact, immutable version of another object that an object uses."""

    kind: str
    id: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """An object that another one uses; `version` is empty unless an exact version is used."""

    kind: str
    id: str
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What a change in place needs: the live object, the wanted attributes, and which of them change."""

    live: RemoteObject
    desired: JSONObject
    changes: Sequence[AttributeChange]


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """One object of a page as it is written, whatever that is, and the reply with this object alone."""

    id: JSON
    body: JSON
    reply: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoptable:
    """Live objects with which an import begins: the request for their list, and why one of them is not meant."""

    request: Request
    why_not: Callable[[JSONObject], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionGuard:
    """What must not be deleted, told by a look: pages of `request(id)`, each read by `blocks(id, reply)`.

    `blocks` returns why the object has to stay, or None; the third argument holds IDs of objects that go away
    before it does. `next_page` follows the pages until it returns None.
    """

    request: Callable[[str], Request]
    blocks: Callable[[str, Reply, frozenset[str]], str | None]
    next_page: Callable[[Request, Reply], Request | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How live objects are found that would be the same as one to be created.

    - `everything` asks for all objects; `titled` for all objects of these titles, in as few requests as it takes.
    - `by_title`: a title tells; without it, an object is the same only if it also refers to the same.
    - `anchors`: attributes that refer to another object, by which `referring` asks for all objects that refer to one
      of these IDs; the first one that an object has counts.
    - `identity`: the attributes that make an object the same whatever its title; none where only the title tells.
    - `stops_untitled`: an object of the same identity and another title is a duplicate too.
    - `identity_words`: what such an object has in common, after the kind's title.
    - `fixed`: the attribute that tells apart objects of one title; an object never changes it.
    - `unique`: the platform refuses a second object of the same title.
    """

    everything: Request
    titled: Callable[[Sequence[str]], Sequence[Request]]
    by_title: bool = True
    referring: Callable[[Path, Sequence[str]], Sequence[Request]] | None = None
    anchors: tuple[Path, ...] = ()
    identity: tuple[Path, ...] = ()
    stops_untitled: bool = False
    identity_words: str = ""
    fixed: Path | None = None
    unique: bool = False


def apart_in(member: str, id_member: str = "id") -> Callable[[Reply], Iterable[Apart]]:
    """The objects of pages that list them in a member; a reply without it is one object."""

    def apart(reply: Reply) -> Iterable[Apart]:
        for body in reply.body.get(member, [reply.body]):
            object_id = body.get(id_member) if isinstance(body, Mapping) else None
            yield Apart(id=object_id, body=body, reply=replace(reply, body={member: [body]}))

    return apart


def _no_pins(_attributes: JSONObject) -> Iterable[Pin]:
    return ()


def _no_uses(_attributes: JSONObject) -> Iterable[Use]:
    return ()


def _no_names(_attributes: JSONObject) -> Iterable[tuple[str, str]]:
    return ()


def _no_key(_attributes: JSONObject) -> str | None:
    return None


def _never(_attributes: JSONObject) -> bool:
    return False


def _no_obstacle(_live: RemoteObject) -> str | None:
    return None


def _manages_all(_attributes: JSONObject) -> Iterable[Path]:
    return ()


def _fills_nothing(_attributes: JSONObject) -> tuple[str, str] | None:
    return None


def _no_page(_request: Request, _reply: Reply) -> Request | None:
    return None


def _no_forms(_attributes: JSONObject) -> Forms:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of object, as data and pure functions.

    Identity:

    - `title`: what people call such an object; `meaning` says in one sentence what it is.
    - `label`: the attribute that people know an object by.
    - `id_form`: what its IDs look like.
    - `is_pipeline`: an object of this kind stands for its pipeline; every pipeline has exactly one.
    - `in_pipeline`: a pipeline may declare an object of this kind in itself.
    - `stage`: the place of such an object on the way of data, from the connection to the schema.
    - `shows_late`: a new object may be unknown for some time to reads and to what refers to it.

    Requests and replies:

    - `create` builds the POST; `written` reads its reply and that of an update. `written` and `objects` raise
      ValueError and the like for a reply that they cannot use.
    - `read_many` asks for a batch of at most `batch_size` IDs; `next_page` follows pages; `objects` reads a page.
      A missing object is absent from the answer. `reads_whole_list`: several IDs are looked for in the list of all
      objects, so that others are in the answer too.
    - `apart` takes the objects of such a page apart: what is written as the ID of each, its body, and the reply with
      this object alone.
    - `editions` reads no more of such a page than the ID of each object and a string that changes whenever the object
      does; None where the platform gives none, or one that changes for more than that.
    - `versions`: how versions of an object are read; None where an object has only its present form.
    - `find` asks for objects of this title; `objects` reads its answer too.
    - `newest` asks for one page of any objects, from which a wrong reference is told the nearest.
    - `recall` asks for objects that may be what was just sent with these attributes, the newest first.
    - `search` finds the objects that would be the same as one to be created; None where equal ones do no harm.
    - `update` builds the change in place from the live object: its etag, positions in its lists, what flowctl does not
      manage. None where the kind has none.
    - `irreversible`: why the creation of an object cannot be taken back, as a clause; empty if it can.
    - `delete` builds the deletion; None where the platform documents none, with `kept_because`. `stays`: why the
      platform would not delete a live object, as a clause; None if it would. `belongs_to`: the kind of object that it
      is a part of, and with which it stays. `deletion_guard` looks first whether the object must stay.

    Comparison:

    - `keyed_lists`: lists whose items are told apart by a member, so that order does not matter. Any other list is
      compared item by item in its order.
    - `mappings`, `schedule`: attributes that a reviewer reads as a table by destination, and as times.
    - `fields`: the attribute that a reviewer reads as a table of fields.
    - `forms`: for the attributes of an object, the ways in which values of a known type may be written.
    - `volatile_outputs`: outputs that an update in place changes.
    - `replacement`: what cannot change in place, and how the object is replaced then.
    - `update_notes`: what a person should know before a change in place.
    - `state`: how the state of an object is reached; None if objects have none that a manifest sets.
    - `terms`: what a manifest calls the attributes.

    Other objects:

    - `fills`: kind and ID of the object into which an object with these attributes leads data.
    - `pins`: versions of other objects that an object of this kind fixes.
    - `uses`: the objects that an object of this kind refers to, in any order.
    - `made_of`: objects of the organization that an object of this kind names by their IDs, as its manifest may do too.
      `names`: kind and label of objects that it names by their labels.
    - `key`: the key in the address of an object, if one document declares several of the kind.
    - `is_sole`: whether an object with these attributes is what only one object of its document can be at a time.
    - `obstacle`: why no manifest describes a live object, whatever its attributes are; `unmanaged` are the places of
      attributes that a manifest leaves to the platform.
    - `adoptable`: the list of live objects with which an import begins, and which of them it is about; None for a kind
      that is imported only with what uses it.
    - `used_by`: the kind without whose objects one of this kind is an orphan; None if it is useful without one.

    Live objects:

    - `provenance` reads who made an object, and when. `status` reads the state that the platform gives it.
    - `provisioning`: whether a live object is still being made or published; None where objects are ready at once.
    - `warning`: what is worth saying of a live object that no attribute tells, such as that it is disabled.
    - `noted`: members of a body of which a plan makes notes; it keeps no other part of most bodies.
    - `preflight`: what is asked from the platform before anything is sent.
    """

    name: str
    title: str
    meaning: str
    label: str = "name"
    id_form: IdForm
    is_pipeline: bool = False
    in_pipeline: bool = False
    stage: int
    shows_late: bool = False

    create: Callable[[JSONObject], Request]
    written: Callable[[Reply], Created]
    read_many: Callable[[Sequence[str]], Request]
    batch_size: int
    next_page: Callable[[Request, Reply], Request | None] = _no_page
    objects: Callable[[Reply], list[RemoteObject]]
    apart: Callable[[Reply], Iterable[Apart]]
    reads_whole_list: bool = False
    editions: Callable[[Reply], Mapping[str, str]] | None = None
    versions: Versions | None = None
    find: Callable[[str], Request]
    newest: Callable[[], Request] | None = None
    recall: Callable[[JSONObject], Request]
    search: Search | None = None
    update: Callable[[Update], Request] | None = None
    delete: Callable[[str], Request] | None = None
    kept_because: str = ""
    stays: Callable[[RemoteObject], str | None] = _no_obstacle
    belongs_to: str = ""
    irreversible: str = ""
    deletion_guard: DeletionGuard | None = None

    keyed_lists: Mapping[Path, str] = field(default_factory=dict)
    mappings: str | None = None
    schedule: str | None = None
    fields: FieldList | None = None
    forms: Callable[[JSONObject], Forms] = _no_forms
    volatile_outputs: frozenset[str] = frozenset()
    replacement: ReplacementRule = IN_PLACE
    update_notes: Notes = no_notes
    state: StateRule | None = None
    terms: Terms = field(default_factory=Terms)

    fills: Callable[[JSONObject], tuple[str, str] | None] = _fills_nothing
    pins: Callable[[JSONObject], Iterable[Pin]] = _no_pins
    uses: Callable[[JSONObject], Iterable[Use]] = _no_uses
    made_of: Callable[[JSONObject], Iterable[Use]] = _no_uses
    names: Callable[[JSONObject], Iterable[tuple[str, str]]] = _no_names
    key: Callable[[JSONObject], str | None] = _no_key
    is_sole: Callable[[JSONObject], bool] = _never
    obstacle: Callable[[RemoteObject], str | None] = _no_obstacle
    unmanaged: Callable[[JSONObject], Iterable[Path]] = _manages_all
    adoptable: Adoptable | None = None
    used_by: UsedBy | None = None

    provenance: Provenance
    status: Callable[[JSONObject], str | None] = unsaid
    provisioning: Callable[[RemoteObject], bool] | None = None
    warning: Callable[[RemoteObject], LiveWarning | None] = no_warning
    noted: tuple[str, ...] = ()
    preflight: Preflight = NO_CHECKS

    @property
    def titles(self) -> str:
        """The title of several."""
        return f"{self.title}es" if self.title.endswith("s") else f"{self.title}s"

    @property
    def versioned(self) -> bool:
        """Whether an object has versions, each of which never changes."""
        return self.versions is not None

    @property
    def told_by_title(self) -> bool:
        """Whether a second object of one title is refused, by the platform or by flowctl."""
        return self.search is not None and self.search.by_title

    def version(self, outputs: Mapping[str, str]) -> str:
        """The version among the outputs of an object; empty if there is none."""
        return outputs.get(self.versions.output, "") if self.versions is not None else ""
