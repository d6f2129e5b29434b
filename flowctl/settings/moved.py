"""The `moved` lines of flowctl.yaml: which documents were renamed."""

from collections.abc import Iterator

from flowctl.manifest.document import Document
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.moves import Rename
from flowctl.validation.wording import code


def renames(document: Document) -> tuple[Rename, ...]:
    """The lines, in their order."""
    return tuple(
        Rename(old=line["from"], new=line["to"], span=document.span("moved", place))
        for place, line in enumerate(document.at("moved") or ())
    )


def rename_problems(document: Document) -> Iterator[Diagnostic]:
    """Each line that contradicts an earlier one: by name, by the name that it leads to, or as the end of a circle."""
    lines: dict[str, str] = {}
    for place, line in enumerate(document.at("moved") or ()):
        old, new = line["from"], line["to"]
        if old in lines:
            yield _problem(document, place, f"{code(old)} moves twice", "Keep one of the two lines.")
        elif new in lines.values():
            hint = "Name each new name once: two documents cannot become one."
            yield _problem(document, place, f"two documents move to {code(new)}", hint)
        elif _leads_to(new, old, lines):
            hint = "Remove the line that is no longer true."
            yield _problem(document, place, f"{code(old)} moves to {code(new)} and back", hint)
        lines.setdefault(old, new)


def _leads_to(name: str, wanted: str, lines: dict[str, str]) -> bool:
    """Whether a name is moved to the wanted one, in as many steps as it takes."""
    seen: set[str] = set()
    while name != wanted and name in lines and name not in seen:
        seen.add(name)
        name = lines[name]
    return name == wanted


def _problem(document: Document, place: int, summary: str, hint: str) -> Diagnostic:
    return document.error("moved-conflict", summary, "moved", place, hint=hint)
