"""Addresses: the stable names of resources, such as `hubspot-contacts.source_connection`."""


class Address(str):
    """`NAME.KIND`; a string, so that it is a JSON value and a lockfile key as it stands."""

    __slots__ = ()

    @classmethod
    def of(cls, name: str, kind: str) -> "Address":
        """The address of the resource of this kind in the document of this name."""
        return cls(f"{name}.{kind}")

    @property
    def name(self) -> str:
        """The document's name: what stands before the dot."""
        return self.rpartition(".")[0]

    @property
    def kind(self) -> str:
        """The kind's name: what stands after the dot."""
        return self.rpartition(".")[2]
