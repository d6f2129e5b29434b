"""Schemas that only Experience Platform has, as `flowctl specs pull` read them for one environment."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from flowctl.model.json_value import JSON, JSONObject

if TYPE_CHECKING:
    from flowctl.xdm.library import Library

FORMAT: Final = "1"
_DEEPEST: Final = 100


class PulledSchema(NamedTuple):
    """A schema: its `$id`, title, class, version, fields, and the paths of its primary identities."""

    id: str
    title: str
    class_: str
    version: str
    facts: JSONObject
    primary: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash(self.id)


class Pulled:
    """What is known of an environment: nothing before the first pull.

    `references` are the `$id`s of schemas by how manifests refer to them; `resources` are classes and field groups.
    """

    def __init__(
        self,
        *,
        digest: str = "",
        tenant: str = "",
        schemas: Mapping[str, PulledSchema] | None = None,
        references: Mapping[str, str] | None = None,
        resources: Mapping[str, JSONObject] | None = None,
    ) -> None:
        self.digest = digest
        self.tenant = tenant
        self.schemas = schemas or {}
        self.references = references or {}
        self.resources = resources or {}

    def schema(self, reference: str) -> PulledSchema | None:
        """The schema of a reference."""
        return self.schemas.get(self.references.get(reference, ""))

    def library(self) -> "Library":
        """The standard resources and those of the environment."""
        from flowctl.xdm.library import standard

        found = standard()
        return found.extended({id_: dict(facts) for id_, facts in self.resources.items()}) if self.resources else found


NOTHING: Final = Pulled()


def reference(kind: str, by: str, value: str) -> str:
    """How a schema is referred to: by its own ID or title, or by the ID of a dataset."""
    return f"{kind} {by} {value}"


def from_json(value: JSON, text: str) -> Pulled:
    """What a file holds. Raises ValueError if it is not one that `document` made."""
    if not isinstance(value, dict) or value.get("formatVersion") != FORMAT:
        raise ValueError("it has another format")
    from hashlib import sha256  # most workspaces have no such file

    schemas, resources = _members(value, "schemas"), _members(value, "resources")
    return Pulled(
        digest=sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        tenant=str(value.get("tenant") or ""),
        schemas={id_: _schema(id_, each) for id_, each in schemas.items()},
        references={name: str(id_) for name, id_ in _members(value, "references").items()},
        resources={id_: _facts(each) for id_, each in resources.items()},
    )


def document(pulled: Pulled) -> JSONObject:
    """The file that holds what was pulled."""
    schemas = {
        each.id: {
            "title": each.title,
            "class": each.class_,
            "version": each.version,
            "primaryIdentities": list(each.primary),
            "facts": each.facts,
        }
        for each in pulled.schemas.values()
    }
    return {
        "formatVersion": FORMAT,
        "tenant": pulled.tenant,
        "references": pulled.references,
        "schemas": schemas,
        "resources": pulled.resources,
    }


def _schema(id_: str, each: JSON) -> PulledSchema:
    if not isinstance(each, dict):
        raise ValueError("a schema in it is not an object")
    primary = each.get("primaryIdentities")
    return PulledSchema(
        id=id_,
        title=str(each.get("title") or ""),
        class_=str(each.get("class") or ""),
        version=str(each.get("version") or ""),
        facts=_facts(each.get("facts")),
        primary=tuple(str(path) for path in primary) if isinstance(primary, list) else (),
    )


def _members(value: JSONObject, name: str) -> JSONObject:
    found = value.get(name)
    if not isinstance(found, dict):
        raise ValueError(f"its {name} are not an object")
    return found


def _facts(value: JSON) -> JSONObject:
    """Facts whose members can be relied on."""
    # Imported here, because most workspaces have no such file.
    from flowctl.xdm.keywords import are_usable

    waiting: list[tuple[JSON, int]] = [(value, 0)]
    for each, depth in waiting:
        if not isinstance(each, dict) or depth > _DEEPEST:
            raise ValueError("the fields in it are not objects, or are nested too deeply")
        if not are_usable(each):
            raise ValueError("a field in it has a type or a limit that cannot be used")
        waiting += [(below, depth + 1) for below in _below(each)]
    found: JSONObject = value
    return found


def _below(facts: JSONObject) -> Iterator[JSON]:
    fields = facts.get("fields", {})
    if not isinstance(fields, dict):
        raise ValueError("the fields in it are not objects")
    yield from fields.values()
    yield from (facts[name] for name in ("items", "values") if name in facts)
