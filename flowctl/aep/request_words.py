"""What a request does, in words: `create a flow`, with the request itself beside it for whoever debugs."""

import re
from typing import Final
from urllib.parse import urlsplit

from flowctl.model.request import Request

_VERBS: Final = {"GET": "read", "POST": "create", "PATCH": "update", "PUT": "update", "DELETE": "delete"}
_COLLECTION: Final = re.compile(r"/data/foundation/[\w-]+/(?:(?:tenant|global)/)?([a-zA-Z]+)(?:[/?]|$)")
"""A path of Adobe's APIs; the group is what it calls the objects, such as `sourceConnections`."""
_SPELLINGS: Final = {"dataSets": "datasets", "fieldgroups": "field groups"}
_LONGEST: Final = 300


def action(request: Request) -> str:
    """What a request asks for, to follow "cannot": `create a flow`, `read flow specs`, `get a token`."""
    path = urlsplit(request.path).path
    if "/ims/" in path:
        return "get a token"
    found, verb = _COLLECTION.match(path), _VERBS.get(request.method, "")
    if found is None or not verb:
        return f"send {what(request)}"
    words = re.sub(r"(?<=[a-z])([A-Z])", lambda letter: f" {letter[1].lower()}", found[1])
    nouns = _SPELLINGS.get(found[1], words)
    if path.endswith("/action"):
        return f"change the state of a {_singular(nouns)}"
    return f"{verb} {nouns}" if verb == "read" else f"{verb} a {_singular(nouns)}"


def what(request: Request) -> str:
    """The request as it is sent: its method and path."""
    return f"{request.method} {shortened(urlsplit(request.path).path)}"


def shortened(text: str) -> str:
    """A text in one line, cut if it is long."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _singular(nouns: str) -> str:
    return nouns.removesuffix("es") if nouns.endswith(("ches", "sses")) else nouns.removesuffix("s")
