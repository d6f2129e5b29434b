"""What a request does, in words: `create a flow`, with the request itself beside it for whoever debugs."""

from typing import Final
from urllib.parse import urlsplit

from flowctl.model.request import Request

_VERBS: Final = {"GET": "read", "POST": "create", "PATCH": "update", "PUT": "update", "DELETE": "delete"}
_OBJECTS: Final = {
    "/connections": "base connection",
    "/sourceConnections": "source connection",
    "/targetConnections": "target connection",
    "/flows": "flow",
    "/flowSpecs": "flow spec",
    "/connectionSpecs": "connection spec",
    "/mappingSets": "mapping set",
    "/schemas": "XDM schema",
    "/classes": "XDM class",
    "/fieldgroups": "field group",
    "/dataSets": "dataset",
    "/batches": "batch",
}
"""What a collection of Adobe's APIs holds, by the part of a path that names it."""
_LONGEST: Final = 300


def action(request: Request) -> str:
    """What a request asks for, to follow "cannot": `create a flow`, `read flow specs`, `get a token`."""
    path = urlsplit(request.path).path
    if "/ims/" in path:
        return "get a token"
    noun = next((noun for part, noun in _OBJECTS.items() if f"{path}/".find(f"{part}/") >= 0), "")
    verb = _VERBS.get(request.method, "")
    if not noun or not verb:
        return f"send {what(request)}"
    return f"{verb} {_several(noun)}" if verb == "read" else f"{verb} {_article(noun)} {noun}"


def what(request: Request) -> str:
    """The request as it is sent: its method and path."""
    return f"{request.method} {shortened(urlsplit(request.path).path)}"


def shortened(text: str) -> str:
    """A text in one line, cut if it is long."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _several(noun: str) -> str:
    return f"{noun}es" if noun.endswith(("s", "ch")) else f"{noun}s"


def _article(noun: str) -> str:
    return "an" if noun.startswith("XDM") else "a"
