"""When two attribute values mean the same to the platform.

The service echoes numbers and booleans as they were posted, often as text, and optional members come back as null,
"" or [] (Flow Service API, sections 3.0, 3.4 and 8.2): `"15"` and 15, `"true"` and true, missing and empty are equal.
"""

from collections.abc import Mapping
from typing import Any


def canonical(value: Any) -> Any:
    """A form in which equivalent values are equal: text for scalars, None for everything empty."""
    if value is None or value == "" or isinstance(value, bool):
        return None if value is None or value == "" else str(value).lower()
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, Mapping):
        members = {key: canonical(member) for key, member in value.items()}
        return {key: member for key, member in members.items() if member is not None} or None
    if isinstance(value, list | tuple):
        return [canonical(item) for item in value] or None
    return value


def equivalent(first: Any, second: Any) -> bool:
    """Whether two values mean the same to the platform."""
    if type(first) is type(second) and not isinstance(first, list | tuple | Mapping):
        return bool(first == second)
    return bool(canonical(first) == canonical(second))
