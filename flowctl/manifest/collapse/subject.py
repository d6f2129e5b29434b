"""What is collapsed into one document: the live objects, its name, and how it refers to other documents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.tenant import without_tenant
from flowctl.text.writer import Substitution

API_VERSION: Final = "flowctl/v1"
_NOT_AS_IT_IS: Final = frozenset('"\\$\n\r\t')
"""What a substitution cannot have beside it; a string with these is escaped as a whole, and means the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Live objects that become one document.

    `attributes` are those of the live objects, by kind, with Sensitive at the place of a secret; `several` are those of
    kinds of which a document has several, and `used` those of what its objects use. `refers` is how the document refers
    to objects of other documents, by kind: a name, `{id: ...}` or `{title: ...}`. `names` are the names of documents by
    the IDs of objects that a document may refer to by their IDs too. `variable` chooses the environment variable that
    holds a secret, by the words that name it. `tenant` is the tenant ID of the organization, empty if it is not known.
    """

    name: str
    attributes: Mapping[str, JSONObject]
    refers: Mapping[str, JSON]
    variable: Callable[[str], str]
    several: Mapping[str, Sequence[JSONObject]] = field(default_factory=dict)
    used: Mapping[str, JSONObject] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    tenant: str = ""

    def named(self, object_id: str) -> str:
        """The name of the document of an object, or its ID."""
        return self.names.get(object_id, object_id)

    def portable(self, path: str) -> str:
        """A path with `${tenant}` in place of the tenant ID of the organization."""
        found = without_tenant(path, self.tenant)
        is_written = found != path and not set(path) & _NOT_AS_IT_IS
        return Substitution(found) if is_written else found


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
