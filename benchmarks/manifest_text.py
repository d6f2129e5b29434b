"""Generated documents as YAML text, in the style in which a person writes manifests."""

import json
import re
from collections.abc import Mapping
from typing import Any

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


def as_yaml(value: Mapping[str, Any], indent: str = "") -> str:
    """Block style for objects of objects and for lists of objects, flow style for what fits on a line."""
    lines = []
    for key, member in value.items():
        if isinstance(member, dict) and not all(isinstance(inner, str | int | bool) for inner in member.values()):
            lines.append(f"{indent}{key}:\n{as_yaml(member, indent + '  ')}")
        elif isinstance(member, list) and any(isinstance(item, dict) for item in member):
            lines.append(f"{indent}{key}:\n" + "".join(f"{indent}  - {_flow(item)}\n" for item in member))
        else:
            lines.append(f"{indent}{key}: {_flow(member)}\n")
    return "".join(lines)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(member)}" for key, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return value
    return json.dumps(value)
