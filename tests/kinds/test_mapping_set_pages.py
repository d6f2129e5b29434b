"""Pages of the list of mapping sets: a page shorter than its limit is the last one."""

from typing import Any

import pytest

from flowctl.kinds.registry import KINDS
from flowctl.model.request import Reply, Request

KIND = KINDS["mapping_set"]
LISTED = (("name", "x"), ("limit", "100"), ("start", "100"), ("orderBy", "-createdDate"))


def _next(query: tuple[tuple[str, str], ...], body: Any) -> Request | None:
    return KIND.next_page(Request(method="GET", path="/sets", query=query), Reply(status=200, body=body))


def test_a_full_page_is_followed_by_one_more() -> None:
    following = _next(LISTED, {"data": [{}] * 100})
    assert following == Request(
        method="GET",
        path="/sets",
        query=(("name", "x"), ("limit", "100"), ("start", "200"), ("orderBy", "-createdDate")),
    )


@pytest.mark.parametrize("size", [0, 1, 99])
def test_a_shorter_page_is_the_last(size: int) -> None:
    assert _next(LISTED, {"data": [{}] * size}) is None


def test_one_set_alone_has_no_pages() -> None:
    assert _next((("version", "1"),), {"id": "s"}) is None
