"""The boundary between a reply and everything that works with it: what cannot be read becomes a diagnostic."""

import json
from collections.abc import Callable, Mapping
from typing import TypeVar

from flowctl.engine.observe.unreadable import Unread, unreadable
from flowctl.kinds.depth import DEEPEST, require_shallow
from flowctl.kinds.identifier import Unclear
from flowctl.kinds.kind import Kind
from flowctl.model.attribute_path import value_at
from flowctl.model.errors import UnclearReply
from flowctl.model.header_value import is_sendable
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject

T = TypeVar("T")
UNREADABLE = (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, RecursionError)
"""What reading a body of another shape raises."""
_LONGEST_TEXT = 200


def understood(request: Request, reply: Reply, read: Callable[[Reply], T]) -> T:
    """What `read` makes of a reply. Raises UnclearReply if the reply does not have the shape of the API."""
    try:
        return read(reply)
    except UNREADABLE as error:
        raise unclear(request, reply, str(error) if isinstance(error, Unclear) else "") from error


def unclear(request: Request, reply: Reply, why: str) -> UnclearReply:
    """The error for a reply of success that cannot be used; `why` may be empty."""
    return UnclearReply.because(
        "unexpected-reply",
        f"the reply to {request.method} {request.path} is not what Adobe's API describes{f': {why}' if why else ''}",
        detail=f"The reply begins with {_shown(reply)}.",
        hint="Check `endpoint` of the environment in flowctl.yaml, and that no proxy replies in its place.",
    )


def objects_of(kind: Kind, request: Request, reply: Reply, unread: Unread | None = None) -> list[RemoteObject]:
    """The objects that a reply holds, fit to be compared.

    Where one is not, `unread` is told of it; without `unread`, raises UnclearReply.
    """

    def read(reply: Reply) -> list[RemoteObject]:
        found = kind.objects(reply)
        for live in found:
            _require_sane(kind, live)
        # All at once: the list is one level more.
        require_shallow([live.attributes for live in found], DEEPEST + 1)
        return found

    if unread is None:
        return understood(request, reply, read)
    try:
        return read(reply)
    except UNREADABLE:
        found: list[RemoteObject] = []
        for one in understood(request, reply, lambda whole: list(kind.apart(whole))):
            try:
                found += read(one.reply)
            except UNREADABLE as error:
                unread(unreadable(kind, one, str(error) if isinstance(error, Unclear) else ""))
        return found


def _require_sane(kind: Kind, live: RemoteObject) -> None:
    """Raise TypeError or ValueError for what would fail later, far from the request that brought it."""
    if type(live.id) is not str or not live.id:
        raise TypeError("the ID is not a string")
    if live.etag is not None and not is_sendable(live.etag):
        raise ValueError("the etag cannot be sent back")
    for path in kind.keyed_lists:
        items = value_at(live.attributes, path, {})
        if items is not None and not (isinstance(items, list) and all(map(_is_mapping, items))):
            raise TypeError(f"{path[-1]} is not a list of objects")
    for _ in kind.pins(live.attributes):
        pass


def _is_mapping(item: object) -> bool:
    return type(item) is dict or isinstance(item, Mapping)


def _shown(reply: Reply) -> str:
    """The beginning of a body, in one line."""
    try:
        text = json.dumps(reply.body, ensure_ascii=False)
    except (RecursionError, ValueError, TypeError):
        return "lists or mappings that are nested too deep"
    text = reply.masked(text)
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
