"""When an object cannot change in place, in which order it is replaced, and what a person should know of that."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from flowctl.model.attribute_path import Path
from flowctl.model.change import AttributeChange
from flowctl.model.json_value import JSONObject

Notes: TypeAlias = Callable[[Sequence[AttributeChange], JSONObject, frozenset[str]], tuple[str, ...]]
"""Notes on a change of these attributes to the desired ones; the third argument holds the kinds of those resources that
the object depends on, at any distance, and that the same plan creates or replaces."""


def no_notes(_changes: Sequence[AttributeChange], _desired: JSONObject, _recreated: frozenset[str]) -> tuple[str, ...]:
    """Nothing, where the plan itself says what happens."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedChange:
    """One proposed value, from which a kind tells whether the platform would refuse it in place."""

    path: tuple[str, ...]
    before: Any
    after: Any
    now: float
    live: JSONObject


def _never(_proposed: ProposedChange) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacementRule:
    """How objects of a kind are replaced.

    - `paths`: a change below one of these paths replaces the object; `decides` tells it of a value at a time.
    - `delete_first`: the old object is deleted before the new one is made.
    - `notes`: what a person should know before a replacement; `recreation_notes` before a creation that may have had
      a predecessor at work.
    """

    paths: tuple[Path, ...] = ()
    decides: Callable[[ProposedChange], bool] = _never
    delete_first: bool = False
    notes: Notes = no_notes
    recreation_notes: Notes = no_notes


IN_PLACE: Final = ReplacementRule()
"""Whatever changes can change in place."""
