"""What is read of a sandbox: flows, and every object that they stand on, each once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias

from flowctl.engine.observe.reading import object_pages, read_objects
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
    def age(self) -> tuple[int, str]:
        """What orders objects from old to new, whatever order they were read in."""
        created = self.kind.provenance.created_at(self.live.body)
        return (created if isinstance(created, int) else 0, self.live.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """The flows that an import is about, the oldest first, and all that they stand on."""

    flows: tuple[Part, ...]
    parts: Mapping[Use, Part]

    def stands_on(self, flow: Part) -> Iterator[Part]:
        """The flow, and every object below it that is there, each once."""
        seen: set[Use] = {flow.use}
        waiting = [flow]
        while waiting:
            part = waiting.pop()
            yield part
            for use in part.uses():
                if use not in seen and use in self.parts:
                    seen.add(use)
                    waiting.append(self.parts[use])

    def missing_below(self, flow: Part) -> Iterator[Use]:
        """What the flow stands on and what is not there."""
        for part in self.stands_on(flow):
            yield from (use for use in part.uses() if use not in self.parts)


def adoptable() -> Adoptable:
    """With which list an import begins."""
    if _FLOW.adoptable is None:
        raise AssertionError("no kind can be imported")
    return _FLOW.adoptable


def all_flows(session: Session, told: Told) -> Iterator[Part]:
    """Every flow of a source, page by page."""
    number = 0
    for page in object_pages(_FLOW, adoptable().request, session.send):
        number += len(page)
        told(f"Read {number:,} dataflows.")
        yield from (Part(kind=_FLOW, live=live) for live in page)


def flows_by_id(session: Session, ids: Sequence[str]) -> list[Part]:
    """The flows of these IDs that are there."""
    wanted = sorted({one for one in ids if _FLOW.id_form.holds(one)})
    size = _FLOW.batch_size
    found: list[Part] = []
    for start in range(0, len(wanted), size):
        live = read_objects(_FLOW, wanted[start : start + size], session.send)
        found += [Part(kind=_FLOW, live=each) for each in live.values()]
    return found


def read_sandbox(session: Session, flows: Sequence[Part], pool: ThreadPoolExecutor, told: Told) -> Sandbox:
    """Read what flows stand on: one kind after the other, users before what they use, in batches."""
    ordered = sorted(flows, key=lambda part: part.age)
    wanted: dict[str, set[Use]] = {}
    parts: dict[Use, Part] = {}
    _note(ordered, wanted)
    for kind in reversed([*KINDS.values()]):
        uses = wanted.pop(kind.name, set())
        if not uses:
            continue
        found = [Part(kind=kind, live=live) for live in _read(kind, uses, session, pool)]
        told(f"Read {len(found):,} {kind.title}{'' if len(found) == 1 else 's'}.")
        parts |= {part.use: part for part in found}
        _note(found, wanted)
    return Sandbox(flows=tuple(ordered), parts=parts)


def _note(parts: Sequence[Part], wanted: dict[str, set[Use]]) -> None:
    for part in parts:
        for use in part.uses():
            wanted.setdefault(use.kind, set()).add(use)


def _read(kind: Kind, uses: set[Use], session: Session, pool: ThreadPoolExecutor) -> list[RemoteObject]:
    if kind.versioned:
        keys = {(use.id, use.version) for use in uses if kind.id_form.holds(use.id)}
        return list(read_versions(kind, keys, session.send, pool).values())
    ids = {use.id for use in uses if kind.id_form.holds(use.id)}
    found = list(_listed(kind, ids, session))
    left = sorted(ids - {live.id for live in found})
    batches = [left[start : start + kind.batch_size] for start in range(0, len(left), kind.batch_size)]
    reads = [pool.submit(read_objects, kind, batch, session.send) for batch in batches]
    return [*found, *(live for reading in reads for live in result_of(reading).values())]


def _listed(kind: Kind, ids: set[str], session: Session) -> Iterator[RemoteObject]:
    """Those of very many objects that stand in the first pages of the list, if a page has more than a batch."""
    if kind.search is None or kind.batch_size >= _PAGE or len(ids) < _MANY:
        return
    missing = set(ids)
    for page in islice(object_pages(kind, kind.search.everything, session.send), len(ids) // _PAGE + 1):
        for live in page:
            if live.id in missing:
                missing.discard(live.id)
                yield live
        if not missing:
            return
