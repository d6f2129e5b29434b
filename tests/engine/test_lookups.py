"""What a look-up stands for: the one object that it finds; none or several are an error at its resource."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from flowctl.engine.observe.lookups import look_up
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.errors import ManifestError
from flowctl.model.request import Reply, Request
from flowctl.model.resource import Lookup, Resource
from flowctl.model.values import gaps

ADDRESS = Address("p.source_connection")
SPAN = SourceSpan(file="p.yaml", line=3, column=5)
LOOKUP = Lookup(kind="connection", by="title", value="Shop", output="id")
DESIRED = {ADDRESS: Resource(address=ADDRESS, attributes={"baseConnectionId": LOOKUP}, declared=lambda *_: SPAN)}
IDS = [f"{number}1111111-1111-4111-8111-111111111111" for number in range(7)]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as threads:
        yield threads


def _found(pool: ThreadPoolExecutor, *items: dict[str, Any]) -> dict[Lookup, str]:
    def send(_request: Request) -> Reply:
        return Reply(status=200, body={"items": list(items)})

    found = {address: gaps(resource.attributes) for address, resource in DESIRED.items()}
    return look_up(DESIRED, found, KINDS, send, pool)


def _item(object_id: str, name: str = "Shop") -> dict[str, Any]:
    return {"id": object_id, "etag": '"1"', "name": name}


def test_the_one_object_of_a_title_is_found(pool: ThreadPoolExecutor) -> None:
    assert _found(pool, _item(IDS[0]), _item(IDS[1], "Other")) == {LOOKUP: IDS[0]}


def test_several_objects_of_a_title_are_named_up_to_five(pool: ThreadPoolExecutor) -> None:
    with pytest.raises(ManifestError) as raised:
        _found(pool, *map(_item, IDS[:5]))
    (told,) = raised.value.diagnostics
    assert (told.code, told.address, told.span) == ("lookup-ambiguous", ADDRESS, SPAN)
    assert told.summary == '5 base connections have the title "Shop"'
    assert told.detail == f"Their IDs are {', '.join(IDS[:5])}."
    assert f"`{{id: {IDS[0]}}}`" in told.hint
    with pytest.raises(ManifestError) as raised:
        _found(pool, *map(_item, IDS))
    assert raised.value.diagnostics[0].detail == f"Their IDs are {', '.join(IDS[:5])}, ...."


def test_a_title_that_nothing_has_is_an_error_at_the_resource(pool: ThreadPoolExecutor) -> None:
    with pytest.raises(ManifestError) as raised:
        _found(pool, _item(IDS[0], "Other"))
    (told,) = raised.value.diagnostics
    assert (told.code, told.address, told.span) == ("lookup-not-found", ADDRESS, SPAN)
