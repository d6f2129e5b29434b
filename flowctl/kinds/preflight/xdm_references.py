"""Classes and field groups of new or changed schemas: whether they exist, checked before anything is sent."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from difflib import get_close_matches
from urllib.parse import quote

from flowctl.kinds.live_check import Advice, Answers, Desired, Exists, LiveCheck, Read
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic, SourceSpan
from flowctl.model.request import Reply, Request
from flowctl.model.resource import Resource
from flowctl.validation.wording import all_of

_REGISTRY = "/data/foundation/schemaregistry"
_LOOKUP = {"Accept": "application/vnd.adobe.xed+json; version=1"}
_LIST = {"Accept": "application/vnd.adobe.xed-id+json"}
_PAGE = 300
_MOST_NAMED = 3
_MEANT = 0.6
_NEAR = 0.4
"""How like a name is, from 0 to 1: enough to be the one that was meant, and enough to be named at all."""
_WRITES = (Action.CREATE, Action.UPDATE, Action.REPLACE)
_COLLECTIONS = {"class": "classes", "field group": "fieldgroups"}


def reference_check(changes: Sequence[Change], desired: Desired) -> LiveCheck:
    """One error for each class or field group of a planned schema that is in neither container."""
    schemas = [change for change in changes if change.action in _WRITES]
    wanted = {pair: _look(*pair) for pair in sorted({pair for change in schemas for pair in _references(change)})}
    if not wanted:
        return ()
    answers = yield tuple(wanted.values())
    missing = {pair for pair, look in wanted.items() if not answers.of(look)}
    listed: dict[str, Mapping[str, str]] = {}
    for what in {what for what, _ in missing}:
        listed[what] = yield from _titles_of(what)
    return [
        Diagnostic(
            code="unknown-xdm-resource",
            summary=f"there is no {what} `{reference}`",
            detail=_nearest_words(reference, listed[what]),
            hint=_meant(what, reference, listed[what]),
            address=change.address,
            span=_span(desired[change.address], what, reference),
        )
        for change in schemas
        for what, reference in _references(change)
        if (what, reference) in missing
    ]


def _references(change: Change) -> Iterator[tuple[str, str]]:
    """The class and field groups that exist already; those that the same plan creates are unknown."""
    attributes: Mapping[str, object] = change.desired
    if isinstance(attributes["class"], str):
        yield "class", attributes["class"]
    groups = attributes.get("fieldGroups")
    for group in groups if isinstance(groups, list) else ():
        if isinstance(group, str):
            yield "field group", group


def _look(what: str, reference: str) -> Exists:
    part = quote(reference, safe="")
    paths = (f"{_REGISTRY}/{container}/{_COLLECTIONS[what]}/{part}" for container in ("global", "tenant"))
    return Exists(requests=tuple(Request(method="GET", path=path, headers=_LOOKUP) for path in paths))


def _titles_of(what: str) -> Generator[Sequence[Read[object]], Answers, Mapping[str, str]]:
    """The titles of the classes or field groups on the first page of each container, by $id."""
    titles: dict[str, str] = {}
    for container in ("tenant", "global"):
        path = f"{_REGISTRY}/{container}/{_COLLECTIONS[what]}"
        query = (("orderby", "title"), ("limit", str(_PAGE)))
        request = Request(method="GET", path=path, query=query, headers=_LIST)
        page: Advice[Mapping[str, str]] = Advice(request=request, read=_titles, otherwise={})
        answers = yield (page,)
        titles |= answers.of(page)
    return titles


def _titles(reply: Reply) -> dict[str, str]:
    return {str(item["$id"]): str(item.get("title") or "") for item in reply.body["results"]}


def _near(reference: str, listed: Mapping[str, str], likeness: float) -> list[str]:
    """The `$id` values most like the reference: by their last part, which people mistype, or by their title."""
    names = {key.rpartition("/")[2].casefold(): key for key in listed}
    names |= {title.casefold(): key for key, title in listed.items()}
    wanted = reference.rpartition("/")[2].casefold()
    found = [names[name] for name in get_close_matches(wanted, names, n=2 * _MOST_NAMED, cutoff=likeness)]
    return list(dict.fromkeys(found))[:_MOST_NAMED]


def _nearest_words(reference: str, listed: Mapping[str, str]) -> str:
    near = [f'`{key}` ("{listed[key]}")' for key in _near(reference, listed, _NEAR)]
    return f"The nearest {'is' if len(near) == 1 else 'are'} {all_of(near)}." if near else ""


def _meant(what: str, reference: str, listed: Mapping[str, str]) -> str:
    near = _near(reference, listed, _MEANT)
    if near:
        return f"Did you mean `{near[0]}`?"
    return f"Correct the `$id`: the Experience Platform UI shows it beside the {what}."


def _span(resource: Resource, what: str, reference: str) -> SourceSpan | None:
    return resource.place("class") if what == "class" else resource.place("fieldGroups", f"[{reference}]")
