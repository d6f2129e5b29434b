"""The rules of change of schemas as data: what Schema Registry allows before and after a dataset uses a field.

Rules: Adobe's documents of XDM, schema composition, section on evolution. The emulator has rules of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from flowctl.model.attribute_path import Path
from flowctl.model.change import AttributeChange, Change
from flowctl.model.field_path import holders_of
from flowctl.model.json_value import JSON, JSONObject


class Verdict(StrEnum):
    """What becomes of a change."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    IRREVERSIBLE = "irreversible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: a change in words, the verdict before and after a dataset exists, and the way out as a sentence."""

    name: str
    change: str
    before: Verdict = Verdict.ALLOWED
    after: Verdict
    cure: str = ""

    @property
    def named(self) -> str:
        """The rule as messages name it."""
        return f"Rule {self.name}: {self.change[:1].lower()}{self.change[1:]}."


_ALLOWED, _REFUSED, _IRREVERSIBLE = Verdict.ALLOWED, Verdict.REFUSED, Verdict.IRREVERSIBLE
_DEPRECATE: Final = "Keep the field and set `deprecated: true`, or add a field with another name."
RULES: Final[tuple[Rule, ...]] = (
    Rule(name="field-added", change="A field is added, required or not", after=_ALLOWED),
    Rule(name="field-removed", change="A field is removed, renamed or moved", after=_REFUSED, cure=_DEPRECATE),
    Rule(
        name="field-retyped",
        change="A field gets another type, another format or another data type",
        after=_REFUSED,
        cure="Restore the type, deprecate the field, and add a field with another name.",
    ),
    Rule(
        name="values-narrowed",
        change="Values are taken from an enum, or a field gets one",
        after=_REFUSED,
        cure="Restore the enum as it was, or add a field with another name.",
    ),
    Rule(name="values-widened", change="Values are added to an enum, or it is removed", after=_ALLOWED),
    Rule(
        name="limits-narrowed",
        change="A pattern is added or changed, or a minimum, maximum or length is tightened",
        after=_REFUSED,
        cure="Restore the limit, or add a field with another name.",
    ),
    Rule(name="limits-widened", change="A limit is loosened or removed", after=_ALLOWED),
    Rule(
        name="field-required",
        change="A field that exists becomes required",
        after=_REFUSED,
        cure="Remove `required`, or add a field with another name that is required.",
    ),
    Rule(name="field-optional", change="A required field becomes optional", after=_ALLOWED),
    Rule(
        name="words-changed", change="A title, description, label, default or suggested value changes", after=_ALLOWED
    ),
    Rule(name="field-deprecated", change="A field is deprecated", after=_ALLOWED),
    Rule(name="group-added", change="A field group is added to a schema", after=_ALLOWED),
    Rule(
        name="group-removed",
        change="A field group is removed from a schema",
        after=_REFUSED,
        cure="Restore the field group. To do without it, declare another schema and another dataset.",
    ),
    Rule(
        name="identity-changed",
        change="The primary identity of a schema in Profile changes or is removed",
        before=_REFUSED,
        after=_REFUSED,
        cure="Restore the identity. To identify records otherwise, declare another schema and another dataset.",
    ),
    Rule(
        name="profile-enabled",
        change="A schema is enabled for Profile",
        before=_IRREVERSIBLE,
        after=_IRREVERSIBLE,
        cure="Run `apply` with `--allow-irreversible`.",
    ),
    Rule(
        name="profile-disabled",
        change="A schema in Profile is disabled",
        before=_REFUSED,
        after=_REFUSED,
        cure="Keep `profile: true`, or declare another schema.",
    ),
    Rule(
        name="namespace-changed",
        change="The code or the identity type of a namespace changes",
        before=_REFUSED,
        after=_REFUSED,
        cure="Declare another namespace.",
    ),
)
BY_NAME: Final[Mapping[str, Rule]] = {rule.name: rule for rule in RULES}
_LEAST: Final = ("minimum", "minLength", "minItems")
_MOST: Final = ("maximum", "maxLength", "maxItems")
_WORDS: Final = frozenset({"title", "description", "default", "labels", "suggested"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change of a schema part: its rule, the place of the attribute, and the path of the field or the part."""

    rule: Rule
    steps: Path
    what: str


def steps_of(change: Change) -> Iterator[Step]:
    """The changes of fields and field groups that an update makes, each with its rule.

    What becomes of a field that is removed or gets another type covers what lies in it.
    """
    gone = {attribute.steps[1] for attribute in change.attributes if _is_removed(attribute)}
    retyped = {attribute.steps[1] for attribute in change.attributes if _is_retyped(attribute)}
    seen: set[tuple[str, str]] = set()
    for attribute in change.attributes:
        if attribute.steps[0] == "fieldGroups":
            yield from _groups(change)
        if attribute.steps[0] != "fields" or len(attribute.steps) < 2:
            continue
        path = attribute.steps[1][1:-1]
        covering = {f"[{above}]" for above in holders_of(path)}
        if covering & retyped or (_is_removed(attribute) and covering & gone):
            continue
        if attribute.steps[1] in retyped and not _is_retyped(attribute):
            continue
        name = _rule_of(attribute, change, path)
        if (name, path) not in seen:
            seen.add((name, path))
            yield Step(rule=BY_NAME[name], steps=attribute.steps, what=path)


def _is_removed(attribute: AttributeChange) -> bool:
    return attribute.steps[0] == "fields" and len(attribute.steps) == 2 and attribute.after is None


def _is_retyped(attribute: AttributeChange) -> bool:
    return attribute.steps[0] == "fields" and attribute.steps[2:] in (("type",), ("ref",))


def _groups(change: Change) -> Iterator[Step]:
    """One step for each field group that a schema loses."""
    wanted, live = change.desired.get("fieldGroups") or (), (change.observed or {}).get("fieldGroups") or ()
    for group in live:
        if group not in wanted:
            yield Step(rule=BY_NAME["group-removed"], steps=("fieldGroups",), what=str(group))


def _rule_of(attribute: AttributeChange, change: Change, path: str) -> str:
    if len(attribute.steps) == 2:
        return "field-removed" if attribute.after is None else "field-added"
    member = attribute.steps[2]
    if member in ("type", "ref", "format"):
        return "field-retyped"
    if member == "required":
        return "field-required" if attribute.after is True else "field-optional"
    if member == "deprecated":
        return "field-deprecated"
    if member in _WORDS:
        return "words-changed"
    before, after = (_entry(part, path) for part in (change.observed, change.desired))
    if member == "enum":
        return "values-narrowed" if _loses(before.get("enum"), after.get("enum")) else "values-widened"
    return "limits-narrowed" if _tightens(member, before.get(member), after.get(member)) else "limits-widened"


def _entry(attributes: JSONObject | None, path: str) -> Mapping[str, Any]:
    fields: Sequence[Mapping[str, Any]] = (attributes or {}).get("fields") or ()
    return next((entry for entry in fields if entry.get("path") == path), {})


def _loses(before: JSON, after: JSON) -> bool:
    """Whether an enum is new, or lacks a value that it had."""
    if not isinstance(after, list):
        return False
    return not isinstance(before, list) or any(value not in after for value in before)


def _tightens(member: str, before: JSON, after: JSON) -> bool:
    if after is None:
        return False
    if before is None or member not in (*_LEAST, *_MOST):
        return True
    return bool(after > before) if member in _LEAST else bool(after < before)
