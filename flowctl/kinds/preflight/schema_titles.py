"""Titles of schemas are unique: whether a title is free, checked before anything is sent."""

from collections.abc import Sequence

from flowctl.kinds.live_check import Desired, LiveCheck, Titled
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic, SourceSpan


def title_check(changes: Sequence[Change], desired: Desired) -> LiveCheck:
    """One error for each schema that would be created with a title that another schema has."""
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
        summary=f'an XDM schema with the title "{change.desired["title"]}" already exists',
        detail=f"It is {owner}. Titles of XDM schemas are unique in a sandbox.",
        hint="Change `title`. To use the existing schema, delete this document and write `schema: {title: ...}`. If "
        "flowctl created it, run `flowctl state mv` after a rename of the document, otherwise `flowctl state repair`.",
        address=change.address,
        span=place,
    )


def _own_title(change: Change, place: SourceSpan | None) -> Diagnostic:
    """The old schema is deleted only after everything that uses it uses the new one."""
    forced = ", ".join(attribute.path for attribute in change.attributes if attribute.forces_replacement)
    return Diagnostic(
        code="title-taken",
        summary=f"`{change.address}` must be replaced, and the new XDM schema needs another title",
        detail=f"Changing `{forced or 'class'}` creates a new schema before the old one is deleted, and titles of XDM "
        "schemas are unique in a sandbox.",
        hint="Change `title` too, or undo the edit.",
        address=change.address,
        span=place,
    )
