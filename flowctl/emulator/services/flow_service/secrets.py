"""Secret authentication parameters: stored as they came, masked, echoed, dropped or hashed on read.

The sources do not settle whether the service echoes credentials (Flow Service API: "a partial view"), so it is
a setting. A parameter is secret if its auth spec says `"format": "password"` or does not describe it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

MASK = "*****"


def for_reading(call: Call, connection: dict[str, Any]) -> dict[str, Any]:
    """Return a base connection as GET shows it."""
    mode = call.platform.settings.secrets
    auth = connection.get("auth")
    if mode == "echo" or not isinstance(auth, dict) or not isinstance(auth.get("params"), dict):
        return connection
    shown = _shown_names(call, connection, auth.get("specName"))
    hidden = {name for name in auth["params"] if name not in shown}
    if mode == "drop":
        params = {key: value for key, value in auth["params"].items() if key not in hidden}
    elif mode == "hash":
        params = {key: _hashed(value) if key in hidden else value for key, value in auth["params"].items()}
    else:
        params = {key: MASK if key in hidden else value for key, value in auth["params"].items()}
    return connection | {"auth": auth | {"params": params}}


def _hashed(secret: object) -> str:
    return hashlib.sha256(str(secret).encode()).hexdigest()


def _shown_names(call: Call, connection: dict[str, Any], spec_name: object) -> set[str]:
    spec = call.platform.library.connection_spec(connection["connectionSpec"]["id"]) or {}
    return {
        name
        for auth_spec in spec.get("authSpec", [])
        if auth_spec["name"] == spec_name
        for name, rule in auth_spec.get("spec", {}).get("properties", {}).items()
        if rule.get("format") != "password"
    }
