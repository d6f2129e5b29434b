"""What is collapsed into one document: the live objects, its name, and how it refers to other documents."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from flowctl.model.json_value import JSON, JSONObject

API_VERSION: Final = "flowctl/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Live objects that become one document.

    `attributes` are those of the live objects, by kind, with Sensitive at the place of a secret. `refers` is how the
    document refers to objects of other documents, by kind: a name, `{id: ...}` or `{title: ...}`. `variable` chooses
    the environment variable that holds a secret, by the words that name it.
    """

    name: str
    attributes: Mapping[str, JSONObject]
    refers: Mapping[str, JSON]
    variable: Callable[[str], str]


Collapse: TypeAlias = Callable[[Subject], Mapping[str, JSON]]
"""From live objects to the content of the document that describes them."""


def titled(subject: Subject, title: JSON) -> dict[str, JSON]:
    """The title, unless the name says the same."""
    return {"title": title} if title and title != subject.name else {}


def described(attributes: JSONObject) -> dict[str, JSON]:
    """The description, if there is one."""
    return {"description": attributes["description"]} if attributes.get("description") else {}


def kept_rules(*, holds_data: bool) -> dict[str, JSON]:
    """The rules of what someone else made: nothing deletes it by accident."""
    return {"lifecycle": {"preventDestroy": True, **({"onDelete": "retain"} if holds_data else {})}}


def without_nothing(value: JSON) -> JSON:
    """The value without members that are null or empty: to the platform they mean the same as missing."""
    if isinstance(value, Mapping):
        members = {name: without_nothing(member) for name, member in value.items()}
        return {name: member for name, member in members.items() if member is not None and member not in ("", [], {})}
    return [without_nothing(item) for item in value] if isinstance(value, list | tuple) else value
