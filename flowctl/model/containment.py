"""Whether one value has all members of another one, which nearly every live object has of what is recorded of it."""

from collections.abc import Mapping
from typing import Any, Final

from flowctl.model.json_value import JSON

_MISSING: Final = object()


def held(observed: Mapping[str, JSON], members: Mapping[str, JSON]) -> Mapping[str, JSON] | None:
    """What is observed, with the given members in place of equal ones; None if one of them is missing or differs.

    Of thousands of objects that are as they were, only one copy stays in memory. As in `holds`, true equals 1.
    """
    if type(members) is not dict or type(observed) is not dict:
        return members if observed == members else None
    if members.items() <= observed.items():
        return {**observed, **members} if len(members) < len(observed) else members
    found = dict(observed)
    for name, value in members.items():
        live = observed.get(name, _MISSING)
        if live == value:
            found[name] = value
        elif type(value) is not dict or not holds(live, value):
            return None
    return found


def holds(observed: Any, members: Any) -> bool:
    """Whether the live object has exactly these members: true for nearly all objects, and known at once."""
    if observed is members:
        return True
    if type(members) is not dict or type(observed) is not dict:
        return bool(observed == members)
    if members.items() <= observed.items():
        return True
    for name, value in members.items():
        live = observed.get(name, _MISSING)
        if type(value) is dict:
            if not holds(live, value):
                return False
        elif live != value:
            return False
    return True
