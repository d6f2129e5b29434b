"""The connector catalogue: what each source is called, which connection spec it is and what that asks for.

Read from `schemas/connectors/NAME.json`, whose shape is `schemas/connector.schema.json`. The specs of the workspace
stand beside them; one with the ID of a connector of the catalogue takes its place.
"""

from collections.abc import Mapping
from functools import cache

from flowctl.model.json_value import JSON
from flowctl.specs.active import own_specs
from flowctl.specs.connector import AuthSpec, Connector, auth_specs
from flowctl.specs.files import file_stems, read_json

__all__ = [
    "AuthSpec",
    "Connector",
    "auth_specs",
    "connector",
    "connector_by_spec_id",
    "connector_names",
    "packaged_by_spec_id",
    "packaged_connector",
]

FOLDER = "connectors"
_DOCUMENTS = "https://github.com/AdobeDocs/experience-platform.en/blob/main/help/sources/tutorials/api/"
"""Where the pages are that `documents` of a connector names."""


<<<<<<< HEAD
def connector(name: str) -> Connector | None:
    """The connector of that name, or None. Reads that one file only."""
    return own_specs().connectors.get(name) or packaged_connector(name)
=======
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AuthSpec:
    """One way to authenticate a base connection: `schema` describes `auth.params` (JSON Schema draft-07)."""

    name: str
    schema: JSONObject
    secret_params: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Connector:
    """A source of the platform.

    `source_type` is the type of its `sourceSpec`: File, Table, Rest or Streaming.

    `formats` are the allowed values of `data.format`, the first the default; empty where the source connection
    takes no data. `flow_specs` names every flow spec that serves it, `flow_spec` the default one. Where `verified`
    is false, the names of the authentication and its parameters were not read in a document: the live connection
    spec may differ. `documents` are the addresses of the pages that were read.
    """

    name: str
    title: str
    category: str
    spec_id: str
    spec_version: str
    formats: tuple[str, ...]
    flow_spec: str
    flow_specs: tuple[str, ...]
    needs_base_connection: bool
    verified: bool
    evidence: str
    documents: tuple[str, ...]
    auth_specs: tuple[AuthSpec, ...]
    source_type: str
    source_schema: JSONObject

    @property
    def reads_files(self) -> bool:
        """Whether what it reads are files and folders."""
        return self.source_type == "File"

    def auth_spec(self, name: str) -> AuthSpec | None:
        """The authentication of that exact name (`auth.specName`), blanks and case included."""
        return next((spec for spec in self.auth_specs if spec.name == name), None)

    def is_secret(self, spec_name: str, param: str) -> bool:
        """Whether a parameter is a secret: under the named authentication, or under any if that name is unknown."""
        named = self.auth_spec(spec_name)
        return any(param in spec.secret_params for spec in ((named,) if named else self.auth_specs))

    def describes(self, spec_name: str, param: str) -> bool:
        """Whether the named authentication has a parameter of that name."""
        named = self.auth_spec(spec_name)
        return named is not None and param in named.schema.get("properties", {})

    def takes(self, spec_name: str, param: str, value: JSON) -> bool:
        """Whether a mapping or a list may stand in a parameter: where it is described, its type must say so."""
        named = self.auth_spec(spec_name)
        described = named.schema.get("properties", {}).get(param) if named else None
        types = described.get("type", ()) if isinstance(described, Mapping) else ()
        return not types or ("object" if isinstance(value, Mapping) else "array") in types
>>>>>>> cookbook


@cache
def packaged_connector(name: str) -> Connector | None:
    """The connector of that name in the catalogue, or None."""
    entry = read_json(FOLDER, name)
    return None if entry is None else _connector(entry)


def connector_names() -> tuple[str, ...]:
    """The names of all connectors, in order. No file is parsed."""
    own = own_specs().connectors
    return tuple(sorted({*file_stems(FOLDER), *own})) if own else file_stems(FOLDER)


def connector_by_spec_id(spec_id: str) -> Connector | None:
    """The connector with that connection spec id, or None. Reads all files, once."""
    return own_specs().by_spec_id.get(spec_id.lower()) or packaged_by_spec_id().get(spec_id)


@cache
def packaged_by_spec_id() -> Mapping[str, Connector]:
    """The connectors of the catalogue by connection spec ID."""
    known = (packaged_connector(name) for name in file_stems(FOLDER))
    return {found.spec_id: found for found in known if found}


def _connector(entry: JSON) -> Connector:
    spec = entry["connectionSpec"]
    return Connector(
        name=entry["name"],
        title=entry["title"],
        category=entry["category"],
        spec_id=spec["id"],
        spec_version=spec["version"],
        formats=tuple(entry["formats"]),
        flow_spec=entry["flowSpec"],
        flow_specs=tuple(entry["flowSpecs"]),
        needs_base_connection=entry["baseConnection"],
        verified=entry["verified"],
        evidence=entry["evidence"],
        documents=tuple(f"{_DOCUMENTS}{path}.md" for path in entry["documents"]),
        auth_specs=auth_specs(spec),
        source_type=spec["sourceSpec"]["type"],
        source_schema=spec["sourceSpec"]["spec"],
    )
