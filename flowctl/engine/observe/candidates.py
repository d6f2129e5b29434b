"""Candidates: objects that a reference without a match may have meant, from one page of each kind."""

from collections.abc import Mapping
from contextlib import suppress

from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.understood import understood
from flowctl.kinds.kind import Kind
from flowctl.model.errors import PlatformError
from flowctl.model.resource import Lookup, RemoteObject
from flowctl.validation.wording import nearest

_MOST_NAMED = 5
_NEAR = 0.6
_LIKE = 0.8
"""How like an ID another one has to be: any two have many digits in common."""


class Candidates:
    """The objects of one page of each kind, read at first use."""

    def __init__(self, kinds: Mapping[str, Kind], send: Send) -> None:
        self._kinds = kinds
        self._send = send
        self._pages: dict[str, list[RemoteObject]] = {}

    def words(self, lookup: Lookup) -> tuple[str, str]:
        """The existing objects, and the one that was probably meant; both empty if they cannot be read."""
        kind = self._kinds[lookup.kind]
        titles = {live.id: str(live.attributes.get(kind.label) or live.id) for live in self._page(kind)}
        known = sorted(titles) if lookup.by == "id" else sorted(set(titles.values()))
        named = [f"{key} ({titles[key]})" if lookup.by == "id" else f'"{key}"' for key in known[:_MOST_NAMED]]
        more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
        if not known:
            return "", ""
        return f"Known: {', '.join(named)}{more}.", self._meant(lookup, titles)

    def of_id(self, kind: Kind, object_id: str) -> tuple[str, str]:
        """The same for an ID that no object of a kind has: a detail and a hint."""
        return self.words(Lookup(kind=kind.name, by="id", value=object_id))

    def _meant(self, lookup: Lookup, titles: Mapping[str, str]) -> str:
        """The nearest of the same way to refer; a title that was written as an ID, or the other way round, too."""
        same, other = (titles, set(titles.values())) if lookup.by == "id" else (set(titles.values()), titles)
        if lookup.value in other:
            instead = "title" if lookup.by == "id" else "id"
            return f'Write `{{{instead}: "{lookup.value}"}}`.'
        near = nearest(lookup.value, same, _LIKE if lookup.by == "id" else _NEAR)
        return f'Did you mean "{near}"?' if near else ""

    def _page(self, kind: Kind) -> list[RemoteObject]:
        if kind.name not in self._pages:
            self._pages[kind.name] = []
            if kind.newest is not None:
                request = kind.newest()
                # The object is missing, whether the advice can be read or not.
                with suppress(PlatformError):
                    self._pages[kind.name] = understood(request, self._send(request), kind.objects)
        return self._pages[kind.name]
