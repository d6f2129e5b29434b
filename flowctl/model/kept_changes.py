"""The changes of resources that stay as they are, which are most of a large plan and which few readers look at."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import overload

from flowctl.model.change import Change


class KeptChanges(Sequence[Change]):
    """Changes that are made when the first of them is asked for. How many they are is known before."""

    def __init__(self, count: int, make: Callable[[], Iterable[Change]]) -> None:
        self._count = count
        self._make = make

    @cached_property
    def _made(self) -> tuple[Change, ...]:
        return tuple(self._make())

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Change]:
        return iter(self._made)

    @overload
    def __getitem__(self, place: int) -> Change: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Change]: ...
    def __getitem__(self, place: int | slice) -> Change | Sequence[Change]:
        return self._made[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._made == tuple(other)

    __hash__ = None  # type: ignore[assignment]
