"""The published schemas by kind of document, each read once, when a document of that kind is met."""

import json
from functools import cache
from typing import Final

from flowctl.model.json_value import JSONObject
from flowctl.specs.files import schemas_dir

WORKSPACE: Final = "Workspace"
"""The kind of flowctl.yaml, which has a schema too and is not a manifest."""


@cache
def schema(kind: str) -> JSONObject:
    """The JSON Schema of a kind of document."""
    loaded: JSONObject = json.loads((schemas_dir() / f"{kind.lower()}.schema.json").read_text(encoding="utf-8"))
    return loaded
