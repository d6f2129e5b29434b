"""Changes of schemas and their parts that Experience Platform rejects, because a dataset uses them."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from flowctl.kinds.catalog import dataset_page, next_dataset_page
from flowctl.kinds.evolution_rules import Step, Verdict, steps_of
from flowctl.kinds.live_check import Answers, Ask, Desired, LiveCheck, PlannedCheck, Read
from flowctl.kinds.registry_lists import next_page
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.request import Reply, Request
from flowctl.validation.wording import all_of, code, quoted

_TENANT: Final = "/data/foundation/schemaregistry/tenant"
_LIST: Final = {"Accept": "application/vnd.adobe.xed+json"}
_COLLECTIONS: Final = ("schemas", "fieldgroups", "classes", "datatypes")
_PAGE: Final = 300
_MOST: Final = 3


@dataclass(slots=True)
class _Users:
    """Who uses what: the resources that name one, by its `$id`; their titles; and what binds a schema."""

    by_id: dict[str, set[str]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    binding: dict[str, list[str]] = field(default_factory=dict)

    def bound(self, part: str) -> list[str]:
        """What binds a schema, or one of the schemas that a part is in."""
        waiting, seen = [part], {part}
        for each in waiting:
            for user in self.by_id.get(each, ()):
                if user not in seen:
                    seen.add(user)
                    waiting.append(user)
        return list(dict.fromkeys(word for each in waiting for word in self.binding.get(each, ())))


def evolution_check(changes: Sequence[Change], desired: Desired) -> LiveCheck:
    """One error for each change that a dataset, or the union of Profile, does not allow."""
    steps = [
        (change, step)
        for change in changes
        if change.action in (Action.UPDATE, Action.IMPORT)
        for step in steps_of(change)
        if step.rule.after is Verdict.REFUSED
    ]
    if not steps:
        return ()
    users = yield from _users()
    found = []
    for change, step in steps:
        binding = users.bound(str(change.remote_id))
        if binding:
            title = users.titles.get(step.what)
            found.append(_problem(change, step, quoted(title) if title else code(step.what), binding, desired))
    return found


def _problem(change: Change, step: Step, what: str, binding: Sequence[str], desired: Desired) -> Diagnostic:
    shown = (
        all_of(binding) if len(binding) <= _MOST else f"{', '.join(binding[:_MOST])} and {len(binding) - _MOST} more"
    )
    return Diagnostic(
        code="breaking-change",
        summary=f"{what} of `{change.address}` is in use, and the change would break it",
        detail=f"It is used by {shown}. {step.rule.named}",
        hint=step.rule.cure,
        address=change.address,
        span=desired[change.address].place(*step.steps),
    )


def _users() -> Generator[Sequence[Read[object]], Answers, _Users]:
    """What the sandbox has, read in full: the parts of schemas, and the datasets."""
    users = _Users()
    for collection in _COLLECTIONS:
        query = (("orderby", "title"), ("limit", str(_PAGE)))
        request: Request | None = Request(method="GET", path=f"{_TENANT}/{collection}", query=query, headers=_LIST)
        while request is not None:
            reply = yield from _page(request)
            for each in reply.body["results"]:
                _note(users, each, is_schema=collection == "schemas")
            request = next_page(request, reply)
    request = dataset_page(("properties", "name,schemaRef"))
    while request is not None:
        reply = yield from _page(request)
        for dataset_id, dataset in reply.body.items():
            schema = (dataset.get("schemaRef") or {}).get("id")
            users.binding.setdefault(str(schema), []).append(f'the dataset "{dataset.get("name") or dataset_id}"')
        request = next_dataset_page(request, reply)
    return users


def _page(request: Request) -> Generator[Sequence[Read[object]], Answers, Reply]:
    read: Ask[Reply] = Ask(request=request, read=lambda reply: reply)
    answers = yield (read,)
    return answers.of(read)


def _note(users: _Users, body: Mapping[str, Any], *, is_schema: bool) -> None:
    own = str(body["$id"])
    users.titles[own] = str(body.get("title") or own)
    waiting: list[Any] = [body]
    for each in waiting:
        if isinstance(each, Mapping):
            if isinstance(each.get("$ref"), str):
                users.by_id.setdefault(each["$ref"], set()).add(own)
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    if is_schema and "union" in (body.get("meta:immutableTags") or ()):
        users.binding.setdefault(own, []).append(f'the schema "{body.get("title")}", which is in Profile')


EVOLUTION: Final = PlannedCheck(begin=evolution_check)
"""The check that every kind has whose objects hold fields; it runs once for all of them."""
