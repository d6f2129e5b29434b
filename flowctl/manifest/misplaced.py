"""The right place of a key that stands at the wrong one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Final

from flowctl.manifest.document_kind import DocumentKinds, no_platform_keys
from flowctl.manifest.published import WORKSPACE, schema
from flowctl.model.json_value import JSON
from flowctl.text.positions import ValuePath
from flowctl.validation.wording import code, codes, one_of

Places = tuple[str, ...]
_MOST: Final = 3
_ONCE: Final = frozenset({"apiVersion", "kind"})


def belongs(kinds: DocumentKinds, kind: str, path: ValuePath, name: str) -> str:
    """The advice to move a key from a path of a document of this kind; empty if no place knows the key."""
    if name in _ONCE:
        return ""
    here = tuple(str(step) for step in path if isinstance(step, str))
    places = [place for place in _places_in(kinds, kind).get(name, ()) if _steps(place) != here]
    if places:
        # What shares more of the way comes first: `title` below `source.data` is rather that of the source.
        places.sort(key=lambda place: (-_shared(_steps(place), here), place.count(".")))
        return f"Move it to {one_of(codes(places[:_MOST]))}."
    others = [other for other in kinds if other != kind and name in _places_in(kinds, other)]
    if not others and kind != WORKSPACE and name in _places_in(kinds, WORKSPACE):
        others = [WORKSPACE]
    if not others:
        return ""
    place = one_of([_elsewhere(other, _places_in(kinds, other)[name]) for other in others[:_MOST]])
    return f"Move it to {place}."


def _elsewhere(kind: str, places: Places) -> str:
    place = min(places, key=lambda place: place.count("."))
    return f"{code(place)} in flowctl.yaml" if kind == WORKSPACE else f"{code(place)} of a {kind} document"


def _places_in(kinds: DocumentKinds, kind: str) -> Mapping[str, Places]:
    return _places(kind, kinds[kind].platform_keys if kind in kinds else no_platform_keys)


def _steps(place: str) -> Places:
    return tuple(place.replace("[]", "").split("."))


def _shared(place: Places, here: Places) -> int:
    return sum(1 for one, other in zip(place, here, strict=False) if one == other)


@cache
def _places(kind: str, platform_keys: Callable[[], Iterable[str]]) -> Mapping[str, Places]:
    """Every place of every key of a kind of document, the platform's own keys included."""
    found: dict[str, dict[str, None]] = {}
    for place in (*_keys(schema(kind), ""), *platform_keys()):
        found.setdefault(place.rpartition(".")[2], {})[place] = None
    return {name: tuple(places) for name, places in found.items()}


def _keys(part: JSON, above: str) -> Iterator[str]:
    """The places of the keys that a schema describes."""
    if not isinstance(part, dict):
        return
    for name, member in (part.get("properties") or {}).items():
        yield f"{above}{name}"
        yield from _keys(member, f"{above}{name}.")
    yield from _keys(part.get("items"), f"{above[:-1]}[].")
    yield from _keys(part.get("additionalProperties"), f"{above}NAME.")
    for branch in (*part.get("oneOf", ()), *part.get("anyOf", ())):
        yield from _keys(branch, above)
