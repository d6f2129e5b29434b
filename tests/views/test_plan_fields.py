"""Fields of field groups, data types and classes in a plan: as their manifest declares them, in every format."""

from collections.abc import Sequence
from typing import Any

import pytest
from plans_to_review import change, plan

from flowctl.model.address import Address
from flowctl.model.change import Action, AttributeChange, Change
from flowctl.model.plan import Drift, DriftedAttribute
from flowctl.model.resource import Unknown
from flowctl.views.field_values import as_declared
from flowctl.views.page.plan import plan_page
from flowctl.views.plan_json import plan_document
from flowctl.views.plan_markdown import plan_markdown
from flowctl.views.plan_text import plan_lines
from flowctl.views.review.field_rows import field_rows
from flowctl.views.width import Width

GROUP = "loyalty.field_group"


def added(path: str, type_: str = "string", **members: Any) -> AttributeChange:
    return AttributeChange(steps=("fields", f"[{path}]"), after={"path": path, "type": type_, **members})


def removed(path: str, type_: str = "string", **members: Any) -> AttributeChange:
    return AttributeChange(steps=("fields", f"[{path}]"), before={"path": path, "type": type_, **members})


def member(path: str, name: str, before: Any, after: Any) -> AttributeChange:
    return AttributeChange(steps=("fields", f"[{path}]", *name.split(".")), before=before, after=after)


def updated(*attributes: AttributeChange, address: str = GROUP, **members: Any) -> Change:
    return change(address, Action.UPDATE, *attributes, **members)


def told(of: Change, *, whole: bool = False, columns: int = 80) -> Sequence[str]:
    """The lines of a plan below that of the object, without their common indent."""
    lines = [line.text for line in plan_lines(plan(of), whole=whole, width=Width(columns=columns))]
    begin = next(number for number, line in enumerate(lines) if str(of.address) in line) + 1
    return [line.strip() for line in lines[begin : lines.index("", begin)]]


def rows(*attributes: AttributeChange, **members: Any) -> Sequence[tuple[str, Sequence[str]]]:
    return [(row.symbol, [row.path, *row.texts]) for row in field_rows(updated(*attributes, **members))]


def test_fields_are_told_as_a_manifest_declares_them() -> None:
    assert told(
        updated(
            added("_acme.note", title="Note", maxLength=80),
            removed("_acme.old", "integer", description="Gone"),
            member("_acme.tier", "title", "Tier", "Level"),
        )
    ) == [
        "fields:",
        "+ note  string, title: Note, maxLength: 80",
        "- old   integer, description: Gone",
        "~ tier  title: Tier -> Level",
    ]


def test_what_lies_in_a_field_is_below_it() -> None:
    assert told(
        updated(
            added("_acme.homeTown"),
            added("_acme.home", "object", title="Home"),
            added("_acme.home.street"),
            added("_acme.home.rooms", "array"),
            added("_acme.home.rooms[*]", "object"),
            added("_acme.home.rooms[*].area", "number"),
        )
    ) == [
        "fields:",
        "+ home      object, title: Home",
        "+   rooms   array of object",
        "+     area  number",
        "+   street  string",
        "+ homeTown  string",
    ]


def test_an_object_that_only_holds_others_needs_no_line() -> None:
    assert rows(added("_acme.home", "object"), added("_acme.home.street")) == [("+", ["home.street", "string"])]
    assert rows(added("_acme.home", "object")) == [("+", ["home", "object"])]


def test_an_object_that_goes_is_not_implied_by_a_field_that_comes() -> None:
    found = rows(removed("_acme.home", "object"), added("_acme.home.street"))
    assert found == [("-", ["home", "object"]), ("+", ["home.street", "string"])]
    below = field_rows(updated(removed("_acme.home", "object"), added("_acme.home.street")))
    assert [row.depth for row in below] == [0, 0]


def test_items_that_say_more_have_a_line() -> None:
    found = rows(added("_acme.tags", "array"), added("_acme.tags[*]", "string", maxLength=5))
    assert found == [("+", ["tags", "array"]), ("+", ["tags[*]", "string", "maxLength: 5"])]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (Unknown(Address("amount.data_type")), "ref: amount"),
        ("https://ns.adobe.com/acme/datatypes/1", "ref: amount"),
        (None, "string"),
    ],
)
def test_a_data_type_is_told_by_the_name_of_its_document(known: Any, expected: str) -> None:
    entry = {"path": "_acme.sum", **({"ref": known} if known else {"type": "string"})}
    needs = frozenset({Address("amount.data_type"), Address("other.class")})
    attribute = AttributeChange(steps=("fields", "[_acme.sum]"), after=entry)
    assert rows(attribute, depends_on=needs) == [("+", ["sum", expected])]


def test_one_of_several_data_types_is_told_by_its_id() -> None:
    needs = frozenset({Address("amount.data_type"), Address("place.data_type")})
    attribute = AttributeChange(steps=("fields", "[_acme.sum]"), after={"path": "_acme.sum", "ref": "https://x"})
    assert rows(attribute, depends_on=needs) == [("+", ["sum", "ref: https://x"])]


def test_fields_of_a_data_type_are_below_no_namespace() -> None:
    assert rows(added("_repo.at", "date"), address="file.data_type") == [("+", ["_repo.at", "date"])]


def test_allowed_values_are_told_as_they_come_and_go() -> None:
    path = "_acme.tier"
    found = field_rows(
        updated(
            member(path, "enum.[0]", "bronze", "gold"),
            member(path, "enum.[1]", "gold", "tin"),
            member(path, "labels.bronze", "Bronze", None),
            member(path, "labels.tin", None, "Tin"),
            member(path, "labels.gold", "Gold", "Golden"),
        )
    )
    assert [(row.changed, row.before, row.after) for row in found] == [
        (
            ["enum.gold: Gold -> Golden", "enum: - bronze (Bronze), + tin (Tin)"],
            ["enum.gold: Gold", "enum: - bronze (Bronze)"],
            ["enum.gold: Golden", "enum: + tin (Tin)"],
        )
    ]


def test_a_first_list_of_allowed_values_and_a_flag() -> None:
    found = rows(member("_acme.tier", "enum", None, ["a", "b"]), member("_acme.tier", "deprecated", None, True))
    assert found == [("~", ["tier", "deprecated: (none) -> true", "enum: + a, + b"])]


def test_the_members_of_a_new_field() -> None:
    enum = added("_acme.tier", enum=["a", "b"], labels={"a": "A"}, required=True, deprecated=True, description="Why")
    assert rows(enum) == [("+", ["tier", "string", "enum: a (A), b", "required", "deprecated", "description: Why"])]
    assert rows(added("_acme.size", suggested={"s": "Small"})) == [("+", ["size", "string", "suggested: s (Small)"])]
    many = added("_acme.many", enum=[f"v{number:02}" for number in range(12)])
    assert rows(many)[0][1][2].endswith("v09, and 2 more")


def test_a_new_object_lists_its_fields_without_signs() -> None:
    new = change(GROUP, Action.CREATE, added("_acme.id", title="ID"), added("_acme.tier"))
    assert told(new) == ["fields:", "id    string, title: ID", "tier  string"]


def test_long_words_follow_on_the_next_line() -> None:
    lines = told(updated(added("_acme.id", title="T" * 20, pattern="^" + "L" * 20, description="D" * 20)), columns=60)
    assert lines[1:] == [f"+ id  string, title: {'T' * 20},", f'pattern: "^{"L" * 20}",', f"description: {'D' * 20}"]


def test_of_many_fields_the_rest_is_counted() -> None:
    lines = told(updated(*(added(f"_acme.f{number:03}") for number in range(53))))
    assert len(lines) == 52
    assert lines[-1] == "and 3 more; add -v to see them"


def test_a_whole_plan_has_words_too() -> None:
    lines = told(updated(added("_acme.note", title="Note")), whole=True)
    assert lines == ["fields[_acme.note]: (none) -> string, title: Note"]


def test_a_program_reads_the_members_of_the_manifest() -> None:
    of = updated(added("_acme.tier", enum=["a", "b"], labels={"a": "A"}), member("_acme.x", "title", "X", "Y"))
    values = [(each["path"], each["after"]) for each in plan_document(plan(of))["changes"][0]["attributes"]]
    assert values == [
        ("fields[_acme.tier]", {"type": "string", "enum": {"a": "A", "b": "b"}}),
        ("fields[_acme.x].title", "Y"),
    ]


def test_only_items_of_the_list_of_fields_are_fields() -> None:
    entry = {"path": "/a", "type": "x"}
    for steps in [("fields",), ("params", "[a]"), ("fields", "a"), ("fields", "[a]", "b")]:
        assert as_declared(steps, entry) == entry
    assert as_declared(("fields", "[a]"), {"type": "x", "labels": {}}) == {"type": "x", "labels": {}}


def test_markdown_and_the_page_have_a_table_of_fields() -> None:
    of = plan(updated(added("_acme.note"), removed("_acme.old"), member("_acme.tier", "title", "Tier", "Level")))
    table = [line for line in plan_markdown(of).splitlines() if line.startswith("|")]
    assert table[0] == "| | field | before | after |"
    assert [line.split(" | ")[0] for line in table[2:]] == ["| +", "| -", "| ~"]
    assert "<code>string</code> |" in table[2]
    assert table[3].endswith("<code>string</code> |  |")
    page = plan_page(of)
    assert "<h3>Fields</h3>" in page
    assert "title: Level" in page
    assert '{"path"' not in page


def test_drift_of_a_field_is_told_in_words() -> None:
    place = DriftedAttribute(steps=("fields", "[_acme.x]"), recorded=None, observed={"path": "_acme.x", "type": "date"})
    drifted = plan(drift=(Drift(address=Address(GROUP), attributes=(place,)),))
    for whole in (False, True):
        text = "\n".join(line.text for line in plan_lines(drifted, whole=whole))
        assert "-> date" in text
    assert plan_document(drifted)["drift"][0]["attributes"][0]["observed"] == {"type": "date"}


def test_a_field_of_a_longer_name_is_behind_what_lies_in_the_shorter_one() -> None:
    attributes = (added("a", "array"), added("aB"), added("a[*]", "object"), added("a[*].b"))
    assert [row.short for row in field_rows(updated(*attributes))] == ["a", "b", "aB"]


def test_a_flag_that_is_not_set_is_not_told() -> None:
    assert rows(added("_acme.id", required=False)) == [("+", ["id", "string"])]


def test_an_object_whose_fields_change_needs_no_other_reason() -> None:
    new = change("amount.data_type", Action.CREATE)
    of = updated(added("_acme.id"), depends_on=frozenset({new.address}))
    text = "\n".join(line.text for line in plan_lines(plan(new, of), whole=False))
    assert "because" not in text


def test_a_field_outside_the_namespace_keeps_its_whole_path() -> None:
    assert rows(added("person.home")) == [("+", ["person.home", "string"])]
    assert rows(added("_acme", "object")) == [("+", ["_acme", "object"])]
