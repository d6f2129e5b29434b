"""What is said where a plan removes every pipeline that is recorded."""

import pytest

from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Reason
from flowctl.model.record import LockEntry
from flowctl.operations.recorded_pipelines import all_gone


def _gone(name: str) -> Change:
    return Change(address=Address(f"{name}.flow"), action=Action.DELETE, reason=Reason.NOT_IN_MANIFEST)


@pytest.mark.parametrize(
    ("leaving", "wanted", "told"),
    [(("a", "b"), (), True), (("a",), ("b",), False), ((), ("a", "b"), False), (("a", "b"), ("b",), False)],
)
def test_a_warning_tells_that_all_pipelines_go_and_only_then(
    leaving: tuple[str, ...], wanted: tuple[str, ...], told: bool
) -> None:
    entries = {Address(f"{name}.flow"): LockEntry(kind="flow", id=name) for name in ("a", "b")}
    found = all_gone([_gone(name) for name in leaving], entries, [Address(f"{name}.flow") for name in wanted])
    assert [each.code for each in found] == ["all-pipelines-removed"] * told
