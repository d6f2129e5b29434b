"""Turn the errors of a JSON Schema validator into sentences.

`{"not": {"required": ["interval"]}}` below a `then` becomes "interval is not allowed with frequency once".
A rule that has no words of its own is named with its value.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from flowctl.model.json_value import JSON
from flowctl.validation.conditions import Circumstances, circumstances
from flowctl.validation.problem import SpecProblem
from flowctl.validation.wording import (
    LONGEST,
    SENSITIVE,
    all_of,
    label,
    nearest,
    one_of,
    repeated,
    rule_words,
    value_words,
)

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

Path = tuple[str | int, ...]


def sentences(
    schema: JSON, instance: JSON, errors: Iterable["ValidationError"], *, subject: str, secrets: frozenset[str]
) -> tuple[SpecProblem, ...]:
    """The problems that the errors of one validation amount to, in the order of their paths, none twice.

    A rule that applies only because of a value that is itself missing or wrong is left out, unless it is all there
    is. `subject` names the whole value; the values of `secrets` are never shown.
    """
    listed = list(errors)
    wrong = {tuple(error.absolute_path) for error in listed if error.validator in ("type", "enum", "const")}
    speaker = _Speaker(schema=schema, instance=instance, subject=subject, secrets=secrets)
    certain: dict[SpecProblem, None] = {}
    doubtful: dict[SpecProblem, None] = {}
    for error in listed:
        around = speaker.around(error)
        group = doubtful if around.undecided or wrong & set(around.deciding) else certain
        group.update(dict.fromkeys(speaker.say(error, around)))
    return tuple(sorted(certain or doubtful, key=lambda problem: [str(step) for step in problem.path]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Speaker:
    schema: JSON
    instance: JSON
    subject: str
    secrets: frozenset[str]

    def around(self, error: "ValidationError") -> Circumstances:
        return circumstances(self.schema, self.instance, error.absolute_schema_path)

    def say(self, error: "ValidationError", around: Circumstances) -> Iterator[SpecProblem]:
        path: Path = tuple(error.absolute_path)
        rule: JSON = error.validator
        value: JSON = error.validator_value
        instance: JSON = error.instance
        if rule == "required":
            yield from self._missing(path, [name for name in value if name not in instance], around)
        elif rule == "not" and isinstance(value, dict) and list(value) == ["required"]:
            yield self._unwanted(path, value["required"], instance, around)
        elif rule == "not" and value == {} and path:
            yield self._unwanted(path[:-1], [str(path[-1])], {path[-1]: instance}, around)
        elif rule in (None, "not"):  # without a rule: the schema `false`, whose errors lack the end of their path
            yield self._unwanted(path, [], instance, around)
        elif rule == "additionalProperties" and value is False:
            yield from self._unknown(path, error, around)
        elif rule in ("anyOf", "oneOf") and error.context:
            yield from self._alternatives(path, error, around)
        else:
            yield self._rule(path, str(rule), value, instance, around)

    def _missing(self, path: Path, names: Sequence[str], around: Circumstances) -> Iterator[SpecProblem]:
        present = self._at(path)
        for name in names:
            typo = nearest(name, (key for key in present if key not in around.known)) if present else None
            yield SpecProblem(
                path=path,
                message=f"{label((*path, name))} is required{self._with(around)}",
                expected=name,
                found="nothing",
                hint=f"rename {typo} to {name}" if typo else f"add {name}",
            )

    def _unwanted(self, path: Path, names: Sequence[str], instance: JSON, around: Circumstances) -> SpecProblem:
        places = [label((*path, name)) for name in names] or [label(path) or self.subject]
        together = " together" if len(places) > 1 else ""
        place = (*path, *names) if len(names) == 1 else path
        found = instance[names[0]] if len(names) == 1 else instance
        return SpecProblem(
            path=place,
            message=f"{all_of(places)} {'are' if together else 'is'} not allowed{together}{self._with(around)}",
            expected=f"no {one_of(places)}",
            found=self._value(place, found) if names or not self.secrets else SENSITIVE,
            hint=f"remove {one_of(places)}",
        )

    def _unknown(self, path: Path, error: "ValidationError", around: Circumstances) -> Iterator[SpecProblem]:
        known = sorted(error.schema.get("properties", {}) if isinstance(error.schema, dict) else {})
        instance: JSON = error.instance
        for name in instance:
            if name not in known:
                near = nearest(name, known)
                yield SpecProblem(
                    path=(*path, name),
                    message=f"{label((*path, name))} is not known{self._with(around)}",
                    expected=one_of(known) if known else "no keys",
                    found=name,
                    hint=f"did you mean {near}?" if near else f"remove {name}",
                )

    def _alternatives(self, path: Path, error: "ValidationError", around: Circumstances) -> Iterator[SpecProblem]:
        """Alternatives that each only ask for a key or a type are listed; else the branch that came furthest speaks."""
        instance: JSON = error.instance
        context = sorted(error.context or (), key=lambda child: int(child.relative_schema_path[0]))
        branches = [list(group) for _, group in groupby(context, key=lambda child: child.relative_schema_path[0])]
        rules = {child.validator for child in context if tuple(child.absolute_path) == path}
        here = len(rules) == 1 and all(tuple(child.absolute_path) == path for child in context)
        if here and rules == {"required"}:
            groups = [
                [name for name in _listed(branch[0].validator_value) if name not in instance] for branch in branches
            ]
            yield from self._missing_one(path, [all_of(names) for names in groups], around)
        elif here and rules == {"type"}:
            names = [name for child in context for name in _listed(child.validator_value)]
            yield self._rule(path, "type", names, instance, around)
        else:
            best = max(branches, key=lambda branch: (max(len(child.path) for child in branch), -len(branch)))
            for child in best:
                yield from self.say(child, self.around(child))

    def _missing_one(self, path: Path, names: Sequence[str], around: Circumstances) -> Iterator[SpecProblem]:
        present = self._at(path)
        unknown = [key for key in present if key not in around.known]
        typos = [(key, name) for name in names if (key := nearest(name, unknown))]
        yield SpecProblem(
            path=path,
            message=f"{one_of([label((*path, name)) for name in names])} is required{self._with(around)}",
            expected=one_of(names),
            found="nothing",
            hint=f"rename {typos[0][0]} to {typos[0][1]}" if typos else f"add {names[0]}",
        )

    def _rule(self, path: Path, rule: str, value: JSON, instance: JSON, around: Circumstances) -> SpecProblem:
        if rule == "uniqueItems" and (repeat := repeated(instance)) is not None:
            return self._repeat(path, *repeat, instance)
        place, found = label(path) or self.subject, self._value(path, instance)
        shown_value = "a sensitive value" if found == SENSITIVE else found
        asked = rule_words(rule, value)
        if asked is None:
            shown = json.dumps(value, default=str)
            shown = shown if len(shown) <= 2 * LONGEST else shown[: 2 * LONGEST] + "..."
            asked = f"{rule} {shown}"
            message = f"{place} does not satisfy the rule {asked}{self._with(around)} (found {shown_value})"
        else:
            message = f"{place} must be {asked}{self._with(around)} (found {shown_value})"
        return SpecProblem(
            path=path, message=message, expected=asked, found=found, hint=_rule_hint(rule, value, instance)
        )

    def _repeat(self, path: Path, first: int, again: int, instance: JSON) -> SpecProblem:
        place = label(path) or self.subject
        return SpecProblem(
            path=(*path, again),
            message=f"{place}[{again}] repeats {place}[{first}]",
            expected="a list without repeats",
            found=self._value(path, instance[again]),
            hint="remove one of them",
        )

    def _with(self, around: Circumstances) -> str:
        words = [f"{label(path)} {self._value(path, value)}" for path, value in around.deciding.items()]
        return f" with {all_of(words)}" if words else ""

    def _value(self, path: Path, value: JSON) -> str:
        return SENSITIVE if self.secrets.intersection(map(str, path)) else value_words(value)

    def _at(self, path: Path) -> list[str]:
        here = self.instance
        for step in path:
            here = here[step]
        return [str(key) for key in here] if isinstance(here, dict) else []


def _rule_hint(rule: str, value: JSON, instance: JSON) -> str:
    if rule == "enum" and isinstance(instance, str):
        near = nearest(instance, (name for name in value if isinstance(name, str)))
        return f"did you mean {near}?" if near else ""
    if rule != "type":
        return ""
    names = _listed(value)
    if isinstance(instance, str) and "string" not in names:
        bare = instance in ("true", "false") if "boolean" in names else instance.lstrip("-").isdecimal()
        return "write it without quotes" if bare else ""
    return "write it in quotes" if "string" in names and isinstance(instance, bool | int | float) else ""


def _listed(names: JSON) -> list[str]:
    return [names] if isinstance(names, str) else list(names)
