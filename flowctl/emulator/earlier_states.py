"""Earlier states of changed documents, for reads that show a change late."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowctl.emulator.objects import Stored

_Key = tuple[int, str, str]


@dataclass(slots=True)
class EarlierStates:
    """Documents as they were before their last changes; after a restart there are none."""

    _states: dict[_Key, list[tuple[int, Stored]]] = field(default_factory=dict)

    def keep(self, scope: int, kind: str, stored: Stored, *, now: int, delay: int) -> None:
        """Keep the state that a change at `now` ends, and drop those that ended more than `delay` milliseconds ago."""
        states = self._states.setdefault((scope, kind, stored.id), [])
        states[:] = [each for each in states if each[0] > now - delay]
        states.append((now, stored))

    def at(self, scope: int, kind: str, stored: Stored, moment: int) -> Stored:
        """Return the state of a document at that time: the stored one, unless an earlier one ended later."""
        states = self._states.get((scope, kind, stored.id), ())
        earlier = next((state for ended, state in states if ended > moment), None)
        if earlier is None:
            return stored
        return stored._replace(name=earlier.name, etag=earlier.etag, text=earlier.text)

    def clear(self) -> None:
        """Forget all states."""
        self._states.clear()
