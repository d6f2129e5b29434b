"""A digest of one change: equal digests mean that the same would be done."""

import hashlib
import json
from typing import Any

from flowctl.model.change import Change
from flowctl.model.resource import Sensitive, Unknown


def change_digest(change: Change) -> str:
    """SHA-256 over what a change does, in hexadecimal; secrets count by whether they change, not by value."""
    document = {
        "address": change.address,
        "action": str(change.action),
        "id": change.remote_id,
        "attributes": [
            [attribute.path, attribute.before, attribute.after, attribute.sensitive] for attribute in change.attributes
        ],
        "desired": change.desired,
    }
    text = json.dumps(document, sort_keys=True, default=_named)
    return hashlib.sha256(text.encode()).hexdigest()


def _named(value: Any) -> str:
    if isinstance(value, Sensitive | Unknown):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not a JSON value")
