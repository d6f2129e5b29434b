"""What accepting drift could not write: the place, the live value, and what a person can do."""

from typing import Any

import pytest

from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan
from flowctl.model.drift_report import DriftedObject
from flowctl.model.plan import DriftedAttribute
from flowctl.model.resource import Resource
from flowctl.operations.accepting.left import left_attribute, left_object
from flowctl.operations.accepting.proposals import Owner, Proposal

ADDRESS = Address("p.flow")
SPAN = SourceSpan(file="p.yaml", line=7, column=3)


def _owner() -> Owner:
    def declared(*path: str | int) -> SourceSpan:
        return SPAN if path == ("name",) else SourceSpan(file="p.yaml", line=1, column=1)

    resource = Resource(address=ADDRESS, attributes={}, declared=declared)
    return Owner(document=None, resource=resource)  # type: ignore[arg-type]


def _left(observed: Any, owner: Owner | None = None) -> Diagnostic:
    attribute = DriftedAttribute(steps=("name",), recorded="a", observed=observed)
    return left_attribute(Proposal(address=ADDRESS, attribute=attribute, owner=owner, why_not="it is an alias"))


def test_an_attribute_is_told_at_its_place() -> None:
    told = _left("b", _owner())
    assert (told.code, told.severity, told.address, told.span) == ("not-accepted", Severity.WARNING, ADDRESS, SPAN)
    assert told.summary == "`name` of `p.flow` is not accepted: it is an alias"
    assert _left("b").span is None


@pytest.mark.parametrize(
    ("observed", "shown"),
    [
        ("größer", '"größer"'),
        (None, "not there"),
        ({"a": [1]}, '{"a": [1]}'),
        ("x" * 198, f'"{"x" * 198}"'),
        ("x" * 199, f'"{"x" * 198}…'),
    ],
)
def test_the_live_value_is_shown_up_to_a_length(observed: Any, shown: str) -> None:
    assert _left(observed).detail == f"The live value is {shown}."


@pytest.mark.parametrize(
    ("hidden", "why", "detail"),
    [(False, "it is not found", "Accepting writes values, and there is none."), (True, "access labels hide it", "")],
)
def test_an_object_that_is_not_found_is_told_at_its_document(hidden: bool, why: str, detail: str) -> None:
    told = left_object(DriftedObject(address=ADDRESS, id="1", missing=True, hidden=hidden), _owner())
    assert (told.summary, told.detail) == (f"`p.flow` is not accepted: {why}", detail)
    assert (told.address, told.severity, told.span) == (
        ADDRESS,
        Severity.WARNING,
        SourceSpan(file="p.yaml", line=1, column=1),
    )
    assert ("access labels" in told.hint) is hidden
    assert left_object(DriftedObject(address=ADDRESS, id="1"), None).span is None
