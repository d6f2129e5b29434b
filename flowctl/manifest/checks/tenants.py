"""The tenant namespaces of destinations: a schema has one, so two of them are a misspelled name or another's."""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from flowctl.manifest.checks.mapping_rules import broken
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.mapping_rows import Row, rows
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.tenant import TENANT, namespace_of, without_tenant
from flowctl.validation.wording import code

if TYPE_CHECKING:
    from flowctl.xdm.destinations import PathProblem

_MARK: Final = "_"
_UNKNOWN: Final = namespace_of("")
"""The namespace of an organization whose tenant ID nobody knows yet."""


def tenants(document: Document, index: Index) -> Iterator[Diagnostic]:
    """Each destination below another tenant than that of the organization; if that is not known, than the first one."""
    found = [(row, name) for row in rows(document) if (name := _namespace(row)) is not None]
    own = index.pulled.tenant or (f"_{document.tenant}" if document.tenant else "")
    if not found or {name for _, name in found} <= {own or found[0][1]}:
        return
    found = [(row, name) for row, name in found if name not in _standard() and name != _UNKNOWN]
    for row, name in found:
        first = own or found[0][1]
        if name != first:
            what = (
                "the tenant of the organization is" if own else "a schema has one tenant, and another destination has"
            )
            summary = f"{code(name)} is not the tenant here: {what} {code(first)}"
            hint = write_tenant(row.destination or "") if row.is_shown("destination") else ""
            yield broken("tenant-mismatch", summary, row, "destination", hint=hint)


def write_tenant(path: str) -> str:
    """The hint to write `${tenant}` in a path that begins with another tenant."""
    own = without_tenant(path, path.partition(".")[0].removeprefix(_MARK))
    return f"Write {code(own)}: {code(TENANT)} stands for the tenant ID of each environment's organization."


def _namespace(row: Row) -> str | None:
    """The first name of a destination if it is a namespace, as a tenant's is."""
    path = row.destination
    first, dot, _ = path.partition(".") if path is not None and path.startswith(_MARK) else ("", "", "")
    return first if dot and first.isidentifier() else None


def is_another_tenant(problem: "PathProblem", path: str) -> bool:
    """Whether a path is unknown because it begins with a namespace, which no standard one is meant by."""
    is_namespace = problem.name.startswith(_MARK) and not problem.inside and "." in path
    return is_namespace and problem.nearest not in _standard()


@cache
def _standard() -> frozenset[str]:
    """The namespaces that standard classes and field groups use themselves."""
    from flowctl.xdm.library import standard
    from flowctl.xdm.schema_fields import composed

    library = standard()
    fields, _ = composed(library.ids(), library)
    return frozenset(name for name in fields.names() if name.startswith(_MARK))
