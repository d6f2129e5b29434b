"""`$id` and `meta:altId`: two names of one resource."""

from __future__ import annotations

NAMESPACE = "https://ns.adobe.com/"
GLOBAL_LIBRARY_VERSION = "1.0.0"


def alt_id(id_: str) -> str:
    """Return the `meta:altId` of a `$id`: without the namespace, dots for slashes, an underscore in front."""
    return "_" + id_.removeprefix(NAMESPACE).replace("/", ".")


def full_id(name: str) -> str:
    """Return the `$id` of what a path holds, which may be a `$id` or a `meta:altId`."""
    if name.startswith("_"):
        return NAMESPACE + name[1:].replace(".", "/")
    return name


def tenant_namespace(tenant: str) -> str:
    """Return the key below which an organization keeps its own fields."""
    return f"_{tenant}"
