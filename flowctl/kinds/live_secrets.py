"""Live objects without their secrets, whatever the platform shows of those."""

from collections.abc import Iterable
from typing import Any, cast

from flowctl.model.attribute_path import Path, value_at
from flowctl.model.json_value import JSONObject
from flowctl.model.resource import Sensitive


def hidden(attributes: JSONObject, secrets: Iterable[Path]) -> JSONObject:
    """The attributes with Sensitive at the place of each secret; what is not on the way to one is not copied."""
    places = tuple(secrets)
    if not places:
        return attributes
    shown: dict[str, Any] = dict(attributes)
    copied: set[tuple[str, ...]] = set()
    for path in places:
        for length in range(1, len(path)):
            if path[:length] not in copied:
                copied.add(path[:length])
                holder = value_at(shown, path[: length - 1], {})
                holder[path[length - 1]] = dict(holder[path[length - 1]])
        cast(dict[str, Any], value_at(shown, path[:-1], {}))[path[-1]] = Sensitive(None)
    return shown
