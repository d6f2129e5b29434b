"""Binding: which live objects the manifests of the workspace describe already."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flowctl.engine.plan import diff
from flowctl.engine.resolve import live_references
from flowctl.kinds.kind import Use
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.resource import Lookup, Reference, Resource
from flowctl.model.values import transform, walk
from flowctl.operations.importing.obstacles import own_parts
from flowctl.operations.importing.sandbox import Part, Sandbox


@dataclass(slots=True)
class Bindings:
    """Which address stands for which live object, both ways.

    `differing` says where an object differs from the manifest that has its title; `several` are the addresses of all
    manifests that describe an object, where these are more than one.
    """

    parts: dict[Address, Part] = field(default_factory=dict)
    addresses: dict[Use, Address] = field(default_factory=dict)
    differing: dict[Use, tuple[Address, str]] = field(default_factory=dict)
    several: dict[Use, tuple[Address, ...]] = field(default_factory=dict)

    def add(self, parts: Mapping[Address, Part]) -> None:
        """Bind some addresses."""
        self.parts |= parts
        self.addresses |= {part.key: address for address, part in parts.items()}


def bindings(
    desired: Mapping[Address, Resource], recorded: Mapping[Address, str], sandbox: Sandbox, flows: Sequence[Part]
) -> Bindings:
    """Compare the resources that are not recorded yet with live objects; `recorded` are the IDs of all others.

    A pipeline is compared with all that it stands on. What several pipelines may share is compared alone as well.
    """
    found = Bindings()
    pipelines = [
        resource for address, resource in desired.items() if address not in recorded and KINDS[address.kind].is_pipeline
    ]
    by_title: dict[object, list[Part]] = {}
    for flow in flows:
        by_title.setdefault(flow.title, []).append(flow)
    for resource in pipelines:
        label = KINDS[resource.kind].label
        _bind_pipeline(resource, by_title.get(resource.attributes[label], ()), desired, recorded, sandbox, found)
    bound = {part.use for part in found.parts.values()}
    used = {use for flow in flows for use in _shared_below(flow, sandbox)}
    for use in sorted(used - bound, key=lambda use: (use.kind, sandbox.parts[use].age)):
        _bind_alone(sandbox.parts[use], desired, recorded, sandbox, found)
    bound = {part.use for part in found.parts.values()}
    found.differing = {
        use: (address, why)
        for use, (address, why) in found.differing.items()
        if address not in found.parts and use not in bound
    }
    return found


def _shared_below(flow: Part, sandbox: Sandbox) -> Iterator[Use]:
    own = {part.use for part in own_parts(flow, sandbox)}
    yield from (part.use for part in sandbox.stands_on(flow) if part.use not in own)


def _bind_pipeline(
    resource: Resource,
    candidates: Sequence[Part],
    desired: Mapping[Address, Resource],
    recorded: Mapping[Address, str],
    sandbox: Sandbox,
    found: Bindings,
) -> None:
    for flow in candidates:
        if flow.key in found.addresses:
            continue
        trial = _Trial(desired, recorded, sandbox, found)
        why = trial.differs(resource.address, flow)
        if why is None:
            found.add(trial.parts)
            return
        found.differing.setdefault(flow.use, (resource.address, why))


def _bind_alone(
    part: Part,
    desired: Mapping[Address, Resource],
    recorded: Mapping[Address, str],
    sandbox: Sandbox,
    found: Bindings,
) -> None:
    """Bind an object to the one resource that describes it, if there is just one."""
    if part.key in found.addresses:
        return
    equal: dict[Address, _Trial] = {}
    for address, resource in desired.items():
        if address.kind == part.kind.name and address not in recorded and address not in found.parts:
            trial = _Trial(desired, recorded, sandbox, found)
            why = trial.differs(address, part)
            if why is None:
                equal[address] = trial
            elif part.kind.told_by_title and part.title and part.title == resource.attributes.get(part.kind.label):
                found.differing.setdefault(part.use, (address, why))
    if len(equal) == 1:
        found.add(next(iter(equal.values())).parts)
    elif equal:
        found.several[part.use] = tuple(sorted(equal))


class _Trial:
    """The try to bind one resource, and all that it refers to, to a live object and all that this one uses."""

    def __init__(
        self,
        desired: Mapping[Address, Resource],
        recorded: Mapping[Address, str],
        sandbox: Sandbox,
        found: Bindings,
    ) -> None:
        self.parts: dict[Address, Part] = {}
        self._desired = desired
        self._recorded = recorded
        self._sandbox = sandbox
        self._known = found.parts
        self._addresses = found.addresses

    def differs(self, address: Address, part: Part) -> str | None:
        """Where a resource differs from a live object, or what it stands on does; None if they are equal."""
        if address in self._recorded:
            return None if self._recorded[address] == part.live.id else f"`{address}` is another object"
        known = self.parts.get(address) or self._known.get(address)
        owner = self._addresses.get(part.key)
        if known is not None or owner is not None:
            is_same = known is not None and known.live.id == part.live.id and known.use.version == part.use.version
            return None if is_same else f"`{address}` is another object"
        resource = self._desired[address]
        self.parts[address] = part
        below = {use.id: self._sandbox.parts[use] for use in self._sandbox.below(part)}
        placed = live_references(resource, part.live, part.kind.keyed_lists)
        for reference, value in (*placed, *self._named_by_title(resource, placed, below.values())):
            if reference.output == "id" and value in below:
                why = self.differs(reference.address, below[value])
                if why is not None:
                    return why
        return self._first_difference(resource, part)

    def _named_by_title(
        self, resource: Resource, placed: Sequence[tuple[Reference, str]], below: Iterable[Part]
    ) -> Iterator[tuple[Reference, str]]:
        """The references of lists in any order, with the IDs of the objects that have the titles of theirs."""
        titles = {(part.kind.name, part.title): part.live.id for part in below if part.kind.told_by_title}
        known = {reference for reference, _ in placed}
        for _, value in walk(resource.attributes):
            if isinstance(value, Reference) and value not in known and value.address in self._desired:
                wanted = self._desired[value.address]
                found = titles.get((wanted.kind, str(wanted.attributes.get(KINDS[wanted.kind].label))))
                if found is not None:
                    yield value, found

    def _first_difference(self, resource: Resource, part: Part) -> str | None:
        found = diff.changes(
            desired=transform(resource.attributes, self._resolved),
            observed=part.live.attributes,
            applied={},
            keyed_lists=part.kind.keyed_lists,
            forms=part.kind.forms,
            secret_changed=lambda _path, _secret: False,
        )
        return f"`{resource.address}` differs in `{found[0].path}`" if found else None

    def _resolved(self, gap: object) -> object:
        if isinstance(gap, Reference):
            if gap.address in self._recorded and gap.output == "id":
                return self._recorded[gap.address]
            part = self.parts.get(gap.address) or self._known.get(gap.address)
            return self._output(part, gap.output) if part is not None else None
        if isinstance(gap, Lookup):
            return looked_up(gap, self._sandbox)
        return gap

    @staticmethod
    def _output(part: Part, output: str) -> str | None:
        return part.live.id if output == "id" else part.live.outputs.get(output)


def looked_up(lookup: Lookup, sandbox: Sandbox) -> str | None:
    """What a look-up stands for among the objects that were read; None if none or several are meant."""
    found = [
        part
        for part in sandbox.parts.values()
        if part.kind.name == lookup.kind and lookup.value == (part.live.id if lookup.by == "id" else part.title)
    ]
    if len(found) != 1:
        return None
    return found[0].live.id if lookup.output == "id" else found[0].live.outputs.get(lookup.output)
