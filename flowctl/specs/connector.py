"""A connector: what a source is called, which connection spec it is and what that asks for."""

from collections.abc import Mapping
from typing import NamedTuple

from flowctl.model.json_value import JSON, JSONObject


class AuthSpec(NamedTuple):
    """One way to authenticate a base connection: `schema` describes `auth.params` (JSON Schema draft-07)."""

    name: str
    schema: JSONObject
    secret_params: frozenset[str]


class Connector(NamedTuple):
    """A source of the platform.

    `source_type` is the type of its `sourceSpec`: File, Table, Rest or Streaming.

    `formats` are the allowed values of `data.format`, the first the default; empty where the source connection
    takes no data. `flow_specs` names every flow spec that serves it, `flow_spec` the default one. Where `verified`
    is false, the names of the authentication and its parameters were not read in a document: the live connection
    spec may differ. `documents` are the addresses of the pages that were read. `is_own` says that it is from a file of
    the workspace.
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
    auth_specs: tuple[AuthSpec, ...]
    source_type: str
    source_schema: JSONObject
    documents: tuple[str, ...] = ()
    is_own: bool = False

    def __hash__(self) -> int:
        return hash(self.spec_id)

    @property
    def object_type(self) -> str:
        """How Flow Service calls what it is read from; empty for a stream, which has nothing to list or to show."""
        return {"File": "file", "Rest": "rest", "Table": "table"}.get(self.source_type, "")

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


def auth_specs(connection_spec: JSONObject) -> tuple[AuthSpec, ...]:
    """The authentications of a connection spec in the platform's shape, so also of a live one.

    A parameter is a secret where its schema says `"format": "password"`.
    """
    found = connection_spec.get("authSpec") or ()
    return tuple(_auth_spec(item) for item in found if isinstance(item.get("name"), str))


def _auth_spec(item: JSONObject) -> AuthSpec:
    schema = item.get("spec") or {}
    return AuthSpec(
        name=item["name"],
        schema=schema,
        secret_params=frozenset(
            param
            for param, each in (schema.get("properties") or {}).items()
            if isinstance(each, Mapping) and each.get("format") == "password"
        ),
    )
