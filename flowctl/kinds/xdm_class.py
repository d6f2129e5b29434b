"""Classes: what the records of a schema are about, and whether they describe a state or an event."""

from collections.abc import Mapping
from typing import Any, Final

from flowctl.kinds.identifier import CLASS_ID
from flowctl.kinds.replacing import ReplacementRule
from flowctl.kinds.schema_registry import CLASSES, SCHEMAS
from flowctl.kinds.xdm_resource import kind, used_in
from flowctl.model.json_value import JSONObject

_BEHAVIORS: Final = "https://ns.adobe.com/xdm/data/"


def _compared(body: Mapping[str, Any]) -> JSONObject:
    """The behavior stands among the references of the class, and in what it extends."""
    references = [entry.get("$ref") for entry in body.get("allOf") or ()]
    found = [*references, *(body.get("meta:extends") or ())]
    behaviors = [each for each in found if isinstance(each, str) and each.startswith(_BEHAVIORS)]
    return {"behavior": behaviors[0].removeprefix(_BEHAVIORS) if behaviors else None}


KIND = kind(
    name="class",
    title="class",
    meaning="What the records of an XDM schema are about: the state of something, or an event.",
    stage=10,
    collection=CLASSES,
    form=CLASS_ID,
    references=lambda attributes: (f"{_BEHAVIORS}{attributes['behavior']}",),
    compared=_compared,
    replacement=ReplacementRule(paths=(("behavior",),)),
    deletion_guard=used_in(SCHEMAS, "XDM schema"),
    asset_type="Class",
)
