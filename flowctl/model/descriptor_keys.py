"""Keys of descriptors in addresses, such as `_acme.crm.id` in `crm.descriptor[_acme.crm.id]`."""

from typing import Final

_BARE: Final = "identity"


def descriptor_key(type_: str, path: str) -> str:
    """The path without the signs of arrays, and what the descriptor says unless the field is an identity."""
    bare = path.replace("[*]", "")
    return bare if type_ == _BARE else f"{bare} {type_}"
