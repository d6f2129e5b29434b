"""Ids and etags in the forms that the platform uses."""

from __future__ import annotations

import secrets
import uuid


def new_uuid() -> str:
    """Return an id as Flow Service makes them: a lower-case UUID."""
    return str(uuid.uuid4())


def new_etag(now_ms: int) -> str:
    """Return an etag with its quotes: `"xxxxxxxx-0000-0200-0000-xxxxxxxx0000"`, ending in the epoch second."""
    return f'"{secrets.token_hex(4)}-0000-0200-0000-{(now_ms // 1000) & 0xFFFFFFFF:08x}0000"'


def new_dataset_id(now_ms: int) -> str:
    """Return 24 lower-case hexadecimal characters, the first eight of them the epoch second."""
    return f"{(now_ms // 1000) & 0xFFFFFFFF:08x}{secrets.token_hex(8)}"


def new_mapping_id() -> str:
    """Return 32 hexadecimal characters without dashes, for a mapping set or a mapping."""
    return secrets.token_hex(16)


def new_schema_hash() -> str:
    """Return the 48 hexadecimal characters that end the `$id` of a new XDM resource."""
    return secrets.token_hex(24)


def new_descriptor_id() -> str:
    """Return the 40 hexadecimal characters of a descriptor's `@id`."""
    return secrets.token_hex(20)
