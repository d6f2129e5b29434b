"""Field groups: fields of the organization for the schemas of some classes."""

from collections.abc import Mapping
from typing import Any

from flowctl.kinds.identifier import FIELD_GROUP_ID
from flowctl.kinds.live_check import PlannedCheck
from flowctl.kinds.preflight.field_group_classes import users_check
from flowctl.kinds.schema_registry import FIELD_GROUPS, SCHEMAS
from flowctl.kinds.xdm_resource import SETS, kind, used_in
from flowctl.model.json_value import JSONObject


def _members(attributes: JSONObject) -> dict[str, Any]:
    return {"meta:intendedToExtend": list(attributes["extends"])}


def _compared(body: Mapping[str, Any]) -> JSONObject:
    return {"extends": sorted(body.get("meta:intendedToExtend") or ())}


KIND = kind(
    name="field_group",
    title="field group",
    meaning="Fields of the organization for the XDM schemas of some classes.",
    stage=8,
    collection=FIELD_GROUPS,
    form=FIELD_GROUP_ID,
    members=_members,
    compared=_compared,
    forms=SETS,
    own_checks=(PlannedCheck(begin=users_check),),
    deletion_guard=used_in(SCHEMAS, "XDM schema"),
    asset_type="Field Group",
)
