"""What is read of a sandbox: flows, and every object that they stand on, each once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, TypeAlias

from flowctl.engine.observe.reading import object_pages, read_objects
from flowctl.engine.observe.understood import UNREADABLE
from flowctl.engine.observe.unreadable import Unreadable
from flowctl.engine.observe.versions import read_versions
from flowctl.kinds.kind import Adoptable, Kind, Use
from flowctl.kinds.registry import KINDS
from flowctl.model.resource import RemoteObject
from flowctl.operations.session import Session
from flowctl.systems import result_of

_PAGE: Final = 100
_MANY: Final = 500
"""How many objects are worth to be looked for in the list of all."""
Told: TypeAlias = Callable[[str], None]
_FLOW: Final = next(kind for kind in KINDS.values() if kind.adoptable is not None)
"""The kind with whose objects an import begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A live object with its kind. Two versions of one object are two parts."""

    kind: Kind
    live: RemoteObject

    @property
    def use(self) -> Use:
        """How another object uses this one."""
        return Use(kind=self.kind.name, id=self.live.id, version=self.kind.version(self.live.outputs))

    @property
    def key(self) -> Use:
        """The object, whatever version of it is used."""
        return Use(kind=self.kind.name, id=self.live.id)

    @property
    def title(self) -> str:
        """What people know it by; empty if it has no title."""
        return str(self.live.attributes.get(self.kind.label) or "")

    def uses(self) -> list[Use]:
        """What it refers to, each once."""
        return list(dict.fromkeys(self.kind.uses(self.live.attributes)))

    @property
    def key_of_address(self) -> str | None:
        """The key in its address."""
        return self.kind.key(self.live.attributes)

    @property
    def owner(self) -> Use | None:
        """The object that it is a part of, if its kind is one of such parts."""
        return next((use for use in self.uses() if use.kind == self.kind.belongs_to), None)

    def made_of(self) -> list[Use]:
        """The objects of the organization that it names, and that a manifest may name by their IDs, each once."""
        return list(dict.fromkeys(self.kind.made_of(self.live.attributes)))

    def names(self) -> list[tuple[str, str]]:
        """Kind and label, in lower case, of the objects that it names by their labels."""
        return [(kind, label.lower()) for kind, label in self.kind.names(self.live.attributes)]

    @property
    def age(self) -> tuple[int, str]:
        """What orders objects from old to new, whatever order they were read in."""
        created = self.kind.provenance.created_at(self.live.body)
        return (created if isinstance(created, int) else 0, self.live.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """The flows that an import is about, the oldest first, and all that they stand on."""

    flows: tuple[Part, ...]
    parts: Mapping[Use, Part]
    unreadable: Mapping[Use, str] = field(default_factory=dict)
    """Why objects below them cannot be read."""
    attached: Mapping[Use, Sequence[Part]] = field(default_factory=dict)
    """The parts of an object that are objects themselves, the oldest first."""
    labelled: Mapping[tuple[str, str], Part] = field(default_factory=dict)
    """The objects that others name by their labels; kind and label, in lower case."""

    def stands_on(self, flow: Part) -> Iterator[Part]:
        """The flow, and every object below it that is there, each once."""
        return self._reached(flow, self.below)

    def missing_below(self, flow: Part) -> Iterator[Use]:
        """What the flow stands on and what is not there."""
        for part in self._reached(flow, Part.uses):
            yield from (use for use in part.uses() if use not in self.parts)

    def below(self, part: Part) -> Iterator[Use]:
        """What an object uses, is made of and has as its own parts, as far as it is there."""
        yield from (use for use in (*part.uses(), *part.made_of()) if use in self.parts)
        yield from (each.use for each in self.attached.get(part.use, ()))
        yield from (self.labelled[name].use for name in part.names() if name in self.labelled)

    def _reached(self, flow: Part, below: Callable[[Part], Iterable[Use]]) -> Iterator[Part]:
        seen: set[Use] = {flow.use}
        waiting = [flow]
        while waiting:
            part = waiting.pop()
            yield part
            for use in below(part):
                if use not in seen and use in self.parts:
                    seen.add(use)
                    waiting.append(self.parts[use])


def adoptable() -> Adoptable:
    """With which list an import begins."""
    if _FLOW.adoptable is None:
        raise AssertionError("no kind can be imported")
    return _FLOW.adoptable


class Reading:
    """Reads live objects. Those that cannot be read, or not be worked with, are in `unreadable`."""

    def __init__(self, session: Session, told: Told) -> None:
        self.session = session
        self.told = told
        self.unreadable: list[Unreadable] = []

    def parts(self, kind: Kind, found: Iterable[RemoteObject]) -> Iterator[Part]:
        """The objects as parts."""
        for live in found:
            part = Part(kind=kind, live=live)
            if _is_sound(part):
                yield part
            else:
                self.unreadable.append(
                    Unreadable(kind=kind.name, id=live.id, title=part.title, why="it is not what Adobe's API describes")
                )


def _is_sound(part: Part) -> bool:
    """Whether an object can be worked with: its values have the types that they have in Adobe's API."""
    kind, live = part.kind, part.live
    try:
        attributes = live.attributes
        told = [part.uses(), part.age, kind.obstacle(live), [*kind.unmanaged(attributes)], kind.forms(attributes)]
        told += [part.made_of(), part.key_of_address, adoptable().why_not(live.body) if kind is _FLOW else None]
        told += [label for _, label in part.names()]
    except UNREADABLE:
        return False
    return isinstance(attributes.get(kind.label, ""), str | None) and told is not None


def all_flows(reading: Reading) -> Iterator[Part]:
    """Every flow of a source, page by page."""
    number = 0
    for page in object_pages(_FLOW, adoptable().request, reading.session.send, reading.unreadable.append):
        number += len(page)
        reading.told(f"Read {number:,} dataflows.")
        yield from reading.parts(_FLOW, page)


def flows_by_id(reading: Reading, ids: Sequence[str]) -> list[Part]:
    """The flows of these IDs that are there."""
    wanted = sorted({one for one in ids if _FLOW.id_form.holds(one)})
    size = _FLOW.batch_size
    found: list[Part] = []
    for start in range(0, len(wanted), size):
        batch = wanted[start : start + size]
        live = read_objects(_FLOW, batch, reading.session.send, reading.unreadable.append)
        found += reading.parts(_FLOW, live.values())
    return found


def read_sandbox(reading: Reading, flows: Sequence[Part], pool: ThreadPoolExecutor) -> Sandbox:
    """Read what flows stand on: one kind after the other, users before what they use, in batches."""
    ordered = sorted(flows, key=lambda part: part.age)
    wanted: dict[str, set[Use]] = {}
    parts: dict[Use, Part] = {}
    attached: list[Part] = []
    _note(ordered, wanted)
    for kind in reversed([*KINDS.values()]):
        if wanted.get(kind.name):
            attached += _attached(kind, wanted, reading)
        found = [*_labelled(kind, attached, reading)]
        while uses := wanted.pop(kind.name, set()) - {part.use for part in found}:
            read = [*reading.parts(kind, _read(kind, uses, reading, pool))]
            found += read
            _note(read, wanted)
            wanted[kind.name] = wanted.get(kind.name, set()) - uses
        if found:
            reading.told(f"Read {len(found):,} {kind.title if len(found) == 1 else kind.titles}.")
        parts |= {part.use: part for part in found}
    owned = [part for part in sorted(attached, key=lambda part: part.age) if part.owner in parts]
    names = {name for part in owned for name in part.names()}
    return Sandbox(
        flows=tuple(ordered),
        parts={**parts, **{part.use: part for part in owned}},
        unreadable={Use(kind=one.kind, id=one.id): one.why for one in reading.unreadable},
        attached={use: [part for part in owned if part.owner == use] for use in {part.owner for part in owned} if use},
        labelled={name: part for part in parts.values() if (name := (part.kind.name, part.title.lower())) in names},
    )


def _note(parts: Sequence[Part], wanted: dict[str, set[Use]]) -> None:
    for part in parts:
        for use in (*part.uses(), *part.made_of()):
            wanted.setdefault(use.kind, set()).add(use)


def _attached(kind: Kind, wanted: dict[str, set[Use]], reading: Reading) -> Iterator[Part]:
    """The objects that are parts of those that are wanted; what they lead to is wanted too, with its own parts."""
    for each in KINDS.values():
        left = [*_all(each, reading)] if each.belongs_to == kind.name else []
        while found := [part for part in left if part.owner in wanted[kind.name]]:
            left = [part for part in left if part.owner not in wanted[kind.name]]
            _note(found, wanted)
            yield from found


def _labelled(kind: Kind, users: Sequence[Part], reading: Reading) -> Iterator[Part]:
    """The objects of a kind that others name by their labels."""
    labels = {label for part in users for name, label in part.names() if name == kind.name}
    return (part for part in (_all(kind, reading) if labels else ()) if part.title.lower() in labels)


def _all(kind: Kind, reading: Reading) -> Iterator[Part]:
    """Every object of a kind."""
    request = kind.search.everything if kind.search is not None else kind.find("")
    for page in object_pages(kind, request, reading.session.send, reading.unreadable.append):
        yield from reading.parts(kind, page)


def _read(kind: Kind, uses: set[Use], reading: Reading, pool: ThreadPoolExecutor) -> list[RemoteObject]:
    send, unread = reading.session.send, reading.unreadable.append
    if kind.versioned:
        keys = {(use.id, use.version) for use in uses if kind.id_form.holds(use.id)}
        return list(read_versions(kind, keys, send, pool, unread).values())
    ids = {use.id for use in uses if kind.id_form.holds(use.id)}
    found = list(_listed(kind, ids, reading))
    left = sorted(ids - {live.id for live in found})
    batches = [left[start : start + kind.batch_size] for start in range(0, len(left), kind.batch_size)]
    reads = [pool.submit(read_objects, kind, batch, send, unread) for batch in batches]
    return [*found, *(live for reading in reads for live in result_of(reading).values())]


def _listed(kind: Kind, ids: set[str], reading: Reading) -> Iterator[RemoteObject]:
    """Those of very many objects that stand in the first pages of the list, if a page has more than a batch.

    One that cannot be read there is read alone.
    """
    if kind.search is None or kind.batch_size >= _PAGE or len(ids) < _MANY:
        return
    missing = set(ids)
    pages = object_pages(kind, kind.search.everything, reading.session.send, lambda _one: None)
    for page in islice(pages, len(ids) // _PAGE + 1):
        for live in page:
            if live.id in missing:
                missing.discard(live.id)
                yield live
        if not missing:
            return
