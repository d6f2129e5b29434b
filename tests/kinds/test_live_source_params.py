"""The params of a source whose connector only the live connection spec describes are checked by that spec."""

import json
from typing import Any

import pytest

from flowctl.kinds.live_check import Answers
from flowctl.kinds.preflight.connection_specs import connection_spec_check
from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.resource import Resource
from flowctl.operations.live_checks import not_asked_live
from flowctl.specs.active import NONE, use
from flowctl.specs.catalogue import connector, connector_names
from flowctl.specs.own_connectors import beside_the_catalogue
from flowctl.specs.own_spec_files import specs_of

NEW = "99999999-2222-4333-8444-555555555555"
LIVE = {"type": "object", "properties": {"table": {"type": "string"}}, "required": ["table"]}


def _spec_id(*, verified: bool) -> str:
    entries = [entry for name in connector_names() if (entry := connector(name)) and entry.needs_base_connection]
    return next(entry.spec_id for entry in entries if entry.verified is verified)


def _found(spec_id: str, params: dict[str, Any], source_spec: Any) -> list[Diagnostic]:
    source = Resource(
        address=Address("a.source_connection"),
        attributes={"connectionSpec": {"id": spec_id, "version": "1.0"}, "params": params},
    )
    check = connection_spec_check([source], {})
    try:
        (ask,) = next(check)
        check.send(Answers({ask: {spec_id: {"id": spec_id, "name": "Acme", "sourceSpec": source_spec}}}))
    except StopIteration as end:
        return list(end.value)
    raise AssertionError("the check asks once")


@pytest.mark.parametrize("spec_id", [NEW, _spec_id(verified=False)], ids=["unknown", "not verified"])
def test_the_live_spec_judges_what_no_document_confirms(spec_id: str) -> None:
    (wrong,) = _found(spec_id, {"table": 7}, {"spec": LIVE})
    assert (wrong.code, wrong.severity, str(wrong.address)) == (
        "invalid-source-params",
        Severity.ERROR,
        "a.source_connection",
    )
    assert "Acme" in wrong.detail
    assert wrong.hint
    (missing,) = _found(spec_id, {}, {"spec": LIVE})
    assert "table" in missing.summary
    assert _found(spec_id, {"table": "t"}, {"spec": LIVE}) == []


@pytest.mark.parametrize("source_spec", [None, {}, {"spec": None}])
def test_a_live_spec_without_a_schema_says_nothing(source_spec: Any) -> None:
    assert _found(NEW, {"table": 7}, source_spec) == []


def test_the_catalogue_judges_what_a_document_confirms() -> None:
    assert _desired_check_of(_spec_id(verified=True)) is None


def _desired_check_of(spec_id: str) -> Any:
    source = Resource(
        address=Address("a.source_connection"), attributes={"connectionSpec": {"id": spec_id}, "params": {"table": 7}}
    )
    return next(connection_spec_check([source], {}), None)


def test_the_live_spec_judges_a_connector_of_the_workspace() -> None:
    spec = {"id": NEW, "name": "Acme", "authSpec": [], "sourceSpec": {"spec": {"type": "object"}}}
    own, _ = beside_the_catalogue(specs_of({"specs/acme.json": json.dumps(spec).encode()})[0])
    use(own)
    try:
        assert [each.code for each in _found(NEW, {"table": 7}, {"spec": LIVE})] == ["invalid-source-params"]
    finally:
        use(NONE)


def test_a_plan_does_not_repeat_the_warning_of_the_catalogue() -> None:
    said = [Diagnostic(code="invalid-source-params", summary="x", severity=each) for each in Severity]
    assert [each.severity for each in not_asked_live(said)] == [Severity.ERROR]
