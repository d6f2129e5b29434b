"""What new or changed schemas and their parts refer to: whether it exists, checked before anything is sent."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final
from urllib.parse import quote

from flowctl.kinds.identifier import CLASS_ID, DATA_TYPE_ID, FIELD_GROUP_ID
from flowctl.kinds.live_check import Advice, Answers, Desired, Exists, LiveCheck, PlannedCheck, Read
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.request import Reply, Request
from flowctl.text.positions import ValuePath
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
_OWN_FORMS = {"class": CLASS_ID, "field group": FIELD_GROUP_ID, "data type": DATA_TYPE_ID}
_COLLECTIONS = {"class": "classes", "field group": "fieldgroups", "data type": "datatypes"}


@dataclass(frozen=True, slots=True)
class _Listed:
    """The titles of the tenant's classes, field groups or data types, and of Adobe's, by `$id`."""

    own: Mapping[str, str]
    adobes: Mapping[str, str]

    def alike(self, what: str, reference: str) -> Mapping[str, str]:
        """What a reference may have meant: one with the form of the tenant's stands for none of Adobe's."""
        organization = _organization(reference)
        if organization in set(map(_organization, self.adobes)):
            return self.adobes
        if _OWN_FORMS[what].holds(reference) or organization in set(map(_organization, self.own)):
            return self.own
        return {**self.own, **self.adobes}


def _organization(reference: str) -> str:
    """The part of a `$id` that tells whose it is."""
    return reference.removeprefix("https://ns.adobe.com/").partition("/")[0]


def reference_check(changes: Sequence[Change], desired: Desired) -> LiveCheck:
    """One error for each class, field group or data type that a planned object names and neither container has."""
    named = [(change, *each) for change in changes if change.action in _WRITES for each in _references(change)]
    wanted = {pair: _look(*pair) for pair in sorted({(what, reference) for _, what, reference, _ in named})}
    if not wanted:
        return ()
    answers = yield tuple(wanted.values())
    missing = {pair for pair, look in wanted.items() if not answers.of(look)}
    listed: dict[str, _Listed] = {}
    for what in sorted({what for what, _ in missing}):
        listed[what] = yield from _titles_of(what)
    candidates = {(what, reference): listed[what].alike(what, reference) for what, reference in missing}
    return [
        Diagnostic(
            code="unknown-xdm-resource",
            summary=f"there is no {what} `{reference}`",
            detail=_nearest_words(reference, candidates[what, reference]),
            hint=_meant(what, reference, candidates[what, reference]),
            address=change.address,
            span=desired[change.address].place(*place),
        )
        for change, what, reference, place in named
        if (what, reference) in missing
    ]


def _references(change: Change) -> Iterator[tuple[str, str, ValuePath]]:
    """What exists already, each with its place; what the same plan creates is unknown."""
    attributes: Mapping[str, Any] = change.desired
    if isinstance(attributes.get("class"), str):
        yield "class", attributes["class"], ("class",)
    for group in _ids(attributes.get("fieldGroups")):
        yield "field group", group, ("fieldGroups", f"[{group}]")
    if "fields" in attributes:
        yield from _new_of_fields(attributes, change.observed or {})


def _new_of_fields(attributes: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[tuple[str, str, ValuePath]]:
    """What the live object does not refer to yet and Adobe does not provide."""
    from flowctl.xdm.library import standard

    kept = {*_ids(before.get("extends")), *_ids(each.get("ref") for each in before.get("fields") or ())}
    for class_ in _ids(attributes.get("extends")):
        if class_ not in kept and standard().get(class_) is None:
            yield "class", class_, ("extends", f"[{class_}]")
    for entry in attributes["fields"]:
        for type_ in _ids((entry.get("ref"),)):
            if type_ not in kept and standard().get(type_) is None:
                yield "data type", type_, ("fields", f"[{entry['path']}]", "ref")


def _ids(values: Iterable[object] | None) -> Iterator[str]:
    yield from (each for each in values or () if isinstance(each, str))


def _look(what: str, reference: str) -> Exists:
    part = quote(reference, safe="")
    paths = (f"{_REGISTRY}/{container}/{_COLLECTIONS[what]}/{part}" for container in ("global", "tenant"))
    return Exists(requests=tuple(Request(method="GET", path=path, headers=_LOOKUP) for path in paths))


def _titles_of(what: str) -> Generator[Sequence[Read[object]], Answers, _Listed]:
    """What is on the first page of each container."""
    found: list[Mapping[str, str]] = []
    for container in ("tenant", "global"):
        path = f"{_REGISTRY}/{container}/{_COLLECTIONS[what]}"
        query = (("orderby", "title"), ("limit", str(_PAGE)))
        request = Request(method="GET", path=path, query=query, headers=_LIST)
        page: Advice[Mapping[str, str]] = Advice(request=request, read=_titles, otherwise={})
        answers = yield (page,)
        found.append(answers.of(page))
    return _Listed(*found)


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


REFERENCES: Final = PlannedCheck(begin=reference_check)
"""The check that every kind has that is made of others by `$id`; it runs once for all of them."""
