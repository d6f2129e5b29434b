"""JSON Patch in the emulator: RFC 6902 as published, and refusals that repeat nothing of the document."""

import json
from typing import Any

import pytest

from flowctl.emulator.json_patch import PatchError, apply

SECRET = "do-not-show"
DOCUMENT = {"auth": {"password": SECRET}, "list": [SECRET, 1], "number": 1}


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        ({"op": "remove", "path": ""}, "not possible"),
        ({"op": "replace", "path": "/auth/missing", "value": 1}, 'Missing field "/auth/missing".'),
        ({"op": "remove", "path": "/auth/missing"}, 'Missing field "/auth/missing".'),
        ({"op": "add", "path": "/missing/inside", "value": 1}, 'Missing field "/missing/inside".'),
        ({"op": "copy", "path": "/other", "from": "/missing"}, 'Missing field "/other".'),
        ({"op": "replace", "path": "/list/2", "value": 1}, "/list/2"),
        ({"op": "add", "path": "/list/01", "value": 1}, "/list/01"),
        ({"op": "add", "path": "/list/4", "value": 1}, "/list/4"),
        ({"op": "add", "path": "/number/inside", "value": 1}, "/number/inside"),
        ({"op": "add", "path": "/bad~2escape", "value": 1}, "/bad~2escape"),
        ({"op": "add", "path": "no-slash", "value": 1}, "no-slash"),
        ({"op": "test", "path": "/auth/password", "value": "other"}, 'The value at "/auth/password" is another one.'),
        ({"op": "test", "path": "/number", "value": True}, 'The value at "/number" is another one.'),
        ({"op": "move", "path": "/auth/inside", "from": "/auth"}, "/auth/inside"),
        ({"op": "add", "path": "/number"}, "not a complete operation"),
        ({"op": "move", "path": "/number"}, "not a complete operation"),
        ({"op": "merge", "path": "/number"}, "not a complete operation"),
        ({"op": [], "path": "/number"}, "they and its from are texts"),
        ({"op": "add", "path": 1, "value": 1}, "they and its from are texts"),
        ({"op": "copy", "path": "/number", "from": 1}, "they and its from are texts"),
        ({"path": "/number"}, "they and its from are texts"),
    ],
)  # fmt: skip
def test_what_cannot_be_applied_is_refused_without_a_part_of_the_document(operation: Any, words: str) -> None:
    before = json.dumps(DOCUMENT)
    with pytest.raises(PatchError) as refused:
        apply(DOCUMENT, [{"op": "add", "path": "/first", "value": 1}, operation])
    assert words in str(refused.value)
    assert SECRET not in str(refused.value)
    assert json.dumps(DOCUMENT) == before


def test_operations_follow_one_another_and_nothing_is_shared() -> None:
    operations = [
        {"op": "add", "path": "/a~1b", "value": {"x": [1]}},
        {"op": "add", "path": "/a~1b/x/-", "value": 2},
        {"op": "copy", "from": "/a~1b", "path": "/copied"},
        {"op": "move", "from": "/list/0", "path": "/moved"},
        {"op": "replace", "path": "/number", "value": {"y": 1}},
        {"op": "test", "path": "/copied", "value": {"x": [1, 2]}},
    ]
    before = json.dumps([DOCUMENT, operations])
    result = apply(DOCUMENT, operations)
    assert result == {
        "auth": {"password": SECRET},
        "list": [1],
        "number": {"y": 1},
        "a/b": {"x": [1, 2]},
        "copied": {"x": [1, 2]},
        "moved": SECRET,
    }
    result["number"]["y"] = result["copied"]["x"] = result["auth"]["password"] = "changed"
    result["a/b"]["x"].append("changed")
    assert json.dumps([DOCUMENT, operations]) == before
