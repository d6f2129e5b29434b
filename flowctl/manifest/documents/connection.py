"""Connection documents: a base connection (account) of a source."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from flowctl.manifest.auth_params import connector_of, secret_params, sensitive_places
from flowctl.manifest.checks.authentication import authentication
from flowctl.manifest.checks.file_paths import account_path
from flowctl.manifest.checks.open_keys import connection_keys
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKind
from flowctl.manifest.index import Named
from flowctl.manifest.parts.connection_spec import connection_spec
from flowctl.manifest.parts.members import given, lifecycle
from flowctl.manifest.parts.writing import members
from flowctl.model.address import Address
from flowctl.model.resource import Resource
from flowctl.specs.catalogue import connector, connector_names
from flowctl.validation.problem import Problem
from flowctl.validation.wording import code, one_of

_MISSING: Final = {
    "missing required key `auth`": "auth: {{specName: {}, params: ...}}",
    "missing required key `auth.specName`": "specName: {}",
}


def advice(document: Document, fault: Problem) -> str:
    """The authentication types of the connector, if the document has none."""
    known = connector_of(document.content) if fault.message in _MISSING else None
    names = [spec.name for spec in known.auth_specs] if known is not None else []
    return f"Add {one_of([code(_MISSING[fault.message].format(name)) for name in names])}." if names else ""


def auth_keys() -> Iterator[str]:
    """Parameters of the authentication types of every connector."""
    for name in connector_names():
        known = connector(name)
        for spec in known.auth_specs if known is not None else ():
            yield from (f"auth.params.{key}" for key in (spec.schema or {}).get("properties", {}))


def shown_to_checks(document: Document) -> str | None:
    """Its connector; a source that is not in the catalogue is described by the document itself."""
    known = connector_of(document.content)
    return known.name if known is not None else None


def expand(document: Document, _documents: Named) -> Sequence[Resource]:
    """The base connection of a Connection document."""
    content = document.content
    attributes: dict[str, Any] = {
        "name": content.get("title", document.name),
        **given(content, "description"),
        **given(content, "auth", "providerId"),
        "connectionSpec": connection_spec(content),
    }
    return [
        Resource(
            address=Address.of(document.name, "connection"),
            attributes=attributes,
            lifecycle=lifecycle(content),
            has_own_title="title" in content,
            declared=document.span,
        )
    ]


CONNECTION: Final = DocumentKind(
    name="Connection",
    checks=(authentication, account_path, connection_keys),
    advice=advice,
    platform_keys=auth_keys,
    secret_params=secret_params,
    secret_places=sensitive_places,
    expand=expand,
    makes=frozenset({"connection"}),
    is_cacheable=False,
    shown_to_checks=shown_to_checks,
    writers={"connection": members((), {"name": "title", "description": "description"}, below=frozenset({"auth"}))},
)
