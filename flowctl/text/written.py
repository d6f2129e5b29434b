"""Values as YAML text on one line, in the style of what they replace, such that the reader reads them back."""

import json
import re
from typing import Final

from yaml.nodes import ScalarNode

from flowctl.model.json_value import JSON
from flowctl.text.builder import MERGE_KEY
from flowctl.text.composing import read_composed
from flowctl.text.substitution import OPENING, verbatim

_UNWRITTEN: Final = re.compile("[\x7f-\xa0\xad\u2028\u2029\ufeff\ud800-\udfff\ue000-\uf8ff\ufff0-\uffff]")


def written(value: JSON, style: str | None = None) -> str:
    """The value on one line: flow style for collections; `style` is the quote of a string that it replaces."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key_text(name)}: {written(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(written(item) for item in value) + "]"
    return _string(value.replace(OPENING, f"${OPENING}"), style) if isinstance(value, str) else json.dumps(value)


def replacement(node: ScalarNode, value: JSON) -> str:
    """The text of a value that takes the place of a scalar, in its quotes."""
    quoted = node.style if node.style in ("'", '"') else None
    return written(value, quoted if isinstance(value, str) else None)


def key_text(name: str) -> str:
    """The name of a member: the reader substitutes nothing in it, so a `${` there is not escaped."""
    return json.dumps(name) if name == MERGE_KEY else _string(name, None)


def _string(text: str, style: str | None) -> str:
    """The string as it stands: plain where the reader reads it so, else in quotes."""
    if style is None and _is_read_as(text, text):
        return text
    single = "'" + text.replace("'", "''") + "'"
    if style == "'" and _is_read_as(single, text):
        return single
    plain_json = json.dumps(text, ensure_ascii=False)
    return _UNWRITTEN.sub(lambda found: f"\\u{ord(found[0]):04x}", plain_json)


def _is_read_as(candidate: str, value: str) -> bool:
    """Whether a text is this string wherever a value may stand, and has no line break."""
    if not candidate or "\n" in candidate or "\r" in candidate or _UNWRITTEN.search(candidate):
        return False
    reading = read_composed(f"- {candidate}\n- {{a: {candidate}, b: 1}}\n- [{candidate}, 1]\n", verbatim)
    if reading.problems or len(reading.documents) != 1:
        return False
    return bool(reading.documents[0].value == [value, {"a": value, "b": 1}, [value, 1]])
