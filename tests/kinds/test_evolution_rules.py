"""Every row of the rules of change: the plan and the emulator, which has rules of its own, judge alike."""

from collections.abc import Iterator
from typing import Any

import pytest
from kind_samples import PROFILE, World, client_of, edited

from flowctl.engine.plan import diff
from flowctl.kinds.evolution_rules import BY_NAME, RULES, Verdict, steps_of
from flowctl.kinds.kind import Update
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Reason
from flowctl.model.errors import Refused

FIELDS: dict[str, tuple[dict[str, Any], dict[str, Any] | None]] = {
    "field-added": ({}, {"type": "string"}),
    "field-removed": ({"type": "string"}, None),
    "field-retyped": ({"type": "string"}, {"type": "integer"}),
    "values-narrowed": ({"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["a"]}),
    "values-widened": ({"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["a", "b"]}),
    "limits-narrowed": ({"type": "integer", "minimum": 0}, {"type": "integer", "minimum": 1}),
    "limits-widened": ({"type": "integer", "maximum": 9}, {"type": "integer"}),
    "field-required": ({"type": "string"}, {"type": "string", "required": True}),
    "field-optional": ({"type": "string", "required": True}, {"type": "string"}),
    "words-changed": ({"type": "string", "title": "A"}, {"type": "string", "title": "B"}),
    "field-deprecated": ({"type": "string"}, {"type": "string", "deprecated": True}),
}
MORE: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "a new enum": ("values-narrowed", {"type": "string"}, {"type": "string", "enum": ["a"]}),
    "no enum any longer": ("values-widened", {"type": "string", "enum": ["a"]}, {"type": "string"}),
    "a new pattern": ("limits-narrowed", {"type": "string"}, {"type": "string", "pattern": "a"}),
    "another pattern": ("limits-narrowed", {"type": "string", "pattern": "a"}, {"type": "string", "pattern": "b"}),
    "a lower maximum": ("limits-narrowed", {"type": "integer", "maximum": 9}, {"type": "integer", "maximum": 8}),
    "a higher maximum": ("limits-widened", {"type": "integer", "maximum": 8}, {"type": "integer", "maximum": 9}),
    "a longer text": ("limits-widened", {"type": "string", "maxLength": 8}, {"type": "string", "maxLength": 9}),
    "a pattern no longer": ("limits-widened", {"type": "string", "pattern": "a"}, {"type": "string"}),
    "a new minimum": ("limits-narrowed", {"type": "integer"}, {"type": "integer", "minimum": 0}),
    "a lower minimum": ("limits-widened", {"type": "integer", "minimum": 2}, {"type": "integer", "minimum": 1}),
    "a shorter text": ("limits-narrowed", {"type": "string", "maxLength": 9}, {"type": "string", "maxLength": 8}),
    "more items at least": ("limits-narrowed", {"type": "array", "minItems": 1}, {"type": "array", "minItems": 2}),
    "a new format": ("field-retyped", {"type": "string"}, {"type": "string", "format": "uri"}),
    "another format": ("field-retyped", {"type": "string", "format": "uri"}, {"type": "string", "format": "email"}),
    "a format no longer": ("field-retyped", {"type": "string", "format": "uri"}, {"type": "string"}),
    "a suggested value": ("words-changed", {"type": "string"}, {"type": "string", "suggested": {"a": "A"}}),
    "no suggested value": ("words-changed", {"type": "string", "suggested": {"a": "A"}}, {"type": "string"}),
    "a date with time": ("field-retyped", {"type": "date"}, {"type": "date-time"}),
}
CASES = [
    *(pytest.param(name, *parts, id=name) for name, parts in FIELDS.items()),
    *(pytest.param(*parts, id=words) for words, parts in MORE.items()),
]


@pytest.fixture
def world(platform: Any) -> Iterator[World]:
    with client_of(platform.url) as client:
        yield World(send=client.send)


def group(name: str, members: dict[str, Any] | None) -> dict[str, Any]:
    fields: list[dict[str, Any]] = [{"path": "_local.keep", "type": "string"}]
    if members:
        fields.append({"path": "_local.x", **members})
    return {"title": name, "extends": [PROFILE], "fields": fields}


def changed(world: World, before: dict[str, Any], after: dict[str, Any], used: bool) -> tuple[Change, Update, str]:
    """A field group that is about to change, in a schema that has a dataset or has none."""
    kind = KINDS["field_group"]
    made = world.make(kind, before)
    schema = {**world.attributes("schema"), "fieldGroups": [made.id]}
    schema_id = world.make(KINDS["schema"], schema).id
    if used:
        world.make(KINDS["dataset"], {**world.attributes("dataset"), "schemaRef": {"id": schema_id}})
    live = world.read(kind, made)
    found = diff.changes(
        desired=after,
        observed=live.attributes,
        applied=before,
        keyed_lists=kind.keyed_lists,
        forms=kind.forms,
        secret_changed=lambda _path, _secret: False,
    )
    change = Change(
        address=Address.of("it", kind.name),
        action=Action.UPDATE,
        reason=Reason.ATTRIBUTES_CHANGED,
        attributes=found,
        desired=after,
        observed=live.attributes,
        remote_id=made.id,
    )
    return change, Update(live=live, desired=after, changes=found), schema_id


@pytest.mark.parametrize("used", [True, False], ids=["with a dataset", "without a dataset"])
@pytest.mark.parametrize(("rule", "before", "after"), CASES)
def test_the_plan_names_the_rule_and_the_emulator_judges_alike(
    world: World, rule: str, before: dict[str, Any], after: dict[str, Any] | None, used: bool
) -> None:
    name = world.attributes("field_group")["title"]
    change, update, _ = changed(world, group(name, before), group(name, after), used)
    assert {step.rule.name for step in steps_of(change)} == {rule}
    verdict = BY_NAME[rule].after if used else BY_NAME[rule].before
    build = KINDS["field_group"].update
    assert build is not None
    if verdict is Verdict.REFUSED:
        with pytest.raises(Refused):
            world.send(build(update))
    else:
        world.send(build(update))


@pytest.mark.parametrize("used", [True, False], ids=["with a dataset", "without a dataset"])
def test_a_field_group_leaves_a_schema_only_before_a_dataset_exists(world: World, used: bool) -> None:
    kind = KINDS["schema"]
    made = world.make(kind, before := world.attributes("schema"))
    if used:
        world.make(KINDS["dataset"], {**world.attributes("dataset"), "schemaRef": {"id": made.id}})
    live = world.read(kind, made)
    after = edited(before, lambda attributes: attributes["fieldGroups"].pop())
    found = diff.changes(
        desired=after,
        observed=live.attributes,
        applied=before,
        keyed_lists={},
        forms=kind.forms,
        secret_changed=lambda _path, _secret: False,
    )
    assert kind.update is not None
    request = kind.update(Update(live=live, desired=after, changes=found))
    if used:
        with pytest.raises(Refused):
            world.send(request)
    else:
        world.send(request)


def test_every_rule_about_fields_is_tried() -> None:
    about_fields = {rule.name for rule in RULES if rule.name.startswith(("field-", "values-", "limits-", "words-"))}
    assert about_fields == FIELDS.keys()


def test_every_refusal_offers_a_way_out() -> None:
    assert [rule.name for rule in RULES if rule.after is not Verdict.ALLOWED and not rule.cure] == []
