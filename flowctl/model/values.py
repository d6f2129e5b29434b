"""Values inside attributes that are not plain JSON: references, look-ups, secrets; how each is filled in."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from flowctl.model.attribute_path import Path, dotted
from flowctl.model.json_value import JSON
from flowctl.model.record import UNKNOWN_SECRET
from flowctl.model.resource import Lookup, Reference, Sensitive, Unknown

_PLAIN: Final = frozenset({str, int, float, bool, type(None)})
"""Types of most values: asking a value whether it is a Mapping takes much longer than looking its type up here."""

# Named, because `A | B` would be made anew for each value.
_LISTS: Final = (list, tuple)
_GAPS: Final = (Reference, Lookup, Sensitive, Unknown)

Steps: TypeAlias = tuple[str | int, ...]
Gap: TypeAlias = tuple[Steps, Reference | Lookup | Sensitive | Unknown]
Gaps: TypeAlias = Sequence[Gap]
"""The values inside attributes that are not plain JSON, each with the steps that lead to it."""


def transform(value: JSON, fill: Callable[[Any], Any]) -> JSON:
    """The value with `fill` applied to every Reference, Lookup, Sensitive and Unknown in it.

    Parts without any of these are not copied.
    """
    if _is_plain(value):
        return value
    if isinstance(value, _GAPS):
        return fill(value)
    if isinstance(value, Mapping):
        return {name: transform(member, fill) for name, member in value.items()}
    if isinstance(value, _LISTS):
        return value if all(map(_is_plain, value)) else [transform(item, fill) for item in value]
    return value


def walk(value: JSON, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every Reference, Lookup, Sensitive and Unknown in a value, with its place."""
    if _is_plain(value):
        return
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from walk(member, (*path, name))
    elif isinstance(value, _LISTS):
        for place, item in enumerate(value):
            yield from walk(item, (*path, f"[{place}]"))
    elif isinstance(value, _GAPS):
        yield path, value


def gaps(value: JSON) -> Gaps:
    """The same as `walk`, with steps that lead through the value itself; several times faster."""
    found: list[Gap] = []
    _find_gaps(value, (), found)
    return found or ()


def _find_gaps(value: Any, steps: Steps, found: list[Gap]) -> None:
    members: Iterable[tuple[str | int, Any]]
    if type(value) is dict or isinstance(value, Mapping):
        members = value.items()
    elif isinstance(value, _LISTS):
        members = enumerate(value)
    else:
        if isinstance(value, _GAPS):
            found.append((steps, value))
        return
    for step, member in members:
        # What is known at once needs no call, nor `_is_plain`: this runs for every value of every resource.
        kind = type(member)
        if kind in _PLAIN or (kind is dict and _PLAIN.issuperset(map(type, member.values()))):
            continue
        if kind in _GAPS:
            found.append(((*steps, step), member))
        else:
            _find_gaps(member, (*steps, step), found)


def with_gaps_filled(value: JSON, found: Gaps, fill: Callable[[Any], Any]) -> JSON:
    """The value with `fill` applied to its gaps; `found` are all of them. What holds none is not copied."""
    if not found:
        return value
    filled = _copied(value)
    for steps, gap in found:
        holder = filled
        for step in steps[:-1]:
            holder[step] = inner = _copied(holder[step])
            holder = inner
        holder[steps[-1]] = fill(gap)
    return filled


def _copied(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else list(value)


def without_secrets(value: JSON) -> JSON:
    """The value without its secret members: what the lockfile may hold. Parts without any are not copied."""
    if _is_plain(value):
        return value
    if isinstance(value, Mapping):
        return {name: without_secrets(member) for name, member in value.items() if not isinstance(member, Sensitive)}
    if isinstance(value, _LISTS):
        return [without_secrets(item) for item in value if not isinstance(item, Sensitive)]
    return value


def _is_plain(value: Any) -> bool:
    """Whether a value is known at once to hold plain JSON only: a scalar, or an object of nothing but scalars."""
    kind = type(value)
    return kind in _PLAIN or (kind is dict and _PLAIN.issuperset(map(type, value.values())))


def revealed(value: JSON) -> JSON:
    """The value with secrets in clear, as it is sent.

    A secret that is not set becomes null: it never is among the changes of an update, and a creation that needs one
    is refused before the first step.
    """
    return transform(value, lambda found: found.value if isinstance(found, Sensitive) else found)


def still_secret(digests: Mapping[str, str], value: JSON) -> dict[str, str]:
    """The recorded digests of what is still a secret of the value: one that is not set keeps its own."""
    paths = {dotted(path) for path, found in walk(value) if isinstance(found, Sensitive)}
    return {path: digest for path, digest in digests.items() if path in paths}


def secret_digests(value: JSON, salt: str) -> dict[str, str]:
    """A salted digest for each secret that has a value, by dotted path."""
    return {
        dotted(path): found.digest(salt)
        for path, found in walk(value)
        if isinstance(found, Sensitive) and found.value is not None
    }


def assumed_digests(value: JSON, salt: str) -> dict[str, str]:
    """A digest for each secret of an object that someone else made, by dotted path.

    What the platform holds cannot be read, so it is taken to be today's value; one that is not set is unknown.
    """
    return {
        dotted(path): UNKNOWN_SECRET if found.value is None else found.digest(salt)
        for path, found in walk(value)
        if isinstance(found, Sensitive)
    }
