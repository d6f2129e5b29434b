"""What strict reading refuses is refused however it is written, and a lockfile is found good by counts alone."""

import json
from typing import Any

import pytest

from flowctl import strict_json
from flowctl.model.address import Address
from flowctl.model.errors import StateError
from flowctl.model.record import LockEntry, Lockfile
from flowctl.state.lockfile_format import from_bytes, to_bytes
from flowctl.strict_json import DEEPEST, NotJson, parse

DEEP = DEEPEST - 1
"""The levels of the deepest value that is read."""
GOOD = [
    "{}",
    "[]",
    '"a"',
    '{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}',
    '{"a": "b\\":", "c": "{", "d": "}{", "e": ":\\": ["}',
    '{"a" : 1, "b"\n:2}',
    "[[1, [2]], [3]]",
    '{"a": ' * DEEP + "1" + "}" * DEEP,
    "[" * DEEP + "]" * DEEP,
    '[{"a": ' * (DEEP // 2) + "1" + "}]" * (DEEP // 2),
]


@pytest.mark.parametrize("text", GOOD)
def test_what_is_good_is_read(text: str) -> None:
    assert parse(text) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 1}',
        '{"a" : 1, "a"\t\r\n: 2}',
        '{"b": [{"c": {"a": 1, "b": 2, "a": 3}}]}',
        '{"a": 1, "b": "\\":", "a": 2}',
        '{"a":1,"\\u0061":2}',
    ],
)
def test_a_key_that_stands_twice(text: str) -> None:
    with pytest.raises(NotJson, match="the key a stands twice"):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": ' * DEEPEST + "1" + "}" * DEEPEST,
        '[{"a": ' * (DEEPEST // 2) + "1" + "}]" * (DEEPEST // 2),
        "[" * DEEPEST + "]" * DEEPEST,
        "[1, " * DEEPEST + "1" + "]" * DEEPEST,
        # Were the strings brackets, they would close every level at once, and open it again at its end.
        '{"a": "}", "b": ' * DEEPEST + "1" + ', "c": "{"}' * DEEPEST,
        '[{"a": "}]", "b": ' * DEEPEST + "1" + ', "c": "[{"}]' * DEEPEST,
        '[ [{"a": ' * (DEEPEST // 3) + "1" + "}]]" * (DEEPEST // 3),
        '[1, [{"a": ' * (DEEPEST // 3) + "1" + "}]]" * (DEEPEST // 3),
    ],
)
def test_what_is_nested_too_deep(text: str) -> None:
    with pytest.raises(NotJson, match="nested too deep"):
        parse(text)


def test_half_of_a_character_is_refused() -> None:
    with pytest.raises(NotJson, match="half of a character"):
        parse('{"a": "\\ud800"}')


def test_a_lockfile_is_read_without_looking_at_each_value(monkeypatch: pytest.MonkeyPatch) -> None:
    applied = {"name": "A", "list": ["https://x"], "rows": [{"a": 1}, {"a": [True]}], "deep": {"b": {"a": {}}}}
    entries = {
        Address(f"{name}.descriptor[{name}]"): LockEntry(kind="descriptor", id=name, applied=applied) for name in "abc"
    }
    lockfile = Lockfile(organization="o", sandbox="s", lineage="l", salt="ab", entries=entries)

    def refuse(_text: Any) -> Any:
        raise AssertionError("counts tell that it is good")

    monkeypatch.setattr(strict_json, "_read", refuse)
    assert from_bytes(to_bytes(lockfile), "x") == lockfile


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert strict_json.text_of(b"\xef\xbb\xbf{}") == "{}"
    with pytest.raises(NotJson, match="not UTF-8 \\(the byte 0xff\\)") as caught:
        strict_json.text_of(b"\xef\xbb\xbf{\n\n\xff}")
    assert caught.value.line == 3


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ('{"a":\n1,}', "property name", 2),
        ('{"a": NaN}', "NaN is not a number of JSON", 1),
        ('{"a": 1e999}', "too large", 1),
        ("1" * 5000, "too long", 1),
        ("[" * 100_000, "nested too deep", 1),
    ],
)
def test_what_is_no_json(text: str, words: str, line: int) -> None:
    with pytest.raises(NotJson, match=words) as caught:
        parse(text)
    assert caught.value.line == line


def test_a_merge_conflict_begins_a_line() -> None:
    lockfile = Lockfile(organization="<<<<<<<", sandbox="s", lineage="l", salt="ab")
    text = to_bytes(lockfile)
    assert from_bytes(text, "x") == lockfile
    for conflict in (b"<<<<<<< ours\n" + text, text.replace(b"\n", b"\n<<<<<<< ours\n", 1)):
        with pytest.raises(StateError, match="x has a merge conflict"):
            from_bytes(conflict, "x")


@pytest.mark.parametrize("text", ['{"a": "ä", "b": [1]}', '{"a": 1, "a": 1}', '{"a": ' * DEEPEST + "1" + "}" * DEEPEST])
def test_a_text_that_is_encoded_already_is_read_alike(text: str) -> None:
    def outcome(*encoded: bytes) -> Any:
        try:
            return parse(text, *encoded)
        except NotJson as error:
            return str(error)

    assert outcome(text.encode()) == outcome()
