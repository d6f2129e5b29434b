"""The paths of `lifecycle.ignoreChanges`: each must be one that a plan prints of the document's resources."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from flowctl.engine.plan.places import leaves
from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Document
from flowctl.manifest.graph import ignored_paths, resources_of
from flowctl.manifest.index import Named, named
from flowctl.model.attribute_path import dotted
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSON
from flowctl.model.resource import Lookup, Reference, Sensitive
from flowctl.validation.wording import code, codes, did_you_mean, nearest, one_of

_KEY: Final = ("lifecycle", "ignoreChanges")
_MOST_SHOWN: Final = 8


def ignored_path_problems(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """One error for each ignored path that names nothing, or something that cannot be left alone.

    The documents have no other errors.
    """
    known = named(documents)
    for document in documents:
        paths = ignored_paths(document)
        if paths:
            found = _places(document, known)
            for number, path in enumerate(paths):
                yield from _problems(document, number, path, found)


def _places(document: Document, known: Named) -> Mapping[str, Sequence[JSON]]:
    """Every path of a document's resources, with the values at it and below it."""
    found: dict[str, list[JSON]] = {}
    for resource in resources_of(document, known):
        for path, value in leaves(resource.attributes, KINDS[resource.kind].keyed_lists):
            for end in range(1, len(path) + 1):
                found.setdefault(f"{resource.kind}.{dotted(path[:end])}", []).append(value)
    return found


def _problems(document: Document, number: int, path: str, found: Mapping[str, Sequence[JSON]]) -> Iterator[Diagnostic]:
    if path not in found:
        yield _unknown(document, number, path, found)
    elif any(_has_reference(value) for value in found[path]):
        yield _refused(document, number, path, "flowctl sets it from another object.")
    elif any(isinstance(value, Sensitive) for value in found[path]):
        yield _refused(document, number, path, "It is a secret, and Experience Platform does not return secrets.")


def _has_reference(value: JSON) -> bool:
    """Whether a compared value is given by another object, or is a list with one that is."""
    return isinstance(value, Reference | Lookup) or (isinstance(value, list) and any(map(_has_reference, value)))


def _unknown(document: Document, number: int, path: str, found: Mapping[str, Sequence[JSON]]) -> Diagnostic:
    kinds = list(dict.fromkeys(each.partition(".")[0] for each in found))
    below = [each for each in found if each.count(".") == 1]
    near = nearest(path, found)
    return document.error(
        "unknown-ignored-path",
        f"{code(path)} is not a path of {document.name}",
        *_KEY,
        number,
        detail="" if near else f"Expected a path such as {one_of(codes(below[:_MOST_SHOWN]))}.",
        hint=did_you_mean(near, f"Write KIND.PATH as `plan -v` prints it, with the kind {one_of(codes(kinds))}."),
    )


def _refused(document: Document, number: int, path: str, why: str) -> Diagnostic:
    return document.error(
        "path-not-ignorable",
        f"changes of {code(path)} cannot be ignored",
        *_KEY,
        number,
        detail=why,
        hint="Remove the path, or write one below it that holds a value of the manifest.",
    )
