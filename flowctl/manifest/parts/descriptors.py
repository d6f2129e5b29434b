"""Descriptors and enablement for Profile, as a Schema document declares them."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from flowctl.manifest.document import Document
from flowctl.manifest.index import Named
from flowctl.manifest.parts.members import lifecycle
from flowctl.model.address import Address
from flowctl.model.descriptor_keys import descriptor_key
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.json_value import JSON
from flowctl.model.resource import Lifecycle, Reference, Resource
from flowctl.model.tenant import with_tenant
from flowctl.text.positions import Step, ValuePath

_DESCRIPTOR: Final = "descriptor"
DISPLAY_NAMES: Final = "displayNames"
KEYS_OF_PARTS: Final = ("identities", "relationships", DISPLAY_NAMES, "profile")
"""The keys of a Schema document that declare objects of their own."""
_IDENTITY: Final = "identity"
_REFERENCE: Final = "reference"
_RELATIONSHIP: Final = "relationship"
_NAME: Final = "name"
_KEYS: Final = {"destinationSchema": "to", "destinationPath": "toPath"}


def schema_resources(document: Document, documents: Named) -> Iterator[Resource]:
    """The descriptors of a schema and its enablement for Profile."""
    schema = Address.of(document.name, "schema")
    rules = Lifecycle(prevent_destroy=lifecycle(document.content).prevent_destroy)
    primary: list[Address] = []
    for position, identity in enumerate(document.at("identities") or ()):
        path = with_tenant(identity["path"], document.tenant)
        attributes = {
            "type": _IDENTITY,
            "sourceSchema": Reference(schema),
            "path": path,
            "namespace": identity["namespace"],
            "primary": identity.get("primary") is True,
        }
        address = _address(document, path)
        needs = _namespace(identity["namespace"], documents)
        primary += [address] if attributes["primary"] else []
        yield _descriptor(document, address, attributes, needs, rules, ("identities", position))
    for position, relationship in enumerate(document.at("relationships") or ()):
        yield from _relationship(document, documents, position, relationship, rules)
    for path, names in (document.at(DISPLAY_NAMES) or {}).items():
        full = with_tenant(str(path), document.tenant)
        attributes = {"type": _NAME, "sourceSchema": Reference(schema), "path": full, **names}
        address = _address(document, full, _NAME)
        yield _descriptor(document, address, attributes, frozenset(), rules, (DISPLAY_NAMES, path))
    if document.at("profile") is True:
        yield Resource(
            address=Address.of(document.name, "profile"),
            attributes={"schema": Reference(schema)},
            depends_on=frozenset({schema, *primary}),
            lifecycle=rules,
            declared=lambda *_path: document.span("profile"),
        )


def declared_places(document: Document) -> Mapping[Address, ValuePath]:
    """Where a Schema document declares its descriptors and its enablement for Profile, by their addresses."""
    places: dict[Address, ValuePath] = {}
    for key, types in (("identities", (_IDENTITY,)), ("relationships", (_REFERENCE, _RELATIONSHIP))):
        for position, each in enumerate(document.at(key) or ()):
            path = with_tenant(each["path"], document.tenant)
            places |= {_address(document, path, type_): (key, position) for type_ in types}
    for path in document.at(DISPLAY_NAMES) or {}:
        places[_address(document, with_tenant(str(path), document.tenant), _NAME)] = (DISPLAY_NAMES, path)
    return {**places, Address.of(document.name, "profile"): ("profile",)} if document.at("profile") else places


def _relationship(
    document: Document,
    documents: Named,
    position: int,
    relationship: Mapping[str, Any],
    rules: Lifecycle,
) -> Iterator[Resource]:
    """The descriptor of a relationship, and that of the identity which its field holds."""
    schema, target = Address.of(document.name, "schema"), documents["Schema", relationship["to"]]
    path = with_tenant(relationship["path"], document.tenant)
    wanted = relationship.get("toPath")
    identity = next((each for each in target.at("identities") or () if _is_meant(each, wanted, target)), None)
    if identity is None:
        return
    to_path = with_tenant(identity["path"], target.tenant or document.tenant)
    place: ValuePath = ("relationships", position)
    reference = {
        "type": _REFERENCE,
        "sourceSchema": Reference(schema),
        "path": path,
        "namespace": identity["namespace"],
    }
    needs = _namespace(identity["namespace"], documents)
    address = _address(document, path, _REFERENCE)
    yield _descriptor(document, address, reference, needs, rules, place)
    destination = Address.of(target.name, "schema")
    attributes = {
        "type": _RELATIONSHIP,
        "sourceSchema": Reference(schema),
        "path": path,
        "destinationSchema": Reference(destination),
        "destinationPath": to_path,
    }
    needs = frozenset({address, destination, _address(target, to_path)})
    yield _descriptor(document, _address(document, path, _RELATIONSHIP), attributes, needs, rules, place)


def _address(document: Document, path: str, type_: str = _IDENTITY) -> Address:
    return Address.of(document.name, _DESCRIPTOR, descriptor_key(type_, path))


def _is_meant(identity: Mapping[str, Any], wanted: JSON, target: Document) -> bool:
    """Whether an identity is the one that a relationship leads to."""
    if isinstance(wanted, str):
        return with_tenant(identity["path"], target.tenant) == with_tenant(wanted, target.tenant)
    return identity.get("primary") is True


def _namespace(code: str, documents: Named) -> frozenset[Address]:
    """The namespace that a document declares with this code; none if Experience Platform has it."""
    name = documents.namespaces.get(code.lower())
    return frozenset({Address.of(name, "namespace")}) if name is not None else frozenset()


def _descriptor(
    document: Document,
    address: Address,
    attributes: Mapping[str, JSON],
    needs: frozenset[Address],
    rules: Lifecycle,
    place: ValuePath,
) -> Resource:
    return Resource(
        address=address,
        attributes=attributes,
        depends_on=needs | {Address.of(document.name, "schema")},
        lifecycle=rules,
        declared=partial(_place, document, place),
    )


def _place(document: Document, place: ValuePath, *path: Step) -> SourceSpan:
    return document.span(*place, *(_KEYS.get(str(step), step) for step in path))
