"""When an object cannot change in place, in which order it is replaced, and what a person should know of that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from flowctl.model.attribute_path import Path
from flowctl.model.change import AttributeChange
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.request import Request
from flowctl.model.resource import OnReplace, RemoteObject

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
class Suspension:
    """How an object is stopped and started again: the requests for its ID, and whether a live one runs."""

    suspend: Callable[[str], Request]
    resume: Callable[[str], Request]
    runs: Callable[[RemoteObject], bool]


def _as_declared(desired: JSONObject, _rule: OnReplace, _now: int) -> tuple[JSONObject, Mapping[Path, JSON]]:
    return desired, {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacementRule:
    """How objects of a kind are replaced.

    - `paths`: a change below one of these paths replaces the object; `decides` tells it of a value at a time.
    - `delete_first`: the old object is deleted before the new one is made.
    - `suspension`: how an object is stopped while another one takes its place; None where the kind does not run.
    - `adapted`: the attributes of a new object, as the manifest says for replacements, and the declared values that
      they take the place of, by path. The time is in epoch seconds.
    - `notes`: what a person should know before a replacement; `recreation_notes` before a creation that may have had
      a predecessor at work.
    """

    paths: tuple[Path, ...] = ()
    decides: Callable[[ProposedChange], bool] = _never
    delete_first: bool = False
    suspension: Suspension | None = None
    adapted: Callable[[JSONObject, OnReplace, int], tuple[JSONObject, Mapping[Path, JSON]]] = _as_declared
    notes: Notes = no_notes
    recreation_notes: Notes = no_notes


IN_PLACE: Final = ReplacementRule()
"""Whatever changes can change in place."""
