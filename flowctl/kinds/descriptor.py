"""Descriptors: what Schema Registry knows of a field of a schema, such as that it is an identity.

`type` is identity, reference (the identity that a relationship leads to), relationship or name (how the UI shows it).
`path` is the path of the field in a record.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from flowctl.kinds.identifier import DESCRIPTOR_ID, confirmed, listed
from flowctl.kinds.kind import Created, Kind, Search, Update, Use, apart_in
from flowctl.kinds.live_check import PlannedCheck, Preflight
from flowctl.kinds.live_state import Provenance
from flowctl.kinds.preflight.namespace_codes import namespace_check
from flowctl.kinds.preflight.profile_rules import PROFILE_RULES
from flowctl.kinds.replacing import ReplacementRule
from flowctl.kinds.schema_registry import DESCRIPTORS, next_page
from flowctl.model.descriptor_keys import descriptor_key
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject

_EVERYTHING: Final = DESCRIPTORS.all()
_TYPES: Final = {
    "identity": "xdm:descriptorIdentity",
    "reference": "xdm:descriptorReferenceIdentity",
    "relationship": "xdm:descriptorOneToOne",
    "name": "xdm:alternateDisplayInfo",
}
_WORDS: Final = {type_: word for word, type_ in _TYPES.items()}
_LANGUAGE: Final = "en_us"
_ADDED: Final = frozenset(
    {
        *("@id", "imsOrg", "version", "createdUser", "createdClient", "created", "updatedUser", "updatedClient"),
        *("updated", "meta:containerId", "meta:sandboxId", "meta:sandboxType", "meta:tenantNamespace"),
        "meta:registryMetadata",
    }
)
"""The members that Schema Registry adds."""
_DEFAULTS: Final = {"xdm:sourceVersion": 1, "xdm:destinationVersion": 1, "xdm:property": "xdm:code"}
"""What a descriptor means that does not say it."""


def _pointer(path: str) -> str:
    """The path as descriptors write it: `/_acme/orders[*]/sku`."""
    return "/" + path.replace(".", "/")


def _path(pointer: object) -> str:
    return str(pointer).strip("/").replace("/", ".")


def _body(attributes: JSONObject) -> dict[str, JSON]:
    type_ = attributes["type"]
    body = {
        "@type": _TYPES[type_],
        "xdm:sourceSchema": attributes["sourceSchema"],
        "xdm:sourceVersion": 1,
        "xdm:sourceProperty": _pointer(attributes["path"]),
    }
    if type_ == "identity":
        return body | {
            "xdm:namespace": attributes["namespace"],
            "xdm:property": "xdm:code",
            "xdm:isPrimary": attributes["primary"],
        }
    if type_ == "reference":
        return body | {"xdm:identityNamespace": attributes["namespace"]}
    if type_ == "relationship":
        return body | {
            "xdm:destinationSchema": attributes["destinationSchema"],
            "xdm:destinationVersion": 1,
            "xdm:destinationProperty": _pointer(attributes["destinationPath"]),
        }
    texts = {"xdm:title": "title", "xdm:description": "description"}
    return body | {name: {_LANGUAGE: attributes[key]} for name, key in texts.items() if attributes.get(key)}


def _comparable(body: Mapping[str, Any]) -> JSONObject:
    """The attributes of a descriptor; of a type that no manifest has, only what all have in common."""
    type_ = _WORDS.get(str(body.get("@type")), str(body.get("@type")))
    paths = body.get("xdm:sourceProperty")
    found: dict[str, JSON] = {
        "type": type_,
        "sourceSchema": body.get("xdm:sourceSchema"),
        "path": _path(paths[0] if isinstance(paths, list) and paths else paths),
    }
    if type_ == "identity":
        found |= {"namespace": body.get("xdm:namespace"), "primary": body.get("xdm:isPrimary") is True}
    elif type_ == "reference":
        found["namespace"] = body.get("xdm:identityNamespace")
    elif type_ == "relationship":
        found |= {
            "destinationSchema": body.get("xdm:destinationSchema"),
            "destinationPath": _path(body.get("xdm:destinationProperty") or ""),
        }
    elif type_ == "name":
        found |= {key: _text(body.get(f"xdm:{key}")) for key in ("title", "description")}
    return found


def _text(texts: object) -> JSON:
    if isinstance(texts, Mapping):
        return texts.get(_LANGUAGE) or next(iter(texts.values()), None)
    return texts if isinstance(texts, str) else None


def _create(attributes: JSONObject) -> Request:
    return Request(method="POST", path=DESCRIPTORS.path, body=_body(attributes), repeatable=False)


def _written(reply: Reply) -> Created:
    return Created(id=confirmed(DESCRIPTOR_ID, DESCRIPTOR_ID.read(reply.body["@id"]), reply.headers.get("location")))


def _objects(reply: Reply) -> list[RemoteObject]:
    bodies = listed(reply.body.get("results", [reply.body]))
    return [
        RemoteObject(id=DESCRIPTOR_ID.read(body["@id"]), etag=None, attributes=_comparable(body), body=body)
        for body in bodies
    ]


def _update(update: Update) -> Request:
    """A PUT replaces the descriptor: members that no manifest has are sent back."""
    kept = {name: value for name, value in update.live.body.items() if name not in _ADDED}
    return Request(method="PUT", path=DESCRIPTORS.place(update.live.id), body={**kept, **_body(update.desired)})


def _obstacle(live: RemoteObject) -> str | None:
    """What a manifest could not say: the type, or a member that would be sent otherwise or not at all."""
    if live.attributes["type"] not in _TYPES:
        return f"no key of a manifest describes `{live.attributes['type']}`"
    sent = {**_DEFAULTS, **_body(live.attributes)}
    there = {**_DEFAULTS, **{name: value for name, value in live.body.items() if name not in _ADDED}}
    lost = next((name for name in sorted({*sent, *there}) if _plain(sent.get(name)) != _plain(there.get(name))), None)
    return f"no key of a manifest describes its `{lost}`" if lost else None


def _plain(value: JSON) -> JSON:
    """A value in one form: without a list around one item, without an edge of a pointer, and nothing if it is empty."""
    if isinstance(value, list) and len(value) == 1:
        return _plain(value[0])
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value).strip("/") if isinstance(value, str) or is_number else value or None


def _names(attributes: JSONObject) -> Iterator[tuple[str, str]]:
    if isinstance(attributes.get("namespace"), str):
        yield "namespace", attributes["namespace"]


def _uses(attributes: JSONObject) -> Iterator[Use]:
    for name in ("sourceSchema", "destinationSchema"):
        if isinstance(attributes.get(name), str):
            yield Use(kind="schema", id=attributes[name])


KIND = Kind(
    name="descriptor",
    title="descriptor",
    meaning="What Schema Registry knows of a field of an XDM schema, such as that it is an identity.",
    stage=11,
    shows_late=True,
    label="path",
    id_form=DESCRIPTOR_ID,
    create=_create,
    written=_written,
    read_many=DESCRIPTORS.many,
    batch_size=1_000_000,
    next_page=next_page,
    objects=_objects,
    apart=apart_in("results", "@id"),
    reads_whole_list=True,
    find=lambda _path: _EVERYTHING,
    newest=DESCRIPTORS.all,
    recall=lambda _attributes: _EVERYTHING,
    provenance=Provenance(
        created_at=lambda body: body.get("created"),
        created_by=lambda body: body.get("createdUser"),
        updated_at=lambda body: body.get("updated"),
    ),
    search=Search(
        everything=_EVERYTHING,
        titled=lambda _paths: [_EVERYTHING],
        by_title=False,
        referring=lambda _path, _ids: [_EVERYTHING],
        anchors=(("sourceSchema",),),
        identity=(("type",), ("sourceSchema",), ("path",)),
        stops_untitled=True,
        identity_words="of the same field",
    ),
    update=_update,
    delete=DESCRIPTORS.delete,
    replacement=ReplacementRule(
        paths=(("type",), ("sourceSchema",), ("path",)),
        delete_first=True,
    ),
    belongs_to="schema",
    uses=_uses,
    names=_names,
    key=lambda attributes: descriptor_key(attributes["type"], attributes["path"]),
    is_sole=lambda attributes: attributes.get("primary") is True,
    obstacle=_obstacle,
    preflight=Preflight(planned=(PlannedCheck(begin=namespace_check), PROFILE_RULES)),
)
