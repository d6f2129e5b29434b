"""A finding of a check against a spec as a diagnostic at its place in a document."""

from collections.abc import Callable, Iterable, Iterator

from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.text.positions import ValuePath
from flowctl.validation.problem import Problem
from flowctl.validation.wording import code as code_words
from flowctl.validation.wording import found_instead, key

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

    What no document of Experience Platform confirms gives warnings: the live spec decides.
    """
    from_environment = _from_environment(document, base)
    for problem in problems:
        # A sentence about a missing or unknown key shows a value only if it names the circumstances.
        hidden = from_environment and (not problem.at_key or " with " in problem.message)
        path = (*base, *(place(problem.path) if place else problem.path))
        hint = _hint(document, index, path, problem)
        found = document.written(*path) or problem.found
        detail = found_instead("" if hint.startswith("Move ") else problem.expected, found)
        if hidden:
            detail = "A value in it comes from an environment variable and is not shown."
        if not verified:
            detail = f"{detail} The connector is not verified; Experience Platform decides during plan.".lstrip()
        yield document.error(
            code,
            f"{key(*path) if path else 'a value'} is not accepted" if hidden else problem.message,
            *path,
            detail=detail,
            hint=hint,
            at_key=problem.at_key,
            severity=Severity.ERROR if verified else Severity.WARNING,
        )


def _hint(document: Document, index: Index, path: ValuePath, problem: Problem) -> str:
    """The finding's own advice; for a key that is known elsewhere, where it belongs."""
    name = str(path[-1]) if path else ""
    is_unknown = problem.at_key and problem.hint == f"Remove {code_words(name)}."
    return (index.belongs(document.kind, path, name) if is_unknown else "") or problem.hint


def _from_environment(document: Document, base: ValuePath) -> bool:
    return any(found.environment and path[: len(base)] == base for path, found in document.expanded.items())
