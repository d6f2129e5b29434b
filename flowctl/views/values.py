"""Attribute values as people and scripts may see them: secrets hidden, unknown values named."""

import json
import re
from datetime import UTC, datetime
from typing import Any, Final

from flowctl.model.attribute_path import Path
from flowctl.model.change import AttributeChange
from flowctl.model.json_value import JSON
from flowctl.model.resource import SENSITIVE
from flowctl.model.values import transform
from flowctl.views.field_values import field_texts, is_field

_LONGEST = 200
_PLAIN: Final = re.compile(r"[\w/.@$-][^\s\"'\\#:,{}\[\]]*(?:[ :][^\s\"'\\#:,{}\[\]]+)*")
"""What needs no quotes among other values: no sign that separates them, no blank at the ends."""
_OTHER: Final = re.compile(r"[-+.\d]*|true|false|null|yes|no|on|off|-> .*", re.IGNORECASE)
"""What would be another type without quotes, or a sign of ours."""


def shown(value: JSON) -> JSON:
    """The value as plain JSON: `(sensitive)` for secrets, `(known after apply)` for IDs that the same run creates."""
    return transform(value, str)


def before_and_after(change: AttributeChange) -> tuple[JSON, JSON]:
    """Both sides of a change, ready to be printed; of the old value of a secret only its existence is known."""
    if change.sensitive:
        return (None, SENSITIVE) if change.after is not None else (SENSITIVE, None)
    return shown(change.before), shown(change.after)


def manifest_key(path: Path) -> str:
    """What follows the path of a changed attribute for which the manifest has another key.

    The name that Experience Platform shows is the `title` of a manifest, and not its `metadata.name`.
    """
    return " (`title` in the manifest)" if path == ("name",) else ""


def place_value(path: Path, value: JSON) -> str:
    """The value at a path on one line; a field in words, and a start time, sent in epoch seconds, with its date."""
    if is_field(path, value):
        return _cut(", ".join(field_texts(value, plain)))
    if path[-1:] == ("startTime",):
        try:
            return f"{int(value)} ({datetime.fromtimestamp(int(value), UTC):%Y-%m-%d %H:%M:%S} UTC)"
        except (TypeError, ValueError, OverflowError, OSError):
            pass
    return short(value)


def whole(value: Any) -> str:
    """A value on one line, however long it is: JSON."""
    if isinstance(value, str) and value.startswith("(") and value.endswith(")"):
        return value
    return json.dumps(value, ensure_ascii=False)


def plain(value: Any) -> str:
    """A value on one line as a manifest has it: strings without quotes, unless they would mean something else."""
    return value if isinstance(value, str) and _PLAIN.fullmatch(value) and not _OTHER.fullmatch(value) else whole(value)


def short(value: Any) -> str:
    """A value on one line: JSON, cut where it is long."""
    return _cut(whole(value))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
