"""Titles of schemas: the platform refuses a second one, so a title must be free before anything is sent."""

from collections.abc import Sequence

from flowctl.kinds.live_check import Desired, LiveCheck, Titled
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic, SourceSpan


def title_check(changes: Sequence[Change], desired: Desired) -> LiveCheck:
    """One error for each schema that would be created with a title that the platform has already."""
    made = [change for change in changes if change.action in (Action.CREATE, Action.REPLACE)]
    if not made:
        return ()
    titled = Titled(kind="schema", titles=frozenset(str(change.desired["title"]) for change in made))
    answers = yield (titled,)
    owners = {live.attributes["title"]: live.id for live in answers.of(titled)}
    return [
        _problem(change, owners[change.desired["title"]], desired[change.address].place("title"))
        for change in made
        if change.desired["title"] in owners
    ]


def _problem(change: Change, owner: str, place: SourceSpan | None) -> Diagnostic:
    return _own_title(change, place) if owner == change.remote_id else _taken_title(change, owner, place)


def _taken_title(change: Change, owner: str, place: SourceSpan | None) -> Diagnostic:
    return Diagnostic(
        code="title-taken",
        summary=f"the platform has a schema with the title {change.desired['title']} already",
        detail=f"It is {owner}. Titles are unique, so {change.address} cannot be made beside it.",
        hint="Change the title, refer to that schema as {title: ...}, move its record with flowctl state mv if "
        "the document was renamed, or record it with flowctl state repair.",
        address=change.address,
        span=place,
    )


def _own_title(change: Change, place: SourceSpan | None) -> Diagnostic:
    """The old schema goes only after all that uses it has moved to the new one."""
    forced = ", ".join(attribute.path for attribute in change.attributes if attribute.forces_replacement)
    return Diagnostic(
        code="title-taken",
        summary=f"{change.address} has to be made anew, and cannot have the title of the one that it replaces",
        detail=f"{forced or 'It'} cannot change in place, and titles are unique: both schemas exist for a while.",
        hint="Change the title too.",
        address=change.address,
        span=place,
    )
