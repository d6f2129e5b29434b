"""Live objects without their secrets, whatever the platform shows of those."""

from typing import Any, cast

from flowctl.model.attribute_path import value_at
from flowctl.model.json_value import JSONObject
from flowctl.model.resource import Sensitive
from flowctl.specs.secret_places import secret_places


def hidden(kind: str, attributes: JSONObject) -> JSONObject:
    """The attributes with Sensitive in place of each secret; what is not on the way to one is not copied."""
    places = list(secret_places(kind, attributes))
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
