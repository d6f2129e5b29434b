"""The rules of a JSON Schema that a value breaks, one by one, from the errors that `jsonschema` finds.

Alternatives are told apart, so that a problem inside one is named itself, and never "is not valid under any of the
given schemas".
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from flowctl.model.json_value import JSON, JSONObject
from flowctl.validation.conditions import Circumstances, circumstances
from flowctl.validation.problem import Path
from flowctl.validation.wording import all_of, repeated

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

How = Literal["missing", "alternatives", "conflicting", "unwanted", "unknown", "count", "name", "repeat", "value"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One broken rule.

    `path` leads to the value that the rule is about, `found` is that value, `rule` and `asked` are the rule's keyword
    and its value, and `schema` is the schema that holds it. `names` are the keys that are missing, unwanted or
    unknown; of "alternatives" and "conflicting" they are the keys to choose from.
    """

    how: How
    path: Path
    rule: str
    asked: JSON
    found: JSON
    schema: JSONObject
    around: Circumstances
    names: tuple[str, ...] = ()

    @property
    def known(self) -> list[str]:
        """The keys that the schema names at this place."""
        return sorted(self.schema.get("properties", {}))

    @property
    def repeat(self) -> tuple[int, int]:
        """The places of an item that is in a list twice."""
        return repeated(self.found) or (0, 0)


Branch = Sequence["ValidationError"]
"""The errors of one alternative."""
Closest = Callable[[dict[int, Branch], "ValidationError"], Branch]
"""Which alternative a value is measured by, where it fits none: those with errors, by index, and the error of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What the errors of one validation say. `closest` chooses among alternatives."""

    schema: JSONObject
    instance: JSON
    closest: Closest

    def read(self, errors: Iterable["ValidationError"]) -> Iterator[Breach]:
        """Every broken rule, in the order of the errors."""
        for error in errors:
            yield from self._of(error)

    def around(self, error: "ValidationError") -> Circumstances:
        """How the rule of an error was reached."""
        return circumstances(self.schema, self.instance, error.absolute_schema_path)

    def _of(self, error: "ValidationError") -> Iterator[Breach]:
        path = tuple(error.absolute_path)
        asked: JSON = error.validator_value
        found: JSON = error.instance
        breach = Breach(
            how="value",
            path=path,
            rule=str(error.validator),
            asked=asked,
            found=found,
            schema=error.schema if isinstance(error.schema, dict) else {},
            around=self.around(error),
        )
        match error.validator:
            case "required":
                # jsonschema yields one error for each missing key, and names it only in its message.
                name = next(name for name in asked if error.message.startswith(repr(name)))
                yield replace(breach, how="missing", names=(name,))
            case "additionalProperties" if asked is False:
                known = breach.schema.get("properties", {})
                yield replace(breach, how="unknown", names=tuple(name for name in found if name not in known))
            case "not" if isinstance(asked, dict) and list(asked) == ["required"]:
                yield replace(breach, how="unwanted", names=tuple(asked["required"]))
            case "not" if asked == {} and path:
                name = str(path[-1])
                yield replace(breach, how="unwanted", path=path[:-1], found={path[-1]: found}, names=(name,))
            case None | "not":  # without a rule: the schema `false`, whose errors lack the end of their path
                yield replace(breach, how="unwanted")
            case "anyOf" | "oneOf":
                yield from self._alternatives(breach, error)
            case "minProperties" | "maxProperties":
                yield replace(breach, how="count")
            case "uniqueItems" if repeated(found) is not None:
                yield replace(breach, how="repeat")
            case _:
                is_name = "propertyNames" in error.relative_schema_path
                yield replace(breach, how="name") if is_name else breach

    def _alternatives(self, breach: Breach, error: "ValidationError") -> Iterator[Breach]:
        """Alternatives that each only ask for a key or a type are listed; else the closest one's errors count."""
        context = sorted(error.context or (), key=_index)
        branches: dict[int, Branch] = {index: list(group) for index, group in groupby(context, key=_index)}
        rules = {child.validator for child in context if tuple(child.absolute_path) == breach.path}
        only_here = len(rules) == 1 and all(tuple(child.absolute_path) == breach.path for child in context)
        if all(isinstance(branch, dict) and set(branch) == {"required"} for branch in breach.asked) and not context:
            names = [name for branch in breach.asked for name in branch["required"][:1]]
            yield replace(breach, how="conflicting", names=tuple(names))
        elif not context:
            yield breach
        elif only_here and rules == {"required"}:
            missing = [
                [name for name in listed(errors[0].validator_value) if name not in breach.found]
                for errors in branches.values()
            ]
            yield replace(breach, how="alternatives", names=tuple(map(all_of, missing)))
        elif only_here and rules == {"type"}:
            names = [name for child in context for name in listed(child.validator_value)]
            yield replace(breach, rule="type", asked=names)
        else:
            yield from self.read(self.closest(branches, error))


def _index(error: "ValidationError") -> int:
    return int(error.relative_schema_path[0])


def listed(names: JSON) -> list[str]:
    """The names of a rule that takes one or several."""
    return [names] if isinstance(names, str) else list(names)
