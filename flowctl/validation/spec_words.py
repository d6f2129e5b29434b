"""What a platform's spec does not accept in a value, in sentences.

`{"not": {"required": ["interval"]}}` below a `then` becomes `` `interval` is not allowed with `frequency` "once" ``.
A rule without words of its own is shown with its value.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowctl.model.json_value import JSON
from flowctl.model.resource import SENSITIVE
from flowctl.validation.breaches import Branch, Breach, Reader, listed
from flowctl.validation.conditions import Circumstances
from flowctl.validation.problem import Path, Problem
from flowctl.validation.wording import (
    LONGEST,
    all_of,
    code,
    codes,
    did_you_mean,
    key,
    literal,
    nearest,
    one_of,
    rule_action,
    rule_words,
    type_words,
    value_words,
    written_path,
)

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError


def spec_problems(
    schema: JSON, instance: JSON, errors: Iterable["ValidationError"], *, subject: str, secrets: frozenset[str]
) -> tuple[Problem, ...]:
    """The problems that the errors of one validation amount to, in the order of their paths, none twice.

    A rule that applies only because of a value that is itself missing or wrong is left out, unless it is all there
    is. `subject` names the whole value; the values of `secrets` are never shown.
    """
    found = list(errors)
    wrong = {tuple(error.absolute_path) for error in found if error.validator in ("type", "enum", "const")}
    reader = Reader(schema=schema, instance=instance, closest=_furthest)
    writer = _Writer(instance=instance, subject=subject, secrets=secrets)
    certain: dict[Problem, None] = {}
    doubtful: dict[Problem, None] = {}
    for error in found:
        around = reader.around(error)
        group = doubtful if around.undecided or wrong & set(around.deciding) else certain
        group.update(dict.fromkeys(problem for breach in reader.read([error]) for problem in writer.write(breach)))
    return tuple(sorted(certain or doubtful, key=lambda problem: [str(step) for step in problem.path]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    instance: JSON
    subject: str
    secrets: frozenset[str]

    def write(self, breach: Breach) -> Iterator[Problem]:
        match breach.how:
            case "missing":
                yield self._missing(breach)
            case "alternatives":
                yield self._missing_one(breach)
            case "unwanted":
                yield self._unwanted(breach)
            case "unknown":
                yield from self._unknown(breach)
            case "repeat":
                yield self._repeat(breach)
            case _:
                yield self._value(breach)

    def _missing(self, breach: Breach) -> Problem:
        (name,), path = breach.names, breach.path
        typo = nearest(name, self._unknown_keys(breach))
        return Problem(
            path=path,
            message=f"missing required key {key(*path, name)}{self._with(breach.around)}",
            hint=f"Rename {code(typo)} to {code(name)}." if typo else f"Add {code(name)}.",
            at_key=True,
        )

    def _missing_one(self, breach: Breach) -> Problem:
        path, names, unknown = breach.path, breach.names, self._unknown_keys(breach)
        typos = [(near, name) for name in names if (near := nearest(name, unknown))]
        return Problem(
            path=path,
            message=f"missing required key {one_of([key(*path, name) for name in names])}{self._with(breach.around)}",
            hint=f"Rename {code(typos[0][0])} to {code(typos[0][1])}." if typos else f"Add {one_of(codes(names))}.",
            at_key=True,
        )

    def _unwanted(self, breach: Breach) -> Problem:
        path, names, instance = breach.path, breach.names, breach.found
        places = [key(*path, name) for name in names] or [key(*path) if path else self.subject]
        together = " together" if len(places) > 1 else ""
        place = (*path, *names) if len(names) == 1 else path
        found = instance[names[0]] if len(names) == 1 else instance
        verb = "are" if together else "is"
        return Problem(
            path=place,
            message=f"{all_of(places)} {verb} not allowed{together}{self._with(breach.around)}",
            found=self._shown(place, found) if names or not self.secrets else SENSITIVE,
            hint=f"Remove {one_of(places)}.",
        )

    def _unknown(self, breach: Breach) -> Iterator[Problem]:
        for name in breach.names:
            near = nearest(name, breach.known)
            yield Problem(
                path=(*breach.path, name),
                message=f"unknown key {key(*breach.path, name)}{self._with(breach.around)}",
                expected="" if near else one_of(codes(breach.known)) if breach.known else "no keys",
                hint=did_you_mean(near, f"Remove {code(name)}."),
                at_key=True,
            )

    def _repeat(self, breach: Breach) -> Problem:
        first, again = breach.repeat
        place = written_path(breach.path) or self.subject
        return Problem(
            path=(*breach.path, again),
            message=f"{code(f'{place}[{again}]')} repeats {code(f'{place}[{first}]')}",
            found=self._shown(breach.path, breach.found[again]),
            hint="Remove one of them.",
        )

    def _value(self, breach: Breach) -> Problem:
        place = key(*breach.path) if breach.path else self.subject
        asked = rule_words(breach.rule, breach.asked)
        must = f"must be {asked}"
        if asked is None:
            must = f"does not satisfy the rule {code(f'{breach.rule} {_cut(json.dumps(breach.asked, default=str))}')}"
        return Problem(
            path=breach.path,
            message=f"{place} {must}{self._with(breach.around)}",
            found=self._shown(breach.path, breach.found),
            hint=_value_hint(breach.rule, breach.asked, breach.found),
        )

    def _with(self, around: Circumstances) -> str:
        words = [f"{key(*path)} {self._shown(path, value)}" for path, value in around.deciding.items()]
        return f" with {all_of(words)}" if words else ""

    def _shown(self, path: Path, value: JSON) -> str:
        return SENSITIVE if self.secrets.intersection(map(str, path)) else value_words(value)

    def _unknown_keys(self, breach: Breach) -> list[str]:
        """The keys beside a missing one that no schema on the way names: it may be one of them, mistyped."""
        here = self.instance
        for step in breach.path:
            here = here[step]
        keys = [str(key) for key in here] if isinstance(here, dict) else []
        return [key for key in keys if key not in breach.around.known]


def _furthest(branches: dict[int, Branch], _error: "ValidationError") -> Branch:
    """The errors of the alternative that came furthest."""
    return max(branches.values(), key=lambda errors: (max(len(error.path) for error in errors), -len(errors)))


def _cut(text: str) -> str:
    return text if len(text) <= 2 * LONGEST else text[: 2 * LONGEST] + "..."


def _value_hint(rule: str, asked: JSON, found: JSON) -> str:
    """What to do about a value that breaks a rule."""
    if rule == "enum":
        near = nearest(found, (name for name in asked if isinstance(name, str))) if isinstance(found, str) else None
        return did_you_mean(near, "Write one of these values.")
    if rule == "const":
        return f"Write {literal(asked)}."
    names: Sequence[str] = listed(asked) if rule == "type" else ()
    if names and isinstance(found, str) and "string" not in names:
        bare = found in ("true", "false") if "boolean" in names else found.lstrip("-").isdecimal()
        return "Write it without quotes." if bare else f"Write {type_words(asked)}."
    if "string" in names and isinstance(found, bool | int | float):
        return "Write it in quotes."
    return f"Write {type_words(asked)}." if names else rule_action(rule, asked)
