"""What the kinds of Schema Registry have in common: requests for lists and single resources, pages, and the notes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flowctl.kinds.identifier import path_part
from flowctl.kinds.live_state import Provenance
from flowctl.model.json_value import JSONObject
from flowctl.model.request import Reply, Request

_TENANT: Final = "/data/foundation/schemaregistry/tenant"
_LIMIT: Final = ("limit", "300")
_BY_TITLE: Final = (("orderby", "title"), _LIMIT)
_ODD_SIGNS: Final = "\"'\\"


@dataclass(frozen=True, slots=True)
class Collection:
    """The resources of one type in the container `tenant`; `listed` and `looked_up` are the forms of replies."""

    name: str
    listed: str = "xed+json"
    looked_up: str = "xed+json; version=1"
    paging: Sequence[tuple[str, str]] = _BY_TITLE

    @property
    def path(self) -> str:
        """The path of the collection."""
        return f"{_TENANT}/{self.name}"

    def place(self, object_id: str) -> str:
        """The path of one resource."""
        return f"{self.path}/{path_part(object_id)}"

    def all(self, *conditions: tuple[str, str]) -> Request:
        """The first page of the list, of those that meet the conditions."""
        return self._list(*conditions, *self.paging)

    def titled(self, title: str) -> Request:
        """A request for the resources with a title.

        Values of the filter are written without quotes. If a title has quotes, or spaces at its ends, all are read.
        """
        odd = title != title.strip() or any(sign in title for sign in _ODD_SIGNS)
        return self.all() if odd else self._list(("property", f"title=={title}"))

    def titled_one_of(self, titles: Iterable[str]) -> list[Request]:
        """One request for each of these titles."""
        return [self.titled(title) for title in titles]

    def one(self, object_id: str) -> Request:
        """A request for one resource by its ID."""
        return Request(method="GET", path=self.place(object_id), headers=_accepting(self.looked_up))

    def many(self, ids: Sequence[str]) -> Request:
        """A read of these IDs: one is looked up, several are found in the list, which has no filter for them."""
        return self.one(ids[0]) if len(ids) == 1 else self.all()

    def delete(self, object_id: str) -> Request:
        """A deletion."""
        return Request(method="DELETE", path=self.place(object_id))

    def _list(self, *query: tuple[str, str]) -> Request:
        return Request(method="GET", path=self.path, query=query, headers=_accepting(self.listed))


def _accepting(form: str) -> dict[str, str]:
    return {"Accept": f"application/vnd.adobe.{form}"}


SCHEMAS: Final = Collection("schemas")
FIELD_GROUPS: Final = Collection("fieldgroups")
CLASSES: Final = Collection("classes")
DATA_TYPES: Final = Collection("datatypes")
DESCRIPTORS: Final = Collection("descriptors", listed="xdm-v2+json", looked_up="xdm+json", paging=(_LIMIT,))


def next_page(request: Request, reply: Reply) -> Request | None:
    """Keyset paging: `_page.next` is the value for `start`, exclusive."""
    start = (reply.body.get("_page") or {}).get("next")
    if start is None:
        return None
    if not isinstance(start, str | int):
        raise TypeError("the start of the next page is not a string")
    kept = tuple(pair for pair in request.query if pair[0] != "start")
    return Request(method="GET", path=request.path, query=(*kept, ("start", str(start))), headers=request.headers)


def registered(asset_type: str) -> Provenance:
    """The metadata of the resources of a type, which the audit trail calls `asset_type`."""
    return Provenance(
        created_at=_note("repo:createdDate", "repo:createDate"),
        created_by=_note("xdm:createdUserId"),
        updated_at=_note("repo:lastModifiedDate"),
        updated_by=_note("xdm:lastModifiedUserId"),
        updated_client=_note("xdm:lastModifiedClientId"),
        asset_type=asset_type,
    )


def _note(*names: str) -> Callable[[JSONObject], Any]:
    """The reader of a metadata member, under the first of its names that a resource has."""

    def read(body: JSONObject) -> Any:
        notes = body.get("meta:registryMetadata") or {}
        return next((notes[name] for name in names if notes.get(name)), None)

    return read
