"""Titles of schemas are unique: whether a title is free, checked before anything is sent."""

from collections.abc import Callable, Sequence
from typing import Final

from flowctl.kinds.live_check import Desired, LiveCheck, Titled
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic, SourceSpan

_SCHEMA: Final = "schema"


def title_check(kind: str, article: str) -> Callable[[Sequence[Change], Desired], LiveCheck]:
    """The check of the titles of a kind; `article` are its words with their article."""

    def check(changes: Sequence[Change], desired: Desired) -> LiveCheck:
        """One error for each object that would be created with a title that another one has."""
        made = [change for change in changes if change.action in (Action.CREATE, Action.REPLACE)]
        if not made:
            return ()
        titled = Titled(kind=kind, titles=frozenset(str(change.desired["title"]) for change in made))
        answers = yield (titled,)
        owners = {live.attributes["title"]: live.id for live in answers.of(titled)}
        return [
            _problem(change, owners[change.desired["title"]], desired[change.address].place("title"), article)
            for change in made
            if change.desired["title"] in owners
        ]

    return check


def _problem(change: Change, owner: str, place: SourceSpan | None, article: str) -> Diagnostic:
    if owner == change.remote_id:
        return _own_title(change, place, article)
    if change.kind == _SCHEMA:
        use = "To use the existing schema, delete this document and write `schema: {title: ...}`."
    else:
        use = f"To use the existing one, delete this document and write its `$id`: {owner}."
    return _taken_title(change, owner, place, article, use)


def _taken_title(change: Change, owner: str, place: SourceSpan | None, article: str, use: str) -> Diagnostic:
    words = article.partition(" ")[2]
    return Diagnostic(
        code="title-taken",
        summary=f'{article} with the title "{change.desired["title"]}" already exists',
        detail=f"It is {owner}. Titles of {_plural(words)} are unique in a sandbox.",
        hint=f"Change `title`. {use} If flowctl created it: after a rename of the document, write a line of `moved` "
        "into flowctl.yaml, otherwise run `flowctl state repair`.",
        address=change.address,
        span=place,
    )


def _plural(words: str) -> str:
    return f"{words}es" if words.endswith("s") else f"{words}s"


def _own_title(change: Change, place: SourceSpan | None, article: str) -> Diagnostic:
    """The old schema is deleted only after everything that uses it uses the new one."""
    words = article.partition(" ")[2]
    forced = ", ".join(attribute.path for attribute in change.attributes if attribute.forces_replacement)
    return Diagnostic(
        code="title-taken",
        summary=f"`{change.address}` must be replaced, and the new {words} needs another title",
        detail=f"Changing `{forced or 'class'}` creates a new {words} before the old one is deleted, and titles of "
        f"{_plural(words)} are unique in a sandbox.",
        hint="Change `title` too, or undo the edit.",
        address=change.address,
        span=place,
    )
