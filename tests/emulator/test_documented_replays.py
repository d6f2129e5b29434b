"""The requests of Adobe's pages, sent as printed, and compared with the printed replies.

`documents/*.json` has each request with its page, the commit of the page and the heading, and the types of its sample
reply; a list has the types of its items, and an object with the member `*` any members. `needs` names what the page
made before, `settings` are the emulator's settings of the page's side, `without` and `otherwise` tell the members that
the emulator leaves out or gives in another type, and `instead_status` a status that is not the documented one; each
with the reason, and `follows` names the document of Adobe that says what the emulator does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from . import documented_page
from .world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUESTS = documented_page.replays()
_TYPES = {dict: "object", list: "array", str: "string", int: "number", float: "number", bool: "boolean"}


@pytest.mark.parametrize("documented", REQUESTS, ids=lambda each: f"{each['method']} {each['path']}")
def test_each_request_is_answered_as_documented(client, documented):
    client.settings(**documented.get("settings", {}))
    world = World(client)
    for name in documented.get("needs", []):
        world.value(name)
    response = _sent(client, world, documented)
    assert response.status_code == documented.get("instead_status", documented["status"]), response.text
    if "reply" not in documented or "instead_status" in documented:
        return
    found = set(_kinds(world.unfilled(response.json()), documented["reply"]))
    expected = set(_expected(documented["reply"]))
    left_out = documented.get("without", {})
    other = {path: kind for path, (kind, _) in documented.get("otherwise", {}).items()}
    assert left_out.keys() | other.keys() <= {path for path, _ in expected}
    exact = {(path, kind) for path, kind in expected if path not in left_out and path not in other}
    exact |= set(other.items())
    assert sorted(exact - found) == []
    assert sorted(path for path, _ in found if path in left_out) == []
    assert sorted(path for path, kind in expected if path in other and (path, kind) in found) == []


def _sent(client, world, documented):
    headers = {name: world.filled(value) for name, value in documented.get("headers", {}).items()}
    content: dict[str, Any] = {}
    if "body" in documented:
        content["json"] = world.filled(documented["body"])
    if "text" in documented:
        content["content"] = world.filled(documented["text"])
    if "files" in documented:
        content["files"] = {name: ("x", world.filled(text)) for name, text in documented["files"].items()}
        content["data"] = documented["form"]
    return client.request(documented["method"], world.path(documented["path"]), headers=headers, **content)


def _expected(shape: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each documented member with its type."""
    yield path, shape if isinstance(shape, str) else _TYPES[type(shape)]
    if isinstance(shape, dict):
        for name, member in shape.items():
            yield from _expected(member, f"{path}.{name}" if path else name)
    if isinstance(shape, list):
        for item in shape:
            yield from _expected(item, f"{path}[]")


def _kinds(value: Any, shape: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each member of a reply with its type; items of a list share a path, and so do members of any name."""
    yield path, _TYPES.get(type(value), "null")
    if isinstance(value, dict):
        for name, member in value.items():
            key = "*" if isinstance(shape, dict) and "*" in shape else name
            below = shape.get(key) if isinstance(shape, dict) else None
            yield from _kinds(member, below, f"{path}.{key}" if path else key)
    if isinstance(value, list):
        below = _merged(shape) if isinstance(shape, list) else None
        for item in value:
            yield from _kinds(item, below, f"{path}[]")


def _merged(shapes: list[Any]) -> Any:
    objects = [each for each in shapes if isinstance(each, dict)]
    return {name: member for each in objects for name, member in each.items()} if objects else None


def test_every_request_has_its_page_and_every_difference_its_reason() -> None:
    for each in REQUESTS:
        assert each["page"].endswith(".md")
        assert len(each["commit"]) == 40
        assert each["heading"]
        assert ("because" in each) == ("instead_status" in each)
        assert each.get("instead_status") != each["status"]
        assert all(each.get("without", {}).values())
        assert all(reason for _, reason in each.get("otherwise", {}).values())
        differs = {"without", "otherwise", "because"} & each.keys()
        assert not each.get("follows") or differs
