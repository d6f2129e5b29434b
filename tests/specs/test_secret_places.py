"""Where secrets stand in recorded objects, told by what an object consists of and not by its kind."""

from typing import Any

import pytest

from flowctl.specs.secret_places import secret_places

SPEC = {"id": "11111111-2222-4333-8444-555555555555", "version": "1.0"}


@pytest.mark.parametrize(
    ("attributes", "places"),
    [
        ({"auth": {"specName": "x", "params": {"password": "p", "host": "h"}}}, [("auth", "params", "password")]),
        ({"connectionSpec": SPEC, "params": {"sasToken": "t", "path": "a"}}, [("params", "sasToken")]),
        ({"connectionSpec": SPEC, "data": {"secret": "t"}}, [("data", "secret")]),
        ({"params": {"dataSetId": "1"}, "data": {"secret": "t"}}, []),
        ({"name": "password"}, []),
    ],
)
def test_secrets_are_found(attributes: dict[str, Any], places: list[tuple[str, ...]]) -> None:
    assert list(secret_places(attributes)) == places
