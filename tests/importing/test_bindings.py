"""Which manifest describes which live object: everything that a pipeline stands on, or a shared object alone."""

from collections.abc import Mapping
from typing import Any

import pytest

from flowctl.kinds.kind import Use
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.resource import Lookup, Reference, RemoteObject, Resource, Sensitive
from flowctl.operations.importing.matching import Bindings, bindings
from flowctl.operations.importing.sandbox import Part, Sandbox

ONE, TWO, ACCOUNT, OTHER_ACCOUNT = (f"{number}1111111-1111-4111-8111-111111111111" for number in ("1", "2", "a", "b"))


def _source_id(flow_id: str) -> str:
    return f"5{flow_id[1:]}"[:-1] + flow_id[0]


def _part(kind: str, object_id: str, attributes: Mapping[str, Any], at: int = 0) -> Part:
    live = RemoteObject(id=object_id, etag=None, attributes=attributes, body={"createdAt": at})
    return Part(kind=KINDS[kind], live=live)


def _live(flow_id: str, *, title: str = "F", table: str = "t", interval: int = 1, account: str = ACCOUNT) -> list[Part]:
    """A flow, and the source connection that it reads."""
    source = {"name": "s", "baseConnectionId": account, "params": {"tableName": table}}
    flow = {"name": title, "sourceConnectionIds": [_source_id(flow_id)], "scheduleParams": {"interval": interval}}
    return [_part("flow", flow_id, flow, at=int(flow_id[0])), _part("source_connection", _source_id(flow_id), source)]


def _account(object_id: str = ACCOUNT, name: str = "A") -> Part:
    return _part("connection", object_id, {"name": name})


def _sandbox(*parts: Part) -> Sandbox:
    flows = tuple(part for part in parts if part.kind.is_pipeline)
    return Sandbox(flows=flows, parts={part.use: part for part in parts})


def _pipeline(name: str = "p", *, title: str = "F", table: str = "t", account: object = None) -> list[Resource]:
    base = Reference(Address("c.connection"), "id") if account is None else account
    needs = frozenset({Address("c.connection")}) if account is None else frozenset[Address]()
    source = Address(f"{name}.source_connection")
    return [
        Resource(
            address=source,
            attributes={"name": "s", "baseConnectionId": base, "params": {"tableName": table}},
            depends_on=needs,
        ),
        Resource(
            address=Address(f"{name}.flow"),
            attributes={
                "name": title,
                "sourceConnectionIds": [Reference(source, "id")],
                "scheduleParams": {"interval": 1},
            },
            depends_on=frozenset({source}),
        ),
    ]


def _connection(name: str = "c", title: str = "A") -> Resource:
    return Resource(address=Address(f"{name}.connection"), attributes={"name": title})


def _bound(resources: list[Resource], sandbox: Sandbox, recorded: Mapping[str, str] | None = None) -> Bindings:
    desired = {resource.address: resource for resource in resources}
    known = {Address(address): object_id for address, object_id in (recorded or {}).items()}
    return bindings(desired, known, sandbox, sandbox.flows)


def _ids(found: Bindings) -> dict[str, str]:
    assert found.addresses == {part.key: address for address, part in found.parts.items()}
    return {str(address): part.live.id for address, part in found.parts.items()}


def _differing(found: Bindings) -> dict[str, tuple[str, str]]:
    return {use.id: (str(address), why) for use, (address, why) in found.differing.items()}


def test_a_pipeline_is_bound_with_all_that_it_stands_on() -> None:
    found = _bound([_connection(), *_pipeline()], _sandbox(*_live(ONE), _account()))
    assert _ids(found) == {"p.flow": ONE, "p.source_connection": _source_id(ONE), "c.connection": ACCOUNT}
    assert found.differing == {}


@pytest.mark.parametrize(
    ("live", "account", "why", "bound"),
    [
        ({"interval": 2}, "A", "`p.flow` differs in `scheduleParams.interval`", {"c.connection"}),
        ({"table": "u"}, "A", "`p.source_connection` differs in `params.tableName`", {"c.connection"}),
        ({}, "B", "`c.connection` differs in `name`", set()),
    ],
)
def test_what_differs_anywhere_is_named_and_what_pipelines_share_is_bound_alone(
    live: Any, account: str, why: str, bound: set[str]
) -> None:
    found = _bound([_connection(), *_pipeline()], _sandbox(*_live(ONE, **live), _account(name=account)))
    assert (_ids(found).keys(), _differing(found)) == (bound, {ONE: ("p.flow", why)})


def test_a_flow_of_another_title_is_not_compared() -> None:
    found = _bound(_pipeline(title="G"), _sandbox(*_live(ONE)))
    assert (_ids(found), _differing(found)) == ({}, {})


def test_of_two_flows_of_a_title_the_equal_one_is_bound_and_the_other_differs_from_nothing() -> None:
    sandbox = _sandbox(*_live(ONE, interval=2), *_live(TWO), _account())
    found = _bound([_connection(), *_pipeline()], sandbox)
    assert (_ids(found)["p.flow"], _differing(found)) == (TWO, {})


def test_two_equal_manifests_are_bound_to_two_equal_flows() -> None:
    sandbox = _sandbox(*_live(ONE), *_live(TWO), _account())
    found = _bound([_connection(), *_pipeline(), *_pipeline("q")], sandbox)
    assert _ids(found) == {
        "c.connection": ACCOUNT,
        "p.flow": ONE,
        "p.source_connection": _source_id(ONE),
        "q.flow": TWO,
        "q.source_connection": _source_id(TWO),
    }


def test_an_account_that_is_recorded_as_another_object_differs() -> None:
    sandbox = _sandbox(*_live(ONE), _account())
    recorded = {"c.connection": OTHER_ACCOUNT}
    found = _bound([_connection(), *_pipeline()], sandbox, recorded)
    assert (_ids(found), _differing(found)) == ({}, {ONE: ("p.flow", "`c.connection` is another object")})
    same = _bound([_connection(title="not applied yet"), *_pipeline()], sandbox, {"c.connection": ACCOUNT})
    assert _ids(same) == {"p.flow": ONE, "p.source_connection": _source_id(ONE)}


def test_an_account_that_another_pipeline_bound_to_another_object_differs() -> None:
    sandbox = _sandbox(*_live(ONE), *_live(TWO, title="G", account=OTHER_ACCOUNT), _account(), _account(OTHER_ACCOUNT))
    found = _bound([_connection(), *_pipeline(), *_pipeline("q", title="G")], sandbox)
    assert _ids(found)["c.connection"] == ACCOUNT
    assert _differing(found) == {TWO: ("q.flow", "`c.connection` is another object")}


def test_a_pipeline_that_is_recorded_is_not_compared() -> None:
    recorded = {"p.flow": TWO, "p.source_connection": _source_id(TWO), "c.connection": ACCOUNT}
    found = _bound([_connection(), *_pipeline()], _sandbox(*_live(ONE), _account()), recorded)
    assert (_ids(found), _differing(found)) == ({}, {})


def test_a_shared_object_is_bound_alone_if_one_manifest_describes_it() -> None:
    sandbox = _sandbox(*_live(ONE), _account())
    assert _ids(_bound([_connection()], sandbox)) == {"c.connection": ACCOUNT}
    assert _ids(_bound([_connection(), _connection("d")], sandbox)) == {}
    assert _ids(_bound([_connection(), _connection("d", "other")], sandbox)) == {"c.connection": ACCOUNT}
    assert _ids(_bound([_connection()], sandbox, {"c.connection": OTHER_ACCOUNT})) == {}


def test_of_two_equal_objects_the_older_is_bound() -> None:
    younger = _part("connection", ACCOUNT, {"name": "A"}, at=2)
    older = _part("connection", OTHER_ACCOUNT, {"name": "A"}, at=1)
    sandbox = _sandbox(*_live(ONE), *_live(TWO, account=OTHER_ACCOUNT), younger, older)
    assert _ids(_bound([_connection()], sandbox)) == {"c.connection": OTHER_ACCOUNT}


def test_a_lookup_counts_if_it_finds_one_object() -> None:
    by_title = Lookup(kind="connection", by="title", value="A", output="id")
    sandbox = _sandbox(*_live(ONE), _account())
    assert _ids(_bound(_pipeline(account=by_title), sandbox)).keys() == {"p.flow", "p.source_connection"}
    by_id = Lookup(kind="connection", by="id", value=ACCOUNT, output="id")
    assert _ids(_bound(_pipeline(account=by_id), sandbox)).keys() == {"p.flow", "p.source_connection"}
    two = _sandbox(*_live(ONE), *_live(TWO, title="G", account=OTHER_ACCOUNT), _account(), _account(OTHER_ACCOUNT))
    found = _bound(_pipeline(account=by_title), two)
    assert (_ids(found), _differing(found)[ONE][1]) == ({}, "`p.source_connection` differs in `baseConnectionId`")


def test_a_flow_is_used_by_nothing() -> None:
    sandbox = _sandbox(*_live(ONE), _account())
    assert [part.use for part in sandbox.stands_on(sandbox.flows[0])] == [
        Use(kind="flow", id=ONE),
        Use(kind="source_connection", id=_source_id(ONE)),
        Use(kind="connection", id=ACCOUNT),
    ]


def test_a_secret_cannot_be_compared_and_does_not_count() -> None:
    secret = Resource(address=Address("c.connection"), attributes={"name": "A", "password": Sensitive("x", "PASSWORD")})
    sandbox = _sandbox(*_live(ONE), _part("connection", ACCOUNT, {"name": "A", "password": "*****"}))
    assert _ids(_bound([secret], sandbox)) == {"c.connection": ACCOUNT}


def test_what_belongs_to_a_pipeline_is_not_bound_without_it() -> None:
    sandbox = _sandbox(*_live(ONE), _account())
    resources = [_connection(), *_pipeline("p", title="Other"), *_pipeline("q", title="Another")]
    found = _bound(resources, sandbox)
    assert (_ids(found), found.several) == ({"c.connection": ACCOUNT}, {})
