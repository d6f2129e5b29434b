"""Which `if` of a JSON Schema decided that a rule applies: the words "with frequency once"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flowctl.model.json_value import JSON
from flowctl.validation.problem import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """How a rule was reached.

    `deciding` holds, for each property that an `if` on the way looks at, its path and its value; `undecided` says
    that such a property is missing, so that the `if` held only for want of it. `known` are the properties that the
    schemas on the way name for the place of the rule.
    """

    deciding: Mapping[Path, JSON]
    undecided: bool
    known: frozenset[str]


def circumstances(schema: JSON, instance: JSON, schema_path: Iterable[str | int]) -> Circumstances:
    """Walk from the root of a schema along `schema_path`, the value beside it.

    The walk ends early where it cannot follow (a `$ref`, an index that is not in the schema): what was seen counts.
    """
    node: JSON = schema
    here: JSON = instance
    path: Path = ()
    deciding: dict[Path, JSON] = {}
    undecided = False
    known: set[str] = set()
    steps = iter(schema_path)
    for step in steps:
        if not isinstance(node, Mapping | list):
            break
        if isinstance(node, Mapping):
            known.update(_properties(node))
            if step in ("then", "else"):
                for name in _properties(node.get("if")):
                    undecided = undecided or not (isinstance(here, Mapping) and name in here)
                    if not undecided:
                        deciding[(*path, name)] = here[name]
            if step == "properties":
                name = str(next(steps, ""))
                node = node.get("properties", {}).get(name)
                here = here.get(name) if isinstance(here, Mapping) else None
                path, known = (*path, name), set()
                continue
            if step in ("items", "additionalProperties", "patternProperties"):
                here, known = None, set()
        container: JSON = node
        try:
            node = container[step]
        except (KeyError, IndexError, TypeError):
            break
    return Circumstances(deciding=deciding, undecided=undecided, known=frozenset(known))


def _properties(node: JSON) -> Iterable[str]:
    properties = node.get("properties") if isinstance(node, Mapping) else None
    return properties.keys() if isinstance(properties, Mapping) else ()
