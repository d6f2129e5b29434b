"""What an id, an etag and a version in a reply must look like before anything is recorded or sent with it."""

import re
from collections.abc import Collection
from typing import Any, Final
from urllib.parse import quote, unquote

from flowctl.late_pattern import late_pattern
from flowctl.model.header_value import is_sendable

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_LONGEST_ETAG: Final = 256
_VERSION = re.compile("[0-9]{1,18}")
_STRINGS: Final = frozenset({str})
_MOST_HELD: Final = 200_000
"""IDs of one form that are kept; a sandbox has fewer, and a program that reads many forgets them."""


class Unclear(ValueError):  # noqa: N818 - reads as what it says of a member
    """A member of a reply that cannot be used; its text says which and never holds the value."""


class IdForm:
    """The form of one service's IDs: a pattern for the whole ID, and words for it."""

    def __init__(self, pattern: str, words: str) -> None:
        self.words = words
        self._form = late_pattern(pattern, re.IGNORECASE | re.ASCII)
        self._held: set[str] = set()

    def holds(self, value: object) -> bool:
        """Whether a value is such an ID."""
        if not isinstance(value, str):
            return False
        # Each ID is asked about several times: as it is recorded, before it is requested, and in the reply.
        if value in self._held:
            return True
        if self._form.fullmatch(value) is None:
            return False
        if len(self._held) >= _MOST_HELD:
            self._held.clear()
        self._held.add(value)
        return True

    def all_hold(self, values: Collection[object]) -> bool:
        """Whether all of these values are such IDs; of many, this is told in half the time."""
        if not _STRINGS.issuperset(map(type, values)):
            return False
        new = {value for value in values if isinstance(value, str)} - self._held
        if not all(map(self._form.fullmatch, new)):
            return False
        if len(self._held) + len(new) > _MOST_HELD:
            self._held.clear()
        self._held |= new
        return True

    def read(self, value: object) -> str:
        """The ID; raises Unclear if the value is not one."""
        if isinstance(value, str) and self.holds(value):
            return value
        raise Unclear(f"the ID in it is not {self.words}")


FLOW_SERVICE_ID = IdForm(_UUID, "a UUID")
DATASET_ID = IdForm("[0-9a-f]{24}", "24 hexadecimal characters")
# Adobe's description of Data Prep prints one ID with 31 characters.
MAPPING_SET_ID = IdForm(f"[0-9a-f]{{31,32}}|{_UUID}", "32 hexadecimal characters")
SCHEMA_ALT_ID = IdForm(
    "_[a-z0-9][a-z0-9_-]{0,127}[.]schemas[.][a-z0-9_-]{1,128}", "the meta:altId of a schema (_TENANT.schemas....)"
)
DESCRIPTOR_ID = IdForm("[0-9a-f]{40}|[0-9a-f]{48}", "40 or 48 hexadecimal characters")
NAMESPACE_ID = IdForm("[0-9]{1,18}", "a whole number")


def _registry_id(type_: str, words: str) -> IdForm:
    """The form of a `$id` of Schema Registry, in which `type_` names what it is."""
    return IdForm(
        f"https://ns[.]adobe[.]com/[a-z0-9][a-z0-9_.-]{{0,127}}/{type_}/[a-z0-9_-]{{1,128}}",
        f"the $id of a {words} (https://ns.adobe.com/TENANT/{type_}/...)",
    )


SCHEMA_ID = _registry_id("schemas", "schema")
FIELD_GROUP_ID = _registry_id("mixins", "field group")
DATA_TYPE_ID = _registry_id("datatypes", "data type")
CLASS_ID = _registry_id("classes", "class")


def etag(value: object) -> str | None:
    """The etag, None if there is none; raises Unclear if the value cannot stand in an If-Match header."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and len(value) <= _LONGEST_ETAG and is_sendable(value) and " " not in value:
        return value
    raise Unclear("the etag in it cannot stand in a header")


def version(value: object) -> str:
    """A version that counts up from 0, as text; raises Unclear if the value is not one."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return str(value)
    if isinstance(value, str) and _VERSION.fullmatch(value):
        return str(int(value))
    raise Unclear("the version in it is not a whole number")


def listed(items: Any) -> list[Any]:
    """The items of a list; raises Unclear for anything else, since an empty object is not an empty list."""
    if isinstance(items, list):
        return items
    raise Unclear("it does not hold a list of objects")


def only(items: Any) -> Any:
    """The one item of a list; raises Unclear if there are none or several."""
    if isinstance(items, list) and len(items) == 1:
        return items[0]
    raise Unclear("it does not hold exactly one object")


def confirmed(form: IdForm, object_id: str, location: str | None) -> str:
    """The ID, unless the `Location` of the same reply names another object; raises Unclear if it does.

    A `Location` whose last part is not an ID says nothing.
    """
    named = unquote((location or "").rstrip("/").rpartition("/")[2])
    if form.holds(named) and named.lower() != object_id.lower():
        raise Unclear("its Location header names another object than its body")
    return object_id


def path_part(object_id: str) -> str:
    """An ID as one part of a path, percent-encoded."""
    return quote(object_id, safe="")
