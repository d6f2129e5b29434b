"""Addresses: the stable names of resources, such as `hubspot-contacts.flow` or `crm.descriptor[_acme.crm.id]`."""

from functools import lru_cache
from sys import intern
from typing import Any, Final, Self

from flowctl.late_pattern import late_pattern

_BARE: Final = r"[a-z0-9][a-z0-9-]*\.(?P<kind>[a-z_]+)"
_IN_KEY: Final = r"[^\[\]\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"
_AT_ENDS: Final = r"[^\s\[\]\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"
WITHOUT_KEY: Final = late_pattern(rf"{_BARE}\Z")
"""The form of an address without a key, for `match`."""
FORM: Final = late_pattern(rf"{_BARE}(?:\[{_AT_ENDS}(?:{_IN_KEY}*{_AT_ENDS})?\])?\Z")
"""The form of an address, for `match`."""
LONGEST_NAME: Final = 128
"""Characters of the longest name that a document may have."""


class Address(str):
    """`NAME.KIND` or `NAME.KIND[KEY]`; a string, so that it is a JSON value and a lockfile key as it stands.

    A key tells resources of one kind in one document apart. It may hold dots, slashes, colons and blanks, but no square
    bracket, no control character and no blank at its ends. So the first bracket opens it, and nothing is escaped.
    """

    __slots__ = ("_kind",)
    _kind: str

    @classmethod
    def of(cls, name: str, kind: str, key: str | None = None) -> Self:
        """The address of the resource of this kind, and with this key, in the document of this name."""
        return cls.shared(f"{name}.{kind}" if key is None else f"{name}.{kind}[{key}]")

    @classmethod
    def shared(cls, text: str) -> Self:
        """The one address of this text that everything in this process shares.

        A resource, its record and all that depends on it name the same address, and the same object is equal at once.
        """
        found = _shared.get(text)
        if type(found) is not cls:
            if len(_shared) >= _MOST_SHARED:
                _shared.clear()
            found = _shared[text] = cls(text)
        return found

    @property
    def name(self) -> str:
        """The document's name: what stands before the dot."""
        return self.partition("[")[0].rpartition(".")[0]

    @property
    def kind(self) -> str:
        """The kind's name: what stands after the dot and before the key."""
        # Asked several times for each resource, so that it is kept.
        try:
            return self._kind
        except AttributeError:
            self._kind = intern(str(self.partition("[")[0].rpartition(".")[2]))
            return self._kind

    @property
    def key(self) -> str | None:
        """What stands in brackets, None if nothing does."""
        _, bracket, rest = self.partition("[")
        return rest.removesuffix("]") if bracket else None

    def renamed(self, name: str) -> Self:
        """The address of the same kind and key in the document of another name."""
        return self.of(name, self.kind, self.key)


_shared: Final[dict[str, Any]] = {}
_MOST_SHARED: Final = 200_000
"""Addresses that are kept; a sandbox has fewer, and a program that reads many forgets them."""


@lru_cache(maxsize=_MOST_SHARED)
def alone(address: Address) -> frozenset[Address]:
    """The set of one address, which all that depends on nothing else share."""
    return frozenset((address,))


def is_address(value: object) -> bool:
    """Whether a value has the form of an address."""
    return isinstance(value, str) and FORM.match(value) is not None


def assigned(text: str) -> tuple[Address, str]:
    """The address and the ID of `ADDRESS=ID`; an equals sign in a key belongs to the key."""
    end = text.find("]") + 1 if "[" in text.partition("=")[0] else 0
    address, _, object_id = text[end:].partition("=")
    return Address(text[:end] + address), object_id
