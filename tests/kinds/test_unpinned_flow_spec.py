"""A flow spec that only Experience Platform has: nothing of it was checked with the manifests."""

import pytest

from flowctl.kinds.live_check import Answers
from flowctl.kinds.preflight.flow_specs import flow_spec_check
from flowctl.model.address import Address
from flowctl.model.resource import Resource
from flowctl.specs.flow_spec import FlowSpec

SPEC_ID = "00000000-aaaa-4bbb-8ccc-000000000001"


def test_a_flow_is_checked_against_a_live_spec_without_a_pinned_copy() -> None:
    spec = FlowSpec(
        id=SPEC_ID,
        name="Own",
        version="1.0",
        source_spec_ids=(),
        schedule_schema={"type": "object", "properties": {"frequency": {"enum": ["week"]}}},
        option_schema=None,
        transformation_schemas={},
        raw={},
    )
    attributes = {"flowSpec": {"id": SPEC_ID}, "sourceConnectionIds": ["a"], "scheduleParams": {"frequency": "once"}}
    check = flow_spec_check([Resource(address=Address("a.flow"), attributes=attributes)], {})
    asked = next(check)
    with pytest.raises(StopIteration) as ended:
        check.send(Answers({asked[0]: spec}))
    assert [each.code for each in ended.value.value] == ["live-flow-spec-violated"]
