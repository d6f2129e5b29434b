"""Classes and field groups that new or changed schemas name: whether the platform has them, before anything is sent."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from flowctl.engine.reading import Send, find_objects
from flowctl.kinds.schema import KIND
from flowctl.manifest.document import Document
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic, SourceSpan
from flowctl.model.errors import Refused
from flowctl.model.request import Request

_REGISTRY = "/data/foundation/schemaregistry"
_LOOKUP = {"Accept": "application/vnd.adobe.xed+json; version=1"}
_WRITES = (Action.CREATE, Action.UPDATE, Action.REPLACE)
_COLLECTIONS = {"class": "classes", "field group": "fieldgroups"}


def unknown_references(
    changes: Sequence[Change], documents: Sequence[Document], send: Send, pool: ThreadPoolExecutor
) -> list[Diagnostic]:
    """One error for each class or field group of a planned schema that neither container holds."""
    schemas = [change for change in changes if change.kind == "schema" and change.action in _WRITES]
    wanted = sorted({reference for change in schemas for reference in _references(change)})
    if not wanted:
        return []
    found = dict(zip(wanted, pool.map(lambda pair: _exists(pair[0], pair[1], send), wanted), strict=True))
    named = {document.name: document for document in documents if document.kind == "Schema"}
    return [
        Diagnostic(
            code="unknown-xdm-resource",
            summary=f"the platform has no {what} {reference}",
            hint="Correct the id; it is the $id of the class or field group in the Schema Registry.",
            address=change.address,
            span=_span(named.get(change.address.name), what, reference),
        )
        for change in schemas
        for what, reference in _references(change)
        if not found[what, reference]
    ]


def taken_titles(
    changes: Sequence[Change], documents: Sequence[Document], send: Send, pool: ThreadPoolExecutor
) -> list[Diagnostic]:
    """One error for each schema that would be made with a title that the platform has already."""
    made = [
        change for change in changes if change.kind == "schema" and change.action in (Action.CREATE, Action.REPLACE)
    ]
    if not made:
        return []
    found = list(pool.map(lambda change: find_objects(KIND, str(change.desired["title"]), send), made))
    named = {document.name: document for document in documents if document.kind == "Schema"}
    return [
        _own_title(change, named.get(change.address.name))
        if live[0].id == change.remote_id
        else _taken_title(change, live[0].id, named.get(change.address.name))
        for change, live in zip(made, found, strict=True)
        if live
    ]


def _taken_title(change: Change, owner: str, document: Document | None) -> Diagnostic:
    return Diagnostic(
        code="title-taken",
        summary=f"the platform has a schema with the title {change.desired['title']} already",
        detail=f"It is {owner}. Titles are unique, so {change.address} cannot be made beside it.",
        hint="Give another title, refer to that schema as {title: ...}, move its record with flowctl state mv if "
        "the document was renamed, or record it with flowctl state repair.",
        address=change.address,
        span=document.span("title") if document else None,
    )


def _own_title(change: Change, document: Document | None) -> Diagnostic:
    """The old schema goes only after all that uses it has moved to the new one."""
    forced = ", ".join(attribute.path for attribute in change.attributes if attribute.forces_replacement)
    return Diagnostic(
        code="title-taken",
        summary=f"{change.address} has to be made anew, and cannot have the title of the one that it replaces",
        detail=f"{forced or 'It'} cannot change in place, and titles are unique: both schemas exist for a while.",
        hint="Change the title too.",
        address=change.address,
        span=document.span("title") if document else None,
    )


def _references(change: Change) -> Iterator[tuple[str, str]]:
    attributes: Mapping[str, object] = change.desired
    yield "class", str(attributes["class"])
    groups = attributes.get("fieldGroups")
    for group in groups if isinstance(groups, list) else ():
        yield "field group", str(group)


def _exists(what: str, reference: str, send: Send) -> bool:
    for container in ("global", "tenant"):
        path = f"{_REGISTRY}/{container}/{_COLLECTIONS[what]}/{quote(reference, safe='')}"
        try:
            send(Request(method="GET", path=path, headers=_LOOKUP))
            return True
        except Refused as error:
            if error.status != 404:
                raise
    return False


def _span(document: Document | None, what: str, reference: str) -> SourceSpan | None:
    if document is None:
        return None
    if what == "class":
        return document.span("class")
    groups = document.at("fieldGroups") or []
    return document.span("fieldGroups", groups.index(reference)) if reference in groups else document.span()
