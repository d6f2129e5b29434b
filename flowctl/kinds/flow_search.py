"""Requests of the Flow Service for many objects at once: by name, and by the IDs that they refer to."""

import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote

from flowctl.kinds.flow_service import BASE, PAGE, find
from flowctl.model.attribute_path import Path, dotted
from flowctl.model.request import Request

_LONGEST_VALUES = 4000
"""Bytes that the values of one filter may take: 100 IDs take about as many."""
_PLAIN_NAME = re.compile(r"[^\W_](?:[\w .:/()#-]*[\w.:/()#-])?")
"""Names that the filter cannot read as anything else: no quotes, commas, operators or blanks at the ends."""
_UNFILTERED = frozenset('",\\')


def everything(collection: str) -> Request:
    """The first page of all objects of a collection."""
    return Request(method="GET", path=f"{BASE}/{collection}", query=(("limit", str(PAGE)),))


def source_flows() -> Request:
    """The first page of all flows of sources."""
    return _filtered("flows", "inheritedAttributes.properties.isSourceFlow==true")


def titled(collection: str) -> Callable[[Sequence[str]], list[Request]]:
    """The builder of reads by any of several names: plain names share a request, others have one each.

    The filter reads several values as any of them. No document shows several values in quotes, so these go without.
    """

    def build(titles: Sequence[str]) -> list[Request]:
        if any(_UNFILTERED & set(title) for title in titles):
            return [everything(collection)]
        plain = [title for title in titles if _PLAIN_NAME.fullmatch(title)]
        shared = [_filtered(collection, f"name=={','.join(batch)}") for batch in groups_that_fit(plain)]
        return [*shared, *(find(collection)(title) for title in titles if not _PLAIN_NAME.fullmatch(title))]

    return build


def referring(collection: str, *, lists: Sequence[Path] = ()) -> Callable[[Path, Sequence[str]], list[Request]]:
    """The builder of reads by any of several IDs that an attribute holds; `lists` are the attributes with several."""

    def build(path: Path, ids: Sequence[str]) -> list[Request]:
        field = f"{dotted(path)}{'[]' if path in lists else ''}"
        return [_filtered(collection, f"{field}=={','.join(batch)}") for batch in groups_that_fit(ids)]

    return build


def groups_that_fit(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """The values in groups that fit into the address of a request."""
    group: list[str] = []
    length = 0
    for value in values:
        more = len(quote(value, safe="")) + 3
        if group and (len(group) == PAGE or length + more > _LONGEST_VALUES):
            yield group
            group, length = [], 0
        group.append(value)
        length += more
    if group:
        yield group


def _filtered(collection: str, expression: str) -> Request:
    query = (("property", expression), ("limit", str(PAGE)))
    return Request(method="GET", path=f"{BASE}/{collection}", query=query)
