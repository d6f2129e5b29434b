"""A finding of a check against a spec as a diagnostic at its place in a document."""

from collections.abc import Callable, Iterable, Iterator

from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.text.positions import ValuePath, node_at, paths_of
from flowctl.validation.problem import Problem
from flowctl.validation.wording import label

Place = Callable[[ValuePath], ValuePath]


def told(
    document: Document,
    index: Index,
    base: ValuePath,
    problems: Iterable[Problem],
    code: str,
    *,
    place: Place | None = None,
    verified: bool = True,
) -> Iterator[Diagnostic]:
    """The findings about the value at `base`; `place` leads from a finding's path to one below `base`.

    What was not verified in a document of the platform gives warnings: the live spec decides.
    """
    from_environment = _from_environment(document, base)
    for problem in problems:
        # A sentence about a missing key shows a value only where it names the circumstances.
        hidden = from_environment and (problem.found != "nothing" or " with " in problem.message)
        path = (*base, *(place(problem.path) if place else problem.path))
        found, message = problem.found, problem.message
        if not hidden and (written := document.written(*path)) is not None:
            message, found = message.replace(f"(found {found})", f"(found {written})"), written
        detail = f"Expected {problem.expected}, found {found}."
        if hidden:
            detail = f"Expected {problem.expected}; a value comes from the environment and is not shown."
        if not verified:
            detail += " The catalogue has this from general knowledge; the live connection spec decides."
        yield document.error(
            code,
            f"{label(path)} is not accepted" if hidden else message,
            *path,
            detail=detail,
            hint=_hint(document, index, path, problem),
            at_key=problem.found == "nothing",
            severity=Severity.ERROR if verified else Severity.WARNING,
        )


def _hint(document: Document, index: Index, path: ValuePath, problem: Problem) -> str:
    """The finding's own advice as a sentence; for a key that is known elsewhere, where it belongs."""
    name = str(path[-1]) if path else ""
    unknown = problem.hint == f"remove {name}" and problem.found == name
    moved = index.belongs(document.kind, path, name) if unknown else ""
    return moved or f"{problem.hint[:1].upper()}{problem.hint[1:]}{_stop(problem.hint)}"


def _stop(sentence: str) -> str:
    return "" if not sentence or sentence.endswith((".", "?", "!")) else "."


def _from_environment(document: Document, base: ValuePath) -> bool:
    wanted = {key for key, found in document.expanded.items() if found.environment}
    node = node_at(document.root, base) if wanted else None
    return node is not None and any(True for _ in paths_of(node, wanted))
