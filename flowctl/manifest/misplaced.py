"""Where a key belongs that is known, only not where it was written."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from flowctl.manifest.published import KINDS, WORKSPACE, schema
from flowctl.model.json_value import JSON
from flowctl.specs.catalogue import connector, connector_names
from flowctl.validation.wording import one_of

Places = tuple[str, ...]
_MOST: Final = 3
_ONCE: Final = frozenset({"apiVersion", "kind"})


def belongs(kind: str, path: tuple[str | int, ...], name: str) -> str:
    """The advice to move a key from a path of a document of this kind; empty where the key is known nowhere."""
    if name in _ONCE:
        return ""
    here = tuple(str(step) for step in path if isinstance(step, str))
    places = [place for place in _places(kind).get(name, ()) if _steps(place) != here]
    if places:
        # What shares more of the way comes first: `title` below `source.data` is rather that of the source.
        places.sort(key=lambda place: (-_shared(_steps(place), here), place.count(".")))
        return f"Move it: {name} is {one_of(places[:_MOST])}."
    others = [other for other in KINDS if other != kind and name in _places(other)]
    if not others and kind != WORKSPACE and name in _places(WORKSPACE):
        others = [WORKSPACE]
    if not others:
        return ""
    place = one_of([_elsewhere(other, name) for other in others[:_MOST]])
    return f"Move it: {name} is {place}."


def _elsewhere(kind: str, name: str) -> str:
    place = min(_places(kind)[name], key=lambda place: place.count("."))
    return f"{place} in flowctl.yaml" if kind == WORKSPACE else f"{place} of a {kind}"


def _steps(place: str) -> Places:
    return tuple(place.replace("[]", "").split("."))


def _shared(place: Places, here: Places) -> int:
    return sum(1 for one, other in zip(place, here, strict=False) if one == other)


@cache
def _places(kind: str) -> dict[str, tuple[str, ...]]:
    """Every place of every key of a kind of document, the platform's own keys included."""
    found: dict[str, dict[str, None]] = {}
    for place in (*_keys(schema(kind), ""), *_platform_keys(kind)):
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


def _platform_keys(kind: str) -> Iterator[str]:
    """Parameters of sources and of authentications, whatever the connector."""
    for name in connector_names() if kind in ("Pipeline", "Connection") else ():
        known = connector(name)
        if known is not None and kind == "Pipeline":
            yield from (f"source.params.{key}" for key in (known.source_schema or {}).get("properties", {}))
        elif known is not None:
            yield from (
                f"auth.params.{key}" for spec in known.auth_specs for key in (spec.schema or {}).get("properties", {})
            )
