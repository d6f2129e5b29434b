"""Which live objects another live object refers to, told by the references of the wanted resource."""

from collections.abc import Mapping

from flowctl.kinds.registry import KINDS
from flowctl.model.attribute_path import Path
from flowctl.model.resource import Reference, RemoteObject, Resource
from flowctl.model.values import walk


def live_references(resource: Resource, live: RemoteObject) -> list[tuple[Reference, str]]:
    """Each reference of a wanted resource with the value that stands there in its live object."""
    keyed_lists = KINDS[resource.kind].keyed_lists
    found = []
    for path, value in walk(resource.attributes):
        if isinstance(value, Reference):
            observed = _live_value(resource, live, path, keyed_lists)
            if observed is not None:
                found.append((value, str(observed)))
    return found


def _live_value(resource: Resource, live: RemoteObject, path: Path, keyed_lists: Mapping[Path, str]) -> object:
    """The live value where a reference stands; items of keyed lists are found by key, others by place."""
    wanted: object = resource.attributes
    observed: object = live.attributes
    for place, step in enumerate(path):
        if step.startswith("[") and isinstance(wanted, list):
            wanted = wanted[int(step[1:-1])]
            key = keyed_lists.get(path[:place])
            items = observed if isinstance(observed, list) else []
            if key is not None and isinstance(wanted, Mapping):
                name = wanted.get(key)
                observed = next((item for item in items if item.get(key) == name), None)
            else:
                index = int(step[1:-1])
                observed = items[index] if index < len(items) else None
        else:
            wanted = wanted.get(step) if isinstance(wanted, Mapping) else None
            observed = observed.get(step) if isinstance(observed, Mapping) else None
    return observed
