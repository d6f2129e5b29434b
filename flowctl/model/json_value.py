"""The types of JSON documents: open ones, as the platform sends them, and those that flowctl makes itself."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

JSON: TypeAlias = Any
"""A JSON value. API bodies are open documents, so members are not modelled."""

JSONObject: TypeAlias = Mapping[str, Any]

JSONValue: TypeAlias = "bool | int | float | str | Sequence[JSONValue] | Mapping[str, JSONValue] | None"
"""A JSON value whose type is checked: for what is written, and for what was read and is looked at member by member."""
