"""Changes of schemas and their parts that Experience Platform rejects, because a dataset uses them."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from flowctl.kinds.catalog import dataset_page, next_dataset_page
from flowctl.kinds.evolution_rules import Step, Verdict, steps_of
from flowctl.kinds.live_check import Answers, Desired, LiveCheck, PlannedCheck, Read
from flowctl.kinds.registry_parts import references_in
from flowctl.kinds.schema_registry import CLASSES, DATA_TYPES, FIELD_GROUPS, SCHEMAS, next_page
from flowctl.kinds.whole_lists import whole_list
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import all_of, code, quoted

_COLLECTIONS: Final = (SCHEMAS, FIELD_GROUPS, CLASSES, DATA_TYPES)
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
        pages = yield from whole_list(collection.all(), next_page)
        for each in (each for page in pages for each in page.body["results"]):
            _note(users, each, is_schema=collection is SCHEMAS)
    pages = yield from whole_list(dataset_page(("properties", "name,schemaRef")), next_dataset_page)
    for dataset_id, dataset in (item for page in pages for item in page.body.items()):
        schema = (dataset.get("schemaRef") or {}).get("id")
        users.binding.setdefault(str(schema), []).append(f'the dataset "{dataset.get("name") or dataset_id}"')
    return users


def _note(users: _Users, body: Mapping[str, Any], *, is_schema: bool) -> None:
    own = str(body["$id"])
    users.titles[own] = str(body.get("title") or own)
    for used in references_in(body):
        users.by_id.setdefault(used, set()).add(own)
    if is_schema and "union" in (body.get("meta:immutableTags") or ()):
        users.binding.setdefault(own, []).append(f'the schema "{body.get("title")}", which is in Profile')


EVOLUTION: Final = PlannedCheck(begin=evolution_check)
"""The check that every kind has whose objects hold fields; it runs once for all of them."""
