"""The tenant ID of an organization, which every name of its own fields begins with."""

from typing import Final

TENANT: Final = "${tenant}"
"""What stands for the tenant ID in a path."""
UNKNOWN: Final = "TENANT"
"""The tenant ID of an organization of which nobody has asked Experience Platform yet."""


def with_tenant(path: str, tenant: str) -> str:
    """The path with the tenant ID in place of `${tenant}`."""
    return path.replace(TENANT, tenant or UNKNOWN) if TENANT in path else path


def without_tenant(path: str, tenant: str) -> str:
    """The path with `${tenant}` in place of the tenant ID, if it begins with the tenant's namespace."""
    first, dot, rest = path.partition(".")
    return f"_{TENANT}{dot}{rest}" if tenant and first == namespace_of(tenant) else path


def namespace_of(tenant: str) -> str:
    """The field that holds all fields of an organization, such as `_acme`."""
    return f"_{tenant or UNKNOWN}"
