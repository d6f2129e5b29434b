"""Chains of things that use each other."""

from collections.abc import Iterable, Mapping


def chain(begin: str, end: str, uses: Mapping[str, Iterable[str]]) -> list[str] | None:
    """The nodes on the shortest way from the first to the last, without the last; None if there is no way.

    It is empty if both are the same.
    """
    ways: dict[str, list[str]] = {begin: []}
    waiting = [begin]
    for each in waiting:
        if each == end:
            return ways[each]
        for used in uses.get(each, ()):
            if used not in ways:
                ways[used] = [*ways[each], each]
                waiting.append(used)
    return None
