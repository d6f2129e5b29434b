"""Flow specs of the platform: each is compared with its copy, whatever the platform says of the others."""

import pytest

from flowctl.kinds.live_check import Answers
from flowctl.kinds.preflight.flow_specs import flow_spec_check
from flowctl.model.address import Address
from flowctl.model.resource import Resource
from flowctl.specs.flow_specs import pinned, pinned_names


def test_a_flow_spec_that_is_missing_hides_no_other_that_differs() -> None:
    found = (spec for name in pinned_names() if (spec := pinned(name)) is not None)
    specs = sorted(found, key=lambda spec: spec.id)[:2]
    flows = [
        Resource(
            address=Address(f"p{number}.flow"), attributes={"flowSpec": {"id": spec.id}, "sourceConnectionIds": ["x"]}
        )
        for number, spec in enumerate(specs)
    ]
    check = flow_spec_check(flows, {})
    missing, differs = next(check)
    with pytest.raises(StopIteration) as end:
        check.send(Answers({missing: None, differs: specs[1]._replace(schedule_schema={"type": "string"})}))
    codes = [diagnostic.code for diagnostic in end.value.value]
    assert codes[:2] == ["flow-spec-differs", "unknown-flow-spec"]
