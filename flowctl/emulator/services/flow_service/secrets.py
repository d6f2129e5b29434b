"""Secret authentication parameters: stored as they came, masked, echoed, dropped or hashed on read.

The sources do not say whether the service echoes credentials (Flow Service API: "a partial view"), so it is
a setting. A parameter is secret if its auth spec says `"format": "password"`, or if it does not describe it and the
name does not say where a source is or who reads it.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

MASK = "*****"
HTTP_API = "bc7b00d6-623a-4dfc-9fdb-f1240aeadaeb"
_INLET = frozenset({"inletUrl", "inletId"})
_OPEN = re.compile(
    r"(?!.*(?:sas_?ur[il]|connection))"
    r".*(?:host|server|port|database|url|uri|endpoint|user|client|tenant|subscription|application|principal|region|domain"
    r"|namespace|bucket|container|folder|account_?name|key_?id|key_?name|schema|catalog|warehouse|role|project|version"
    r"|type|scope|date|ssl|path)(?!.*(?:secret|passw|token$|key$))",
    re.IGNORECASE,
)
"""Names under which a source's place or a reader's name stands."""


def for_reading(call: Call, connection: dict[str, Any]) -> dict[str, Any]:
    """Return a base connection as GET shows it."""
    mode = call.platform.settings.secrets
    connection = _with_inlet(connection)
    auth = connection.get("auth")
    if mode == "echo" or not isinstance(auth, dict) or not isinstance(auth.get("params"), dict):
        return connection
    described, shown = _described(call, connection, auth.get("specName"))
    hidden = {
        name
        for name, value in auth["params"].items()
        if name not in shown | _INLET and not (name not in described and _is_open(name, value))
    }
    if mode == "drop":
        params = {key: value for key, value in auth["params"].items() if key not in hidden}
    elif mode == "hash":
        params = {key: _hashed(value) if key in hidden else value for key, value in auth["params"].items()}
    else:
        params = {key: MASK if key in hidden else value for key, value in auth["params"].items()}
    return connection | {"auth": auth | {"params": params}}


def _with_inlet(connection: dict[str, Any]) -> dict[str, Any]:
    """Return a connection; one of HTTP API with the address that clients send data to."""
    auth = connection.get("auth")
    if connection["connectionSpec"]["id"] != HTTP_API or not isinstance(auth, dict):
        return connection
    inlet = hashlib.sha256(connection["id"].encode()).hexdigest()
    params = {"inletUrl": f"https://dcs.adobedc.net/collection/{inlet}", "inletId": inlet}
    return connection | {"auth": auth | {"params": {**(auth.get("params") or {}), **params}}}


def _hashed(secret: object) -> str:
    return hashlib.sha256(str(secret).encode()).hexdigest()


def _is_open(name: str, value: object) -> bool:
    return isinstance(value, bool | None) or _OPEN.match(name) is not None


def _described(call: Call, connection: dict[str, Any], spec_name: object) -> tuple[set[str], set[str]]:
    """Return the parameters that the auth spec describes, and those of them that are no secrets."""
    spec = call.platform.library.connection_spec(connection["connectionSpec"]["id"]) or {}
    rules = {
        name: rule
        for auth_spec in spec.get("authSpec", [])
        if auth_spec["name"] == spec_name
        for name, rule in auth_spec.get("spec", {}).get("properties", {}).items()
    }
    return set(rules), {name for name, rule in rules.items() if rule.get("format") != "password"}
