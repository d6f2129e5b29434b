"""The sandboxes of a record that the emulator has to have: those of which a reply shows that they existed before it."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import unquote

ALWAYS: Final = frozenset({"prod", "dev"})
"""The sandboxes that every emulator has."""
_MANAGEMENT: Final = "/data/foundation/sandbox-management/"
_ONE: Final = re.compile(r"/data/foundation/sandbox-management/sandboxes/(?P<name>[^/]+)/?")
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,255}")
_OF_THE_REQUEST: Final = frozenset({400, 409, 412, 422})
"""Statuses of services that have looked at the request, and so have found the sandbox."""
_OF_A_SERVICE: Final = re.compile(r"[A-Z]{2,12}-[0-9]{4}-[0-9]{3}")
_OF_SANDBOXES: Final = re.compile(r"FLOW-2[01][0-9]{2}-[0-9]{3}")
"""Codes of Flow Service that say that a sandbox, or the right to use it, is missing."""
_MEMBERS_OF_CODES: Final = ("type", "errorCode", "error_code", "code")


def shown_to_exist(exchanges: Sequence[dict[str, Any]]) -> frozenset[str]:
    """Return the sandboxes that requests name and that existed before the record, as far as its replies show it.

    A sandbox that the record creates is not among them: the emulator creates it when it gets the same request.
    """
    named = {name for exchange in exchanges for name in _named(exchange["request"]) if _NAME.fullmatch(name)}
    found: set[str] = set()
    created: set[str] = set()
    for exchange in exchanges:
        reply = exchange.get("reply")
        if reply is None or exchange.get("withheld"):
            continue
        found |= set(_shown(exchange["request"], reply)) - created
        if exchange["request"]["method"] == "POST" and _is_done(reply):
            created |= set(_created(exchange["request"])) - found
    return frozenset(found & named)


def sandbox_of(request: dict[str, Any]) -> str:
    """Return the sandbox in which a request is done; it is empty for one that asks about sandboxes, or for a token."""
    path = request["path"]
    inside = path.startswith("/data/") and not path.startswith(_MANAGEMENT)
    return str(request["headers"].get("x-sandbox-name", "")) if inside else ""


def _named(request: dict[str, Any]) -> Iterator[str]:
    yield sandbox_of(request)
    one = _ONE.fullmatch(request["path"])
    if one:
        yield unquote(one["name"])


def _shown(request: dict[str, Any], reply: dict[str, Any]) -> Iterator[str]:
    """Yield the sandboxes of which a reply shows that they exist."""
    if not request["path"].startswith(_MANAGEMENT):
        if _is_of_a_sandbox(reply):
            yield sandbox_of(request)
        return
    body = (reply["body"] or {}).get("json")
    if not _is_done(reply) or not isinstance(body, dict) or request["method"] == "POST":
        return
    listed = body.get("sandboxes")
    for each in listed if isinstance(listed, list) else [body]:
        if isinstance(each, dict) and isinstance(each.get("name"), str) and each.get("state") != "deleted":
            yield each["name"]


def _created(request: dict[str, Any]) -> Iterator[str]:
    body = (request["body"] or {}).get("json")
    if request["path"].startswith(_MANAGEMENT) and isinstance(body, dict) and isinstance(body.get("name"), str):
        yield body["name"]


def _is_done(reply: dict[str, Any]) -> bool:
    return 200 <= int(reply["status"]) < 300


def _is_of_a_sandbox(reply: dict[str, Any]) -> bool:
    """Whether a reply of a service shows that the sandbox of its request exists: done, or refused for other reasons."""
    if _is_done(reply):
        return True
    code = _code(reply)
    if code:
        return _OF_SANDBOXES.search(code) is None and reply["status"] in (404, *_OF_THE_REQUEST)
    return reply["status"] in _OF_THE_REQUEST and not _is_of_the_gateway(reply)


def _code(reply: dict[str, Any]) -> str:
    found = _OF_A_SERVICE.search(json.dumps(_codes(reply)))
    return found[0] if found else ""


def _is_of_the_gateway(reply: dict[str, Any]) -> bool:
    return any(isinstance(code, str) and code.isdigit() for code in _codes(reply))


def _codes(reply: dict[str, Any]) -> list[Any]:
    body = (reply["body"] or {}).get("json")
    return [body[name] for name in _MEMBERS_OF_CODES if name in body] if isinstance(body, dict) else []
