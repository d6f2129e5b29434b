"""Which parameters of a connection are secrets; they leave this package only as Sensitive."""

import re
from collections.abc import Iterator, Mapping

from yaml.nodes import Node, ScalarNode

from flowctl.manifest.positions import node_at
from flowctl.manifest.substitute import Expanded
from flowctl.model.json_value import JSON
from flowctl.model.resource import Sensitive
from flowctl.specs.catalogue import Connector, connector, connector_by_spec_id

PARAMS = ("auth", "params")
_SOUNDS_SECRET = re.compile(
    r"secret|passw|pwd|pass.?phrase|token|private.?key|access.?key|sas|credential|connection.?string", re.I
)


def connector_of(content: Mapping[str, JSON]) -> Connector | None:
    """The catalogue's connector of a Connection document, by its name or by its connection spec id."""
    name, spec = content.get("connector"), content.get("connectionSpec")
    if isinstance(name, str):
        return connector(name)
    spec_id = spec.get("id") if isinstance(spec, Mapping) else None
    return connector_by_spec_id(spec_id) if isinstance(spec_id, str) else None


def secret_params(content: Mapping[str, JSON], root: Node, expanded: Mapping[int, Expanded]) -> Iterator[str]:
    """The names of the secret parameters of a Connection document.

    The catalogue decides where it knows the parameter. Where it does not, what comes from the environment or sounds
    like a secret is one.
    """
    auth = content.get("auth")
    params = auth.get("params") if isinstance(auth, Mapping) else None
    if not isinstance(params, Mapping):
        return
    spec_name = str(auth.get("specName", "")) if isinstance(auth, Mapping) else ""
    known = connector_of(content)
    for param in params:
        if known is not None and known.is_secret(spec_name, param):
            yield param
        elif not _is_described(known, param):
            found = expanded.get(id(node_at(root, (*PARAMS, param))))
            if (found is not None and found.environment) or _SOUNDS_SECRET.search(param):
                yield param


def sensitive(node: Node | None, expanded: Mapping[int, Expanded]) -> Sensitive | None:
    """A secret as a value, from its node; None where it is not a scalar. Digits keep their leading zeros."""
    if not isinstance(node, ScalarNode):
        return None
    found = expanded.get(id(node))
    if found is None:
        return Sensitive(node.value)
    variable = next(iter((*found.unset, *found.environment)), "")
    return Sensitive(None if found.unset else str(found.value), variable)


def _is_described(known: Connector | None, param: str) -> bool:
    return known is not None and any(param in spec.schema.get("properties", {}) for spec in known.auth_specs)
