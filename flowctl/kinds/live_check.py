"""Live checks: what a kind asks the platform before anything is sent, as a conversation in values.

A check is a generator. It yields the reads that it needs, is sent their answers, and returns diagnostics. It sends
nothing itself: whoever runs it does, with as many reads at once as it likes.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar, cast

from flowctl.model.address import Address
from flowctl.model.change import Change
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject, Resource

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Read(Generic[T_co]):
    """One read of a check; the parameter is the type of its answer."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ask(Read[T_co]):
    """A request, and what `read` makes of its reply; `read` raises ValueError and the like for one it cannot use."""

    request: Request
    read: Callable[[Reply], T_co]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Advice(Read[T_co]):
    """An Ask that only helps to say what is wrong: if it fails, its answer is `otherwise`."""

    request: Request
    read: Callable[[Reply], T_co]
    otherwise: T_co


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exists(Read[bool]):
    """Whether one of these requests finds what it names; they are sent in turn until one does."""

    requests: tuple[Request, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LiveObject(Read[RemoteObject | None]):
    """The live object of an id, or None where it is missing or hidden."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Titled(Read[Sequence[RemoteObject]]):
    """The live objects of a kind that have one of these titles."""

    kind: str
    titles: frozenset[str]


class Answers:
    """What the platform says to the reads of one turn."""

    __slots__ = ("_found",)

    def __init__(self, found: Mapping[Read[object], object]) -> None:
        self._found = found

    def of(self, read: Read[T]) -> T:
        """The answer to a read."""
        return cast(T, self._found[read])


LiveCheck: TypeAlias = Generator[Sequence[Read[object]], Answers, Sequence[Diagnostic]]
Desired: TypeAlias = Mapping[Address, Resource]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DesiredCheck:
    """A check of the desired resources of all kinds that have it, before there is a plan.

    `begin` is given those resources and everything that is desired. `ahead`: its first reads are sent while the
    recorded objects are still being read.
    """

    begin: Callable[[Sequence[Resource], Desired], LiveCheck]
    ahead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlannedCheck:
    """A check of the planned changes of all kinds that have it.

    `begin` is given those changes and everything that is desired.
    """

    begin: Callable[[Sequence[Change], Desired], LiveCheck]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """The live checks of a kind. A check that several kinds have runs once, for all of them."""

    desired: tuple[DesiredCheck, ...] = ()
    planned: tuple[PlannedCheck, ...] = ()


NO_CHECKS: Final = Preflight()
