"""The way of data from the dependencies of objects: each pipeline is a chain, and leads from and to what is shared."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.change import Action, Change
from flowctl.model.lineage import Lineage, LineageNode
from flowctl.model.plan import Plan


def stage(node: LineageNode) -> int:
    """The place of an object on the way of data, from the connection to the schema."""
    return KINDS[node.kind].stage


def lineage(nodes: Sequence[LineageNode], needs: Mapping[str, Collection[str]]) -> Lineage:
    """The lineage of some objects; `needs` are the IDs of what each depends on."""
    known = {node.id: node for node in nodes}
    pairs = dict.fromkeys((*_chains(nodes), *_crossings(known, needs)))
    following: dict[str, list[str]] = {}
    for begin, end in pairs:
        following.setdefault(begin, []).append(end)
    edges = [(begin, end) for begin, end in pairs if not _leads_there_anyway(begin, end, following)]
    touched = _touched(nodes, needs)
    shown = [replace(node, is_touched=node.id in touched and node.action is None) for node in nodes]
    return Lineage(nodes=shown, edges=edges)


def lineage_of_plan(plan: Plan) -> Lineage:
    """The lineage of everything that a plan changes or keeps. Pipelines of kept objects are told by their names."""
    changes = (*plan.changes, *plan.kept)
    pipelines = {change.address.name for change in changes if KINDS[change.kind].is_pipeline}
    found: dict[str, LineageNode] = {}
    for change in changes:
        # What is left over from a replacement shares its address with the object in its place, which is told first.
        found.setdefault(change.address, _node(change, pipelines))
    needs: dict[str, Collection[str]] = {change.address: change.depends_on for change in reversed(changes)}
    return lineage(list(found.values()), needs)


def by_pipeline(whole: Lineage) -> Mapping[str, Lineage]:
    """Each pipeline with everything before and behind it, without other pipelines."""
    known = {node.id: node for node in whole.nodes}
    order = {node.id: number for number, node in enumerate(whole.nodes)}
    following, near = _neighbors(whole, known)
    own: dict[str, list[str]] = {}
    for node in whole.nodes:
        if node.pipeline is not None:
            own.setdefault(node.pipeline, []).append(node.id)
    found: dict[str, Lineage] = {}
    for name, ids in own.items():
        kept, ahead = set(ids), list(ids)
        while ahead:
            more = [other for other in near.get(ahead.pop(), ()) if other not in kept]
            kept.update(more)
            ahead += more
        ordered = sorted(kept, key=order.__getitem__)
        edges = [(begin, end) for begin in ordered for end in following.get(begin, ()) if end in kept]
        found[name] = Lineage(nodes=[known[id_] for id_ in ordered], edges=edges)
    return found


def _neighbors(
    whole: Lineage, known: Mapping[str, LineageNode]
) -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]]:
    """What follows each object, and what is shared next to it: on both sides of what a pipeline has for itself.

    From what is shared it goes on, not back: back lie other pipelines.
    """
    following: dict[str, list[str]] = {}
    near: dict[str, list[str]] = {}
    for begin, end in whole.edges:
        following.setdefault(begin, []).append(end)
        if known[end].pipeline is None:
            near.setdefault(begin, []).append(end)
        elif known[begin].pipeline is None:
            near.setdefault(end, []).append(begin)
    return following, near


def label_of(address: Address) -> str:
    """What tells an object apart from others of its kind."""
    return f"{address.name}[{address.key}]" if address.key else address.name


def _node(change: Change, pipelines: Collection[str]) -> LineageNode:
    address = change.address
    in_pipeline = address.name if KINDS[change.kind].in_pipeline and address.name in pipelines else None
    is_kept = change.action is Action.NO_OP
    return LineageNode(
        id=address,
        kind=change.kind,
        label=label_of(address),
        pipeline=in_pipeline if is_kept else change.origin.pipeline,
        action=None if is_kept else change.action,
        schedule=change.schedule,
    )


def _chains(nodes: Iterable[LineageNode]) -> Iterator[tuple[str, str]]:
    """The steps within each pipeline, from stage to stage."""
    pipelines: dict[str, list[LineageNode]] = {}
    for node in nodes:
        if node.pipeline is not None:
            pipelines.setdefault(node.pipeline, []).append(node)
    for parts in pipelines.values():
        ordered = sorted(parts, key=stage)
        yield from ((begin.id, end.id) for begin, end in pairwise(ordered))


def _crossings(known: Mapping[str, LineageNode], needs: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str]]:
    """The steps between what a pipeline has for itself and what is shared, and among the latter."""
    for node in known.values():
        for need in sorted(needs.get(node.id, ())):
            other = known.get(need)
            if other is not None and (node.pipeline is None or node.pipeline != other.pipeline):
                begin, end = sorted((node, other), key=stage)
                yield begin.id, end.id


def _leads_there_anyway(begin: str, end: str, following: Mapping[str, Sequence[str]]) -> bool:
    """Whether there is another way than the step itself."""
    seen: set[str] = set()
    ahead = [other for other in following[begin] if other != end]
    while ahead:
        one = ahead.pop()
        if one == end:
            return True
        if one not in seen:
            seen.add(one)
            ahead += following.get(one, ())
    return False


def _touched(nodes: Iterable[LineageNode], needs: Mapping[str, Collection[str]]) -> set[str]:
    """The changed objects, and those that depend on one at any distance."""
    found = {node.id for node in nodes if node.action is not None}
    dependents: dict[str, list[str]] = {}
    for one, needed in needs.items():
        for need in needed:
            dependents.setdefault(need, []).append(one)
    ahead = list(found)
    while ahead:
        more = [one for one in dependents.get(ahead.pop(), ()) if one not in found]
        found.update(more)
        ahead += more
    return found
