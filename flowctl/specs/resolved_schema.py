"""Reads of Schema Registry that tell the fields of a schema: resolved views, identities, and the tenant."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from flowctl.model.json_value import JSONObject
from flowctl.model.request import Reply, Request

_BASE: Final = "/data/foundation/schemaregistry"
_FULL: Final = {"Accept": "application/vnd.adobe.xed-full+json; version=1"}
_DESCRIPTORS: Final = {"Accept": "application/vnd.adobe.xdm-v2+json"}
_IDENTITY: Final = "xdm:descriptorIdentity"
_PAGE: Final = 300

TENANT: Final = Request(method="GET", path=f"{_BASE}/stats")
IDENTITIES: Final = Request(
    method="GET",
    path=f"{_BASE}/tenant/descriptors",
    query=(("property", f"@type=={_IDENTITY}"), ("limit", str(_PAGE))),
    headers=_DESCRIPTORS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedResource:
    """A schema, class or field group with all of its fields; `tree` is the resolved view."""

    id: str
    title: str
    class_: str
    version: str
    tree: JSONObject


def resource_request(type_: str, id_: str, container: str = "tenant") -> Request:
    """Return the request for a resource: `type_` is schemas, classes or fieldgroups."""
    return Request(method="GET", path=f"{_BASE}/{container}/{type_}/{quote(id_, safe='')}", headers=_FULL)


def resource_of(reply: Reply) -> ResolvedResource:
    """Return the resource of a reply. Raises LookupError, TypeError or ValueError for another shape."""
    body = reply.body
    if not isinstance(body["properties"], dict):
        raise TypeError("its properties are not an object")
    return ResolvedResource(
        id=str(body["$id"]),
        title=str(body.get("title") or body["$id"]),
        class_=str(body.get("meta:class") or ""),
        version=str(body.get("version") or "1"),
        tree=body,
    )


def tenant_of(reply: Reply) -> str:
    """Return the tenant's namespace, such as `_acme`."""
    found = reply.body["tenantId"]
    if not isinstance(found, str) or not found:
        raise TypeError("the tenantId is not a string")
    return f"_{found}"


def primary_identities(reply: Reply) -> list[tuple[str, str]]:
    """Return the schemas with primary identities on a page of descriptors, and the dotted path of each identity."""
    return list(_primary(reply))


def next_page(request: Request, reply: Reply) -> Request | None:
    """Return the request for the next page of descriptors, or None after the last one."""
    start = (reply.body.get("_page") or {}).get("next")
    if not isinstance(start, str | int) or start == "":
        return None
    kept = tuple(pair for pair in request.query if pair[0] != "start")
    return Request(method="GET", path=request.path, query=(*kept, ("start", str(start))), headers=request.headers)


def _primary(reply: Reply) -> Iterator[tuple[str, str]]:
    for each in reply.body["results"]:
        if each.get("@type") == _IDENTITY and each.get("xdm:isPrimary"):
            path = str(each["xdm:sourceProperty"]).strip("/").replace("/", ".")
            yield str(each["xdm:sourceSchema"]), path
