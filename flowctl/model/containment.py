"""Whether one value has all members of another one, which nearly every live object has of what is recorded of it."""

from typing import Any, Final

_MISSING: Final = object()


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
