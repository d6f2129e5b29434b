"""What a schema does not accept in a document, in words: every problem, each at its path.

`jsonschema` finds the errors. Alternatives are told apart by type and by the keys that are there, so that a problem
inside one is named itself, and never "is not valid under any of the given schemas".
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from flowctl.model.json_value import JSON, JSONObject
from flowctl.validation.compile import TYPES, expression
from flowctl.validation.fault import Fault, Path, broken_rule
from flowctl.validation.wording import all_of, label, nearest, one_of

_MOST_NAMED = 20
"""Keys that are listed as found."""

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator


@cache
def _validator_class() -> Any:
    """The validator, with `$` in patterns as in JSON Schema. Imported only where something is wrong: it is slow."""
    from jsonschema import Draft202012Validator, validators
    from jsonschema.exceptions import ValidationError

    def pattern(_validator: object, wanted: str, instance: object, _schema: object) -> Iterator[ValidationError]:
        if isinstance(instance, str) and expression(wanted).search(instance) is None:
            yield ValidationError(f"{instance!r} does not match {wanted!r}")

    return validators.extend(Draft202012Validator, {"pattern": pattern})  # type: ignore[no-untyped-call]


def faults(schema: JSONObject, value: JSON) -> Iterator[Fault]:
    """Every problem of a value."""
    validator: Validator = _validator_class()(schema)
    yield from _told(validator.iter_errors(value))


def _told(errors: Iterable["ValidationError"], base: Path = ()) -> Iterator[Fault]:
    for error in errors:
        path = (*base, *error.path)
        rule, asked, found, schema = _parts(error)
        if rule == "required":
            yield from _missing(path, error, schema)
        elif rule == "additionalProperties":
            yield from _unknown_keys(path, list(found), sorted(schema.get("properties", {})))
        elif rule in ("oneOf", "anyOf"):
            yield from _alternatives(path, rule, list(asked), error)
        elif rule in ("minProperties", "maxProperties"):
            yield from _number_of_keys(path, schema, found)
        elif "propertyNames" in error.relative_schema_path:
            yield _bad_name(path, str(found), str(asked))
        else:
            yield broken_rule(path, rule, asked, found)


def _parts(error: "ValidationError") -> tuple[str, JSON, JSON, JSON]:
    return str(error.validator), error.validator_value, error.instance, error.schema


def _missing(path: Path, error: "ValidationError", schema: JSON) -> Iterator[Fault]:
    known = schema.get("properties", {})
    _, required, found, _ = _parts(error)
    present = list(found)
    # jsonschema yields one error for each missing key, and names it only in its message.
    name = next(name for name in required if error.message.startswith(repr(name)))
    typo = nearest(name, [key for key in present if key not in known]) if known else None
    yield Fault(
        code="missing-key",
        path=path,
        what=f"{label((*path, name))} is missing",
        expected=f"the key {name}",
        found=all_of(present[:_MOST_NAMED]) if present else "no keys",
        hint=f"Rename {typo} to {name}." if typo else f"Add {name}{_choice(known.get(name))}.",
        at_key=True,
    )


def _choice(member: JSON) -> str:
    """The values to choose from, where a key takes only some."""
    values = member.get("enum") or ([member["const"]] if "const" in member else []) if isinstance(member, dict) else []
    return f": {one_of([str(value) for value in values])}" if values else ""


def _unknown_keys(path: Path, present: Sequence[str], known: Sequence[str]) -> Iterator[Fault]:
    written = set(present)
    absent = [key for key in known if key not in written]
    for name in present:
        if name in known:
            continue
        near = nearest(name, absent) or nearest(name, known)
        yield Fault(
            code="unknown-key",
            path=(*path, name),
            what=f"{label((*path, name))} is not a known key",
            expected=one_of(known),
            found=name,
            hint=f"Did you mean {near}?" if near else "Remove it.",
            at_key=True,
        )


def _number_of_keys(path: Path, schema: JSON, found: JSON) -> Iterator[Fault]:
    known = sorted(schema.get("properties", {}))
    present = [key for key in found if key in known]
    if len(found) > 1 and len(present) < 2:
        return  # the unknown key is named by its own rule
    if found and not present:
        return
    yield Fault(
        code="conflicting-keys" if found else "missing-key",
        path=path,
        what=f"{label(path)} takes one of {one_of(known)}",
        expected=f"exactly one of {one_of(known)}",
        found=all_of(present[:_MOST_NAMED]) if present else "no keys",
        hint="Keep one of them." if found else f"Add {one_of(known)}.",
        at_key=True,
    )


def _alternatives(path: Path, rule: str, branches: Sequence[JSON], error: "ValidationError") -> Iterator[Fault]:
    found = error.instance
    if all(set(branch) == {"required"} for branch in branches):
        yield from _one_required(path, rule, [branch["required"][0] for branch in branches], found)
        return
    fitting = [index for index, branch in enumerate(branches) if _fits(branch, found)]
    if not fitting:
        yield broken_rule(path, "type", [branch["type"] for branch in branches if "type" in branch], found)
        return
    best = max(fitting, key=lambda index: _likeness(branches[index], found))
    for child in error.context or ():
        if child.relative_schema_path[0] == best:
            yield from _told([child], path)


def _one_required(path: Path, rule: str, names: Sequence[str], found: JSON) -> Iterator[Fault]:
    if not isinstance(found, dict):
        return
    present = [name for name in names if name in found]
    where = f"{label(path)} takes" if path else "The document takes"
    exactly = "exactly" if rule == "oneOf" else "at least"
    typo = next((key for name in names if (key := nearest(name, [k for k in found if k not in names]))), None)
    yield Fault(
        code="conflicting-keys" if present else "missing-key",
        path=(*path, present[1]) if present else path,
        what=f"{where} {exactly} one of {one_of(names)}",
        expected=f"{exactly} one of {one_of(names)}",
        found=all_of(present) if present else "neither",
        hint="Keep one of them." if present else f"Rename {typo}." if typo else f"Add {one_of(names)}.",
        at_key=True,
    )


def _fits(branch: JSON, found: JSON) -> bool:
    wanted = branch.get("type")
    names = [wanted] if isinstance(wanted, str) else wanted or list(TYPES)
    return any(TYPES[name](found) for name in names)


def _likeness(branch: JSON, found: JSON) -> tuple[int, int, int]:
    """How far a mapping looks like an alternative: by known keys, then by mistyped ones, then by what it misses."""
    if not isinstance(found, dict):
        return (0, 0, 0)
    known = branch.get("properties", {})
    near = sum(nearest(key, known) is not None for key in found)
    return (sum(key in known for key in found), near, len(known))


def _bad_name(path: Path, name: str, pattern: str) -> Fault:
    return Fault(
        code="invalid-name",
        path=(*path, name),
        what=f'"{name}" is not a valid name',
        expected=f"a name that matches {pattern}",
        found=name,
        hint="Rename it.",
        at_key=True,
    )
