"""Live objects that cannot be read: one of them need not keep the others from being read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from flowctl.kinds.kind import Apart, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An object that is not what Adobe's API describes; `why` is a clause. ID and title are empty if it has none."""

    kind: str
    id: str
    title: str
    why: str


Unread: TypeAlias = Callable[[Unreadable], None]
"""Is told of each object that cannot be read."""


def unreadable(kind: Kind, one: Apart, why: str) -> Unreadable:
    """The object of a page that cannot be read."""
    title = one.body.get(kind.label) if isinstance(one.body, Mapping) else None
    return Unreadable(
        kind=kind.name,
        id=str(one.id) if kind.id_form.holds(one.id) else "",
        title=title if isinstance(title, str) else "",
        why=why or NOT_THE_API,
    )


NOT_THE_API = "it is not what Adobe's API describes"
