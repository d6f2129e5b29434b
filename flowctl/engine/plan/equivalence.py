"""When two attribute values mean the same to the platform.

The service echoes numbers and booleans as they were posted, often as text, and optional members come back as null,
"" or []: `"15"` and 15, `"true"` and true, missing and empty are equal.
More than that is equal only where a kind knows the type of the attribute: see `alike`.
"""

from collections.abc import Mapping
from typing import Any

from flowctl.kinds.forms import Forms, form_at
from flowctl.model.attribute_path import Path


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
    """Whether two values mean the same to the platform, whatever attribute they are of."""
    if type(first) is type(second) and not isinstance(first, list | tuple | Mapping):
        return bool(first == second)
    return bool(canonical(first) == canonical(second))


def alike(forms: Forms, path: Path, first: Any, second: Any) -> bool:
    """Whether two values of the attribute at a path mean the same to the platform."""
    if equivalent(first, second):
        return True
    form = form_at(forms, path)
    return form is not None and form(first, second)
