"""XDM schemas, with their descriptors and their enablement for Profile, as Schema documents."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from flowctl.manifest.collapse.subject import API_VERSION, Subject, described, kept_rules, titled
from flowctl.model.descriptor_keys import descriptor_key
from flowctl.model.json_value import JSON, JSONObject

_SCHEMA: Final = "schema"
_DESCRIPTOR: Final = "descriptor"
_PROFILE: Final = "profile"


def schema(subject: Subject) -> Mapping[str, JSON]:
    """The document of an XDM schema. Its descriptors are those that `left_out` leaves."""
    attributes = subject.attributes[_SCHEMA]
    descriptors = sorted(subject.several.get(_DESCRIPTOR, ()), key=lambda each: str(each["path"]))
    groups = [subject.named(group) for group in attributes["fieldGroups"]]
    parts = {
        "identities": [*_identities(subject, descriptors)],
        "relationships": [*_relationships(subject, descriptors)],
        "displayNames": _names(subject, descriptors),
    }
    return {
        "apiVersion": API_VERSION,
        "kind": "Schema",
        "metadata": {"name": subject.name},
        **titled(subject, attributes.get("title")),
        **described(attributes),
        "class": subject.named(attributes["class"]),
        **({"fieldGroups": groups} if groups else {}),
        **{name: part for name, part in parts.items() if part},
        **({"profile": True} if _PROFILE in subject.attributes else {}),
        **kept_rules(holds_data=False),
    }


def _of_type(descriptors: Sequence[JSONObject], type_: str) -> Iterator[JSONObject]:
    return (each for each in descriptors if each["type"] == type_)


def _identities(subject: Subject, descriptors: Sequence[JSONObject]) -> Iterator[dict[str, JSON]]:
    """The identities, the primary one first."""
    for each in sorted(_of_type(descriptors, "identity"), key=lambda each: not each["primary"]):
        primary = {"primary": True} if each["primary"] else {}
        yield {"path": subject.portable(each["path"]), "namespace": each["namespace"], **primary}


def _relationships(subject: Subject, descriptors: Sequence[JSONObject]) -> Iterator[dict[str, JSON]]:
    for each in _of_type(descriptors, "relationship"):
        yield {
            "path": subject.portable(each["path"]),
            "to": subject.names[each["destinationSchema"]],
            "toPath": subject.portable(each["destinationPath"]),
        }


def _names(subject: Subject, descriptors: Sequence[JSONObject]) -> dict[str, JSON]:
    return {
        str(subject.portable(each["path"])): {key: each[key] for key in ("title", "description") if each.get(key)}
        for each in _of_type(descriptors, "name")
    }


def left_out(own: Sequence[JSONObject], others: Sequence[JSONObject], documents: Mapping[str, str]) -> dict[int, str]:
    """Why the document of a schema does not declare some of its descriptors, by their positions.

    `others` are the descriptors of all schemas, and `documents` the names of documents by the IDs of their objects.
    """
    reasons: dict[int, str] = {}
    keys: dict[str, int] = {}
    for position, each in enumerate(own):
        key = descriptor_key(each["type"], each["path"])
        if each["type"] in ("relationship", "reference"):
            pair = [one for one in own if one["path"] == each["path"] and one["type"] in ("relationship", "reference")]
            why = _relationship(pair, others, documents)
        else:
            why = None
        if keys.setdefault(key, position) != position:
            why = "another descriptor of its type is that of the same field"
        if why is not None:
            reasons[position] = why
    return reasons


def _relationship(pair: Sequence[JSONObject], others: Sequence[JSONObject], documents: Mapping[str, str]) -> str | None:
    """Why no relationship of a manifest is one of these descriptors of a field; None if one is both of them."""
    by_type = {each["type"]: each for each in pair}
    relationship, reference = by_type.get("relationship"), by_type.get("reference")
    if relationship is None or reference is None:
        missing = "reference identity" if reference is None else "relationship"
        return f"its field has no {missing}, and a relationship of a manifest is both"
    target = relationship["destinationSchema"]
    if target not in documents:
        return f"the schema {target} that it leads to has no manifest"
    wanted = (target, relationship["destinationPath"], reference["namespace"])
    known = ((each["sourceSchema"], each["path"], each["namespace"]) for each in others if each["type"] == "identity")
    return None if wanted in known else "the field that it leads to is not an identity of the same namespace"
