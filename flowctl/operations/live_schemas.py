"""Classes and field groups that new or changed schemas name: whether the platform has them, before anything is sent."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from difflib import get_close_matches
from urllib.parse import quote

from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.search import find_titled
from flowctl.engine.observe.understood import understood
from flowctl.kinds.schema import KIND
from flowctl.manifest.document import Document
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic, SourceSpan
from flowctl.model.errors import PlatformError, Refused
from flowctl.model.request import Reply, Request
from flowctl.validation.wording import all_of

_REGISTRY = "/data/foundation/schemaregistry"
_LOOKUP = {"Accept": "application/vnd.adobe.xed+json; version=1"}
_LIST = {"Accept": "application/vnd.adobe.xed-id+json"}
_PAGE = 300
_MOST_NAMED = 3
_LIKENESS = 0.6
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
    listed = {what: _listed(what, send) for what in {what for what, reference in wanted if not found[what, reference]}}
    return [
        Diagnostic(
            code="unknown-xdm-resource",
            summary=f"the platform has no {what} {reference}",
            detail=_nearest_words(reference, listed[what]),
            hint=_meant(what, reference, listed[what]),
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
    found = find_titled(KIND, {str(change.desired["title"]) for change in made}, send, pool)
    owners = {live.attributes["title"]: live.id for live in found}
    named = {document.name: document for document in documents if document.kind == "Schema"}
    return [
        _own_title(change, named.get(change.address.name))
        if owners[change.desired["title"]] == change.remote_id
        else _taken_title(change, owners[change.desired["title"]], named.get(change.address.name))
        for change in made
        if change.desired["title"] in owners
    ]


def _taken_title(change: Change, owner: str, document: Document | None) -> Diagnostic:
    return Diagnostic(
        code="title-taken",
        summary=f"the platform has a schema with the title {change.desired['title']} already",
        detail=f"It is {owner}. Titles are unique, so {change.address} cannot be made beside it.",
        hint="Change the title, refer to that schema as {title: ...}, move its record with flowctl state mv if "
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


def _listed(what: str, send: Send) -> dict[str, str]:
    """The titles of the classes or field groups on the first page of each container, by $id."""
    titles: dict[str, str] = {}
    for container in ("tenant", "global"):
        path = f"{_REGISTRY}/{container}/{_COLLECTIONS[what]}"
        query = (("orderby", "title"), ("limit", str(_PAGE)))
        request = Request(method="GET", path=path, query=query, headers=_LIST)
        try:
            titles |= understood(request, send(request), _titles)
        except PlatformError:
            # The reference is missing, whatever becomes of the advice.
            continue
    return titles


def _titles(reply: Reply) -> dict[str, str]:
    return {str(item["$id"]): str(item.get("title") or "") for item in reply.body["results"]}


def _near(reference: str, listed: Mapping[str, str], likeness: float = 0.0) -> list[str]:
    """The $ids most like the reference: by their last part, which is what people mistype, or by their title."""
    names = {key.rpartition("/")[2].casefold(): key for key in listed}
    names |= {title.casefold(): key for key, title in listed.items()}
    wanted = reference.rpartition("/")[2].casefold()
    found = [names[name] for name in get_close_matches(wanted, names, n=2 * _MOST_NAMED, cutoff=likeness)]
    return list(dict.fromkeys(found))[:_MOST_NAMED]


def _nearest_words(reference: str, listed: Mapping[str, str]) -> str:
    near = [f"{key} ({listed[key]})" for key in _near(reference, listed)]
    return f"The nearest {'is' if len(near) == 1 else 'are'} {all_of(near)}." if near else ""


def _meant(what: str, reference: str, listed: Mapping[str, str]) -> str:
    near = _near(reference, listed, _LIKENESS)
    if near:
        return f"Did you mean {near[0]}?"
    return f"Correct the $id: the Experience Platform UI shows it beside the {what}."


def _span(document: Document | None, what: str, reference: str) -> SourceSpan | None:
    if document is None:
        return None
    if what == "class":
        return document.span("class")
    groups = document.at("fieldGroups") or []
    return document.span("fieldGroups", groups.index(reference)) if reference in groups else document.span()
