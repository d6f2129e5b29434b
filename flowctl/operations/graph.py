"""Graph: the way of data through a workspace, marked with what the manifests change about what is recorded."""

from collections.abc import Iterator, Mapping, Set

from flowctl.kinds.lineage import label_of, lineage
from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Manifests
from flowctl.manifest.graph import desired_graph
from flowctl.model.address import Address
from flowctl.model.attribute_path import dotted
from flowctl.model.change import Action
from flowctl.model.diagnostic import has_errors
from flowctl.model.errors import ManifestError
from flowctl.model.json_value import JSON
from flowctl.model.lineage import Lineage, LineageNode
from flowctl.model.record import LockEntry
from flowctl.model.resource import Lookup, Reference, Resource, Sensitive
from flowctl.model.selection import Choice
from flowctl.model.values import walk
from flowctl.operations.document_graph import key_of
from flowctl.operations.selecting import narrowed_manifests
from flowctl.operations.targets import selected_entries


def manifest_lineage(
    manifests: Manifests, entries: Mapping[Address, LockEntry], salt: str, choice: Choice | None = None
) -> Lineage:
    """The lineage of the manifests beside the lockfile; no live object is read, so that drift is not seen.

    With a choice, only what was chosen and what that needs.
    Raises ManifestError if the manifests have errors.
    """
    if choice is not None:
        manifests = narrowed_manifests(manifests, choice)
        drawn = choice._replace(documents=frozenset(map(key_of, manifests.documents)))
        entries = selected_entries(entries, drawn)
    if has_errors(manifests.diagnostics):
        raise ManifestError(manifests.diagnostics)
    desired = desired_graph(manifests.documents)
    pipelines = {address.name for address in (*desired, *entries) if KINDS[address.kind].is_pipeline}
    outside = {_id(lookup): lookup for resource in desired.values() for lookup in _lookups(resource)}
    nodes = [
        *(_outside(id_, lookup) for id_, lookup in outside.items()),
        *(_desired(resource, entries, salt, pipelines) for resource in desired.values()),
        *(_leaving(address, pipelines) for address in entries if address not in desired),
    ]
    needs: dict[str, frozenset[str]] = {address: frozenset(entry.depends_on) for address, entry in entries.items()}
    for address, resource in desired.items():
        needs[address] = frozenset((*resource.depends_on, *map(_id, _lookups(resource))))
    return lineage(nodes, needs)


def _lookups(resource: Resource) -> Iterator[Lookup]:
    return (found for _, found in walk(resource.attributes) if isinstance(found, Lookup))


def _id(lookup: Lookup) -> str:
    """What tells an object outside the workspace apart; no address has a colon before its key."""
    return f"{lookup.kind}:{lookup.by}:{lookup.value}"


def _outside(id_: str, lookup: Lookup) -> LineageNode:
    return LineageNode(id=id_, kind=lookup.kind, label=lookup.value, is_outside=True)


def _desired(resource: Resource, entries: Mapping[Address, LockEntry], salt: str, pipelines: Set[str]) -> LineageNode:
    address, schedule = resource.address, KINDS[resource.kind].schedule
    value = resource.attributes.get(schedule) if schedule else None
    return LineageNode(
        id=address,
        kind=resource.kind,
        label=label_of(address),
        pipeline=_pipeline(address, pipelines),
        action=_action(resource, entries, salt),
        schedule=value if isinstance(value, Mapping) else None,
    )


def _leaving(address: Address, pipelines: Set[str]) -> LineageNode:
    return LineageNode(
        id=address,
        kind=address.kind,
        label=label_of(address),
        pipeline=_pipeline(address, pipelines),
        action=Action.DELETE,
    )


def _pipeline(address: Address, pipelines: Set[str]) -> str | None:
    return address.name if KINDS[address.kind].in_pipeline and address.name in pipelines else None


def _action(resource: Resource, entries: Mapping[Address, LockEntry], salt: str) -> Action | None:
    """What the lockfile tells: only a plan knows whether a change is made in place."""
    entry = entries.get(resource.address)
    if entry is None:
        return Action.CREATE
    secrets = (
        found.value is None or entry.secret_digests.get(dotted(path)) == found.digest(salt)
        for path, found in walk(resource.attributes)
        if isinstance(found, Sensitive)
    )
    is_equal = all(secrets) and _is_recorded(resource.attributes, entry.applied, entries)
    return None if is_equal else Action.UPDATE


def _is_recorded(wanted: JSON, applied: JSON, entries: Mapping[Address, LockEntry]) -> bool:
    """Whether a value is the one that was sent last; what only Experience Platform knows counts as equal."""
    if isinstance(wanted, Lookup):
        return True
    if isinstance(wanted, Reference):
        entry = entries.get(wanted.address)
        return entry is not None and entry.output(wanted.output) == applied
    if isinstance(wanted, Mapping):
        members = {name: member for name, member in wanted.items() if not isinstance(member, Sensitive)}
        return (
            isinstance(applied, Mapping)
            and applied.keys() == members.keys()
            and all(_is_recorded(member, applied[name], entries) for name, member in members.items())
        )
    if isinstance(wanted, list | tuple):
        items = [item for item in wanted if not isinstance(item, Sensitive)]
        return (
            isinstance(applied, list | tuple)
            and len(applied) == len(items)
            and all(_is_recorded(item, other, entries) for item, other in zip(items, applied, strict=True))
        )
    return bool(wanted == applied)
