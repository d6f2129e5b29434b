"""What the four Flow Service kinds share: paths, reply shapes, batches by ID, paging."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flowctl.kinds import json_patch
from flowctl.kinds.forms import Forms
from flowctl.kinds.identifier import FLOW_SERVICE_ID, Unclear, confirmed, etag, listed, only, path_part
from flowctl.kinds.kind import Created, Kind, Search, Update, apart_in
from flowctl.kinds.live_state import Provenance, UsedBy
from flowctl.model.attribute_path import Path
from flowctl.model.json_value import JSONObject
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject

BASE = "/data/foundation/flowservice"
PAGE = 100
"""Objects a list request asks for; the largest `limit` seen in use on GET lists."""
_TYPES: Mapping[str, type] = {
    "name": str,
    "description": str,
    "state": str,
    "baseConnectionId": str,
    "providerId": str,
    "sourceConnectionIds": list,
    "targetConnectionIds": list,
    "transformations": list,
}
"""The types of members of a body; all others are objects."""


def kind(
    *,
    name: str,
    title: str,
    meaning: str,
    stage: int,
    collection: str,
    comparable: Callable[[Mapping[str, Any]], JSONObject],
    sent: Callable[[JSONObject], JSONObject] = lambda attributes: attributes,
    keyed_lists: Mapping[Path, str] | None = None,
    forms: Callable[[JSONObject], Forms] = lambda _attributes: {},
    search: Search | None = None,
    asset_type: str = "",
) -> Kind:
    """A kind of this service: `comparable` reads a live body, `sent` makes the POST body of attributes.

    Creation is not repeatable: names are not unique.
    """
    return Kind(
        name=name,
        title=title,
        meaning=meaning,
        stage=stage,
        id_form=FLOW_SERVICE_ID,
        create=lambda attributes: Request(
            method="POST", path=f"{BASE}/{collection}", body=sent(attributes), repeatable=False
        ),
        written=written,
        read_many=_read_many(collection),
        batch_size=PAGE,
        next_page=next_page,
        objects=_objects(comparable),
        apart=apart_in("items"),
        editions=_editions,
        find=find(collection),
        newest=lambda: _page(collection),
        recall=lambda attributes: find(collection)(attributes["name"]),
        provenance=Provenance(
            created_at=lambda body: body.get("createdAt"),
            created_by=lambda body: body.get("createdBy"),
            created_client=lambda body: body.get("createdClient"),
            updated_at=lambda body: body.get("updatedAt"),
            updated_by=lambda body: body.get("updatedBy"),
            updated_client=lambda body: body.get("updatedClient"),
            asset_type=asset_type,
        ),
        update=_update(collection, keyed_lists or {}),
        delete=lambda object_id: Request(method="DELETE", path=f"{BASE}/{collection}/{path_part(object_id)}"),
        keyed_lists=keyed_lists or {},
        forms=forms,
        search=search,
        status=lambda body: body.get("state"),
    )


def _update(collection: str, keyed_lists: Mapping[Path, str]) -> Callable[[Update], Request]:
    """The builder of JSON Patches of one object, each bound to the etag with its quotes."""

    def build(change: Update) -> Request:
        operations = json_patch.operations(
            [attribute.steps for attribute in change.changes],
            live=change.live.body,
            desired=change.desired,
            keyed_lists=keyed_lists,
        )
        return Request(
            method="PATCH",
            path=f"{BASE}/{collection}/{path_part(change.live.id)}",
            headers={"If-Match": change.live.etag or ""},
            body=operations,
        )

    return build


def _read_many(collection: str) -> Callable[[Sequence[str]], Request]:
    """The builder of `property=id==a,b,c` reads; several values mean any of them."""
    return lambda ids: Request(
        method="GET",
        path=f"{BASE}/{collection}",
        query=(("property", f"id=={','.join(ids)}"), ("limit", str(PAGE))),
    )


def find(collection: str) -> Callable[[str], Request]:
    """The builder of reads by name; the value is quoted as in the tutorials' flow spec look-up.

    No way to write quotes, commas or backslashes in a value is documented, so with such a name every object is read.
    """

    def build(title: str) -> Request:
        odd = any(sign in title for sign in '",\\')
        return _page(collection) if odd else _page(collection, ("property", f'name=="{title}"'))

    return build


def _page(collection: str, *filters: tuple[str, str]) -> Request:
    """The first page of a collection, the newest first."""
    query = (*filters, ("orderby", "-createdAt"), ("limit", str(PAGE)))
    return Request(method="GET", path=f"{BASE}/{collection}", query=query)


def next_page(request: Request, reply: Reply) -> Request | None:
    """The next page: its token from the relative `_links.next.href`, with the filters sent again."""
    links = (reply.body or {}).get("_links") or {}
    href = (links.get("next") or {}).get("href")
    token = parse_qs(urlsplit(href).query).get("continuationToken", [""])[0] if href else ""
    if not token:
        return None
    kept = tuple(pair for pair in request.query if pair[0] != "continuationToken")
    return Request(
        method="GET",
        path=request.path,
        query=(*kept, ("continuationToken", token)),
        headers=request.headers,
    )


def written(reply: Reply) -> Created:
    """Read `{"id", "etag"}`, or the `{"items": [{...}]}` that the API description gives for some PATCH replies."""
    body = reply.body
    if isinstance(body, Mapping) and "items" in body:
        body = only(body["items"])
    object_id = confirmed(FLOW_SERVICE_ID, FLOW_SERVICE_ID.read(body["id"]), reply.headers.get("location"))
    return Created(id=object_id, etag=etag(body.get("etag")))


def _objects(comparable: Callable[[Mapping[str, Any]], JSONObject]) -> Callable[[Reply], list[RemoteObject]]:
    """The reader of list replies: `{"items": [...]}` into objects with comparable attributes."""

    def read(reply: Reply) -> list[RemoteObject]:
        return [
            RemoteObject(
                id=FLOW_SERVICE_ID.read(item["id"]),
                etag=etag(item.get("etag") or item.get("version")),
                attributes=comparable(item),
                body=item,
            )
            for item in listed(reply.body["items"])
        ]

    return read


def _editions(reply: Reply) -> Mapping[str, str]:
    """The etag of each object, by which the service itself tells one edition from the next, and its state."""
    return {item["id"]: _edition(item) for item in listed(reply.body["items"])}


def _edition(item: Mapping[str, Any]) -> str:
    tag = etag(item.get("etag") or item.get("version"))
    return f"{tag} {item.get('state')}" if tag is not None else json.dumps(item, sort_keys=True)


def pick(body: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The named members of a body that are not null. Raises Unclear for one of another type than the API's."""
    found: dict[str, Any] = {}
    for name in names:
        value = body.get(name)
        if value is not None:
            if not isinstance(value, _TYPES.get(name, dict)):
                raise Unclear(f"`{name}` has the wrong type")
            found[name] = value
    return found


def _connections(flow: JSONObject) -> tuple[str, ...]:
    """The IDs of the connections of a flow, one of a destination included."""
    lists = [flow.get(name) or [] for name in ("sourceConnectionIds", "targetConnectionIds")]
    if not all(isinstance(ids, list) and all(isinstance(one, str) for one in ids) for ids in lists):
        raise Unclear("a flow does not list its connections")
    return tuple(one for ids in lists for one in ids)


USED_BY_FLOWS = UsedBy(kind="flow", ids=_connections)
"""Source and target connections are made for flows; failed runs of other tools leave some without."""
