"""Look-ups: values of objects that exist outside the workspace, found by ID or by title."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from flowctl.engine.observe.candidates import Candidates
from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.reading import find_objects, read_object
from flowctl.kinds.kind import Kind
from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic, in_file_order
from flowctl.model.errors import ManifestError
from flowctl.model.resource import Lookup, RemoteObject, Resource
from flowctl.model.values import Gaps

_MOST_NAMED = 5
_LABELS = {"id": "ID", "title": "title"}


def look_up(
    desired: Mapping[Address, Resource],
    gaps: Mapping[Address, Gaps],
    kinds: Mapping[str, Kind],
    send: Send,
    pool: ThreadPoolExecutor,
) -> dict[Lookup, str]:
    """The value of every look-up in the desired resources, by their gaps; each object is read once.

    Raises ManifestError with one diagnostic for each look-up that finds nothing, or several of one title.
    """
    users: dict[Lookup, Resource] = {}
    for address, found_gaps in gaps.items():
        for _, gap in found_gaps:
            if isinstance(gap, Lookup):
                users.setdefault(gap, desired[address])
    targets = list(dict.fromkeys((lookup.kind, lookup.by, lookup.value) for lookup in users))
    found = dict(zip(targets, pool.map(lambda target: _find(kinds[target[0]], target, send), targets), strict=True))
    candidates = Candidates(kinds, send)
    problems = [
        _problem(lookup, kinds[lookup.kind], found[lookup.kind, lookup.by, lookup.value], resource, candidates)
        for lookup, resource in users.items()
        if len(found[lookup.kind, lookup.by, lookup.value]) != 1
    ]
    if problems:
        raise ManifestError(in_file_order(problems))
    return {lookup: _output(found[lookup.kind, lookup.by, lookup.value][0], lookup.output) for lookup in users}


def _find(kind: Kind, target: tuple[str, str, str], send: Send) -> list[RemoteObject]:
    _, by, value = target
    if by == "title":
        return find_objects(kind, value, send)
    live = read_object(kind, value, send)
    return [live] if live is not None else []


def _output(live: RemoteObject, output: str) -> str:
    return live.id if output == "id" else live.outputs[output]


def _problem(
    lookup: Lookup, kind: Kind, found: list[RemoteObject], resource: Resource, candidates: Candidates
) -> Diagnostic:
    if not found:
        detail, near = candidates.words(lookup)
        return Diagnostic(
            code="lookup-not-found",
            summary=f'there is no {kind.title} with the {_LABELS[lookup.by]} "{lookup.value}"',
            detail=detail,
            hint=near or "Correct the reference, or describe the object in a manifest.",
            address=resource.address,
            span=resource.span,
        )
    ids = ", ".join(live.id for live in found[:_MOST_NAMED]) + (", ..." if len(found) > _MOST_NAMED else "")
    return Diagnostic(
        code="lookup-ambiguous",
        summary=f'{len(found)} {kind.titles} have the title "{lookup.value}"',
        detail=f"Their IDs are {ids}.",
        hint=f"Write `{{id: {found[0].id}}}` or the ID of another one in place of the title.",
        address=resource.address,
        span=resource.span,
    )
