"""The published schemas by kind, each read once, when a document of that kind is met."""

import json
from functools import cache
from typing import Final

from flowctl.model.json_value import JSONObject
from flowctl.specs.files import schemas_dir

KINDS: Final = ("Connection", "Schema", "Dataset", "Pipeline")
WORKSPACE: Final = "Workspace"


@cache
def schema(kind: str) -> JSONObject:
    """The JSON Schema of a kind of document."""
    loaded: JSONObject = json.loads((schemas_dir() / f"{kind.lower()}.schema.json").read_text(encoding="utf-8"))
    return loaded
