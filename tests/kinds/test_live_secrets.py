"""Live objects without their secrets: the rest is as it was, and what was read is not touched."""

from copy import deepcopy
from typing import Any

import pytest

from flowctl.kinds.live_secrets import hidden
from flowctl.model.attribute_path import Path
from flowctl.model.resource import Sensitive

LIVE = {"name": "Shop", "auth": {"params": {"user": "u", "password": "clear", "key": "clear"}, "specName": "Basic"}}
PASSWORD: Path = ("auth", "params", "password")
KEY: Path = ("auth", "params", "key")
HIDDEN = Sensitive(None)


@pytest.mark.parametrize(
    ("secrets", "params"),
    [
        ((), {"user": "u", "password": "clear", "key": "clear"}),
        ((PASSWORD,), {"user": "u", "password": HIDDEN, "key": "clear"}),
        ((PASSWORD, KEY), {"user": "u", "password": HIDDEN, "key": HIDDEN}),
    ],
)
def test_secrets_are_hidden_in_a_copy(secrets: tuple[Path, ...], params: dict[str, Any]) -> None:
    live = deepcopy(LIVE)
    assert hidden(live, secrets) == {"name": "Shop", "auth": {"params": params, "specName": "Basic"}}
    assert live == LIVE


def test_a_secret_at_the_top_is_hidden() -> None:
    assert hidden({"a": "clear", "b": 1}, [("a",)]) == {"a": HIDDEN, "b": 1}
