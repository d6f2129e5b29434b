"""The type of API bodies and manifest values: open JSON documents."""

from collections.abc import Mapping
from typing import Any, TypeAlias

JSON: TypeAlias = Any
"""A JSON value. API bodies are open documents, so members are not modelled."""

JSONObject: TypeAlias = Mapping[str, Any]
