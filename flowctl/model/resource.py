"""Desired and observed objects: resources, references between them, and what the platform holds."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple

from flowctl.model.address import Address
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.json_value import JSON
from flowctl.model.quick_dataclass import quick_dataclass

SENSITIVE: Final = "(sensitive)"
"""What every output shows in place of a secret."""
KNOWN_LATER: Final = "(known after apply)"
"""What every output shows in place of an ID that the same run creates."""


@quick_dataclass(frozen=True, slots=True, unsafe_hash=True)
class Reference:
    """A value that another resource of this workspace gives: its `id`, or an output such as `version`."""

    address: Address
    output: str = "id"


@dataclass(frozen=True, slots=True)
class Lookup:
    """A value of an object that already exists outside this workspace, found by id or by title.

    `kind` is the kind's name, `by` is `id` or `title`, `output` names the value wanted (`id`, `schema_id`).
    """

    kind: str
    by: str
    value: str
    output: str = "id"


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A secret: a text, or a number, mapping or list as a whole.

    `value` is None where the environment variable that holds it is not set, and where it is a live value, which nobody
    asks for.
    """

    value: JSON
    variable: str = ""

    def digest(self, salt: str) -> str:
        """HMAC-SHA256 of the value under the lockfile's salt, in hexadecimal."""
        import hashlib  # both take long to import, and most commands need no digest
        import hmac

        value = self.value
        # A text counts as its characters; what is not one begins with a byte that no text begins with.
        text = value if isinstance(value, str) else "\0" + json.dumps(value, sort_keys=True)
        return hmac.new(bytes.fromhex(salt), text.encode(errors="surrogateescape"), hashlib.sha256).hexdigest()

    def __repr__(self) -> str:
        return SENSITIVE

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is known only after apply; compares unequal to every observed value."""

    address: Address
    output: str = "id"

    def __str__(self) -> str:
        return KNOWN_LATER


class OnDelete(StrEnum):
    """What becomes of a dataset that leaves the workspace."""

    AUTO = "auto"
    RETAIN = "retain"
    DELETE = "delete"


class Lifecycle(NamedTuple):
    """How a resource may be deleted."""

    on_delete: OnDelete = OnDelete.AUTO
    prevent_destroy: bool = False


class Order(StrEnum):
    """Which comes first when an object is replaced: the deletion of the old one or the creation of the new one."""

    DELETE_FIRST = "delete-first"
    CREATE_FIRST = "create-first"


NOW: Final = "now"
"""The start time of a new object that starts when it is created."""


class OnReplace(NamedTuple):
    """How an object is replaced, where its manifest says so.

    `backfill` and `start_time` are for the new object in place of what the manifest declares; the time is in epoch
    seconds, or NOW.
    """

    order: Order | None = None
    backfill: bool | None = None
    start_time: int | str | None = None


AS_DECLARED: Final = OnReplace()
"""The manifest says nothing of replacements."""


@quick_dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One wanted object. `attributes` is the comparable form; it may hold Reference, Lookup and Sensitive.

    `replaced_with` names resources that must be replaced whenever this one is, and the other way round:
    a source and a target connection serve one flow and are made anew together. `ignored` are the places at which the
    live value stands, whatever the attributes say. `has_own_title` is false if the title is
    made of the document's name. `declared` looks up where it stands in a manifest, or where one of
    its attributes does, given the path of that.
    """

    address: Address
    attributes: Mapping[str, JSON]
    depends_on: frozenset[Address] = frozenset()
    replaced_with: frozenset[Address] = frozenset()
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    ignored: tuple[str, ...] = ()
    has_own_title: bool = True
    on_replace: OnReplace = AS_DECLARED
    declared: Callable[..., SourceSpan] | None = field(default=None, repr=False, compare=False)

    @property
    def span(self) -> SourceSpan | None:
        """The place in a manifest."""
        return self.place()

    def place(self, *path: str | int) -> SourceSpan | None:
        """The place of an attribute in a manifest; of the nearest that is declared, where it is not."""
        return self.declared(*path) if self.declared is not None else None

    @property
    def kind(self) -> str:
        """The kind's name."""
        return self.address.kind


@quick_dataclass(frozen=True, slots=True, kw_only=True)
class RemoteObject:
    """An object on the platform: `attributes` in comparable form, `body` as it was answered.

    `known` are recorded attributes that it has, as was seen when it was read; None if that was not looked at.
    """

    id: str
    etag: str | None
    attributes: Mapping[str, JSON]
    body: Mapping[str, Any]
    outputs: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, JSON] | None = field(default=None, repr=False, compare=False)
