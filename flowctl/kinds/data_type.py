"""Data types: objects that several fields share."""

from flowctl.kinds.identifier import DATA_TYPE_ID
from flowctl.kinds.live_check import PlannedCheck
from flowctl.kinds.preflight.data_type_circles import circle_check
from flowctl.kinds.schema_registry import DATA_TYPES, FIELD_GROUPS
from flowctl.kinds.xdm_resource import kind, used_in

KIND = kind(
    name="data_type",
    title="data type",
    meaning="An object that several fields share.",
    stage=9,
    collection=DATA_TYPES,
    form=DATA_TYPE_ID,
    own_checks=(PlannedCheck(begin=circle_check),),
    deletion_guard=used_in(FIELD_GROUPS, "field group"),
    asset_type="Data Type",
    in_namespace=False,
)
