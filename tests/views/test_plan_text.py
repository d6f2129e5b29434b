"""A plan as text: by pipeline, in the words of the manifests, within the width of a terminal."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from plans_to_review import attribute, change, hostile_plan, large_plan, mapping, plan, rich_plan

from flowctl.masking.secret_values import SecretValues
from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Reason
from flowctl.model.plan import Drift, DriftedAttribute, Plan
from flowctl.model.resource import Sensitive, Unknown
from flowctl.views.by_kind import MOST_LINES
from flowctl.views.plan_mappings import new_mapping_lines
from flowctl.views.plan_text import plan_lines
from flowctl.views.review.mapping_rows import MappingRow
from flowctl.views.review.schedules import schedule_words
from flowctl.views.width import Width, cells, cut

TERMINAL = Width(columns=80, wraps=True)
DAILY = {"frequency": "day", "interval": 1, "startTime": 1_796_094_000, "backfill": True}
NEEDS = frozenset({Address("crm.connection")})


def new_pipeline(*mappings: Any, **values: Any) -> Sequence[Change]:
    """A pipeline with a shared dataset and a base connection of its own document."""
    copy = {"name": "Copy", "params": {"deltaColumn": {"name": "updatedAt", "timezone": "UTC"}}}
    unknown = Unknown(Address("crm.connection"))
    params = [attribute(f"params.{name}", None, value) for name, value in values.items()]
    return (
        change("people.source_connection", Action.CREATE, attribute("baseConnectionId", None, unknown),
               attribute("params.path", None, "/people"), *params,
               attribute("connectionSpec.id", None, "x"), depends_on=NEEDS),
        change("people.target_connection", Action.CREATE, attribute("params.dataSetId", None, "5f"),
               depends_on=frozenset({Address("customers.dataset")})),
        change("people.mapping_set", Action.CREATE, attribute("xdmSchema", None, "s"), *mappings),
        change("people.flow", Action.CREATE, attribute("name", None, "People"), attribute("flowSpec.id", None, "x"),
               attribute("transformations.[Copy]", None, copy), attribute("scheduleParams.frequency", None, "day"),
               attribute("options.partialIngestionPercent", None, 5), schedule=DAILY),
    )  # fmt: skip


def new_mapping(destination: str, source: str) -> Any:
    return mapping(destination, "", None, {"source": source, "destination": destination})


def text_of(*changes: Change, width: Width = TERMINAL, **members: Any) -> str:
    return text_of_plan(plan(*changes, **members), width)


def text_of_plan(of: Plan, width: Width = TERMINAL) -> str:
    return "".join(f"{line.text}\n" for line in plan_lines(of, whole=False, width=width))


def test_a_new_pipeline_is_told_in_about_ten_lines() -> None:
    changes = new_pipeline(new_mapping("_id", "id"), new_mapping("person.name.firstName", "first"))
    assert text_of(*changes).split("\n\n")[1].splitlines() == [
        "  + people: 4 to create",
        "      metadata     title: People",
        "      source       connection: crm, params.path: /people",
        "      dataset      customers",
        "      mappings     id    -> _id",
        "                   first -> person.name.firstName",
        "      incremental  column: updatedAt, timezone: UTC",
        "      schedule     every day from 2026-12-01 03:00 UTC, with backfill",
        "      next runs    2026-12-01 03:00, 2026-12-02 03:00, 2026-12-03 03:00 UTC",
        "      options      partialIngestionPercent: 5",
    ]


def test_no_name_of_the_wire_is_in_it() -> None:
    text = text_of(*new_pipeline(new_mapping("_id", "id")))
    assert not re.search("transformations|mappingVersion|scheduleParams|connectionSpec|flowSpec|known after", text)
    whole = "".join(line.text for line in plan_lines(plan(*new_pipeline()), whole=True))
    assert "transformations[Copy]" in whole


def test_a_schedule_without_words_is_told_by_its_values() -> None:
    odd = attribute("scheduleParams.frequency", None, "fortnight")
    text = text_of(change("people.flow", Action.CREATE, odd, schedule={"frequency": "fortnight"}))
    assert re.search("\n +schedule +frequency: fortnight\n", text)


def test_the_items_of_a_long_list_are_counted() -> None:
    columns = [attribute(f"params.columns.[c{number}]", None, {"name": f"c{number}"}) for number in range(5000)]
    text = text_of(change("people.source_connection", Action.CREATE, *columns))
    assert "source.params.columns: c0, c1," in text
    assert "c9,\n        and 4990 more\n" in text


def test_400_mappings_are_the_first_and_a_count() -> None:
    text = text_of(*new_pipeline(*(new_mapping(f"a.b{number}", f"c{number}") for number in range(400))))
    assert text.count(" -> a.b") == 10
    assert "and 390 more; add -v to see them" in text


def test_400_changed_mappings_are_the_first_and_a_count() -> None:
    rows = (mapping(f"a.b{number}", "source", "old", f"new{number}") for number in range(400))
    text = text_of(change("people.mapping_set", Action.UPDATE, *rows))
    assert text.count("old -> new") == 50
    assert "and 350 more; add -v to see them" in text


def test_new_and_unchanged_objects_of_a_pipeline_are_told_apart() -> None:
    kept = tuple(
        Change(address=Address(address), action=Action.NO_OP, reason=Reason.UP_TO_DATE)
        for address in ("people.flow", "people.source_connection", "customers.dataset")
    )
    text = text_of(change("people.dataset", Action.CREATE, attribute("name", None, "People")), kept=kept)
    assert "  + people: 1 to create; 2 unchanged\n    + people.dataset will be created\n" in text
    assert "dataset.title: People" in text


def test_what_only_follows_is_told_by_its_cause() -> None:
    version = attribute("transformations.[Mapping].params.mappingVersion", "0", Unknown(Address("people.mapping_set")))
    needs = frozenset({Address("people.mapping_set")})
    text = text_of(
        change("people.mapping_set", Action.UPDATE, mapping("_id", "source", "a", "b")),
        change("people.flow", Action.UPDATE, version, depends_on=needs),
    )
    assert "people.flow will be updated in place (because people.mapping_set changes)\n" in text
    assert "mappingVersion" not in text


def test_a_changed_value_that_no_key_stands_for_is_told_all_the_same() -> None:
    text = text_of(change("people.flow", Action.UPDATE, attribute("flowSpec.version", "1.0", "2.0")))
    assert 'flowSpec.version: "1.0" -> "2.0"\n' in text


def test_a_replacement_names_the_key_that_forces_it() -> None:
    assert (
        "shop-orders.source_connection must be replaced (because source.params.tableName cannot be updated in place)\n"
        '            source.params.tableName: "public.orders" -> "public.sales"\n'
    ) in text_of_plan(rich_plan(), Width())


def test_values_are_aligned_and_times_are_those_of_manifests() -> None:
    text = text_of(
        change(
            "people.flow",
            Action.UPDATE,
            attribute("scheduleParams.startTime", 1_796_083_200, 1_796_169_600),
            attribute("scheduleParams.interval", 1, 6),
            attribute("description", None, "x"),
        )
    )
    assert '        schedule.startTime:   "2026-12-01T00:00:00Z" -> "2026-12-02T00:00:00Z"\n' in text
    assert "        schedule.interval:    1 -> 6\n" in text
    assert '        metadata.description: (none) -> "x"\n' in text


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("words", ["w" * 10_000, "word " * 200, "漢字" * 5000, "`|@user\u202e\x1b[31m\r\n" * 500])
def test_no_line_is_wider_than_the_terminal(words: str, columns: int) -> None:
    changes = (
        *new_pipeline(new_mapping(words, words), new_mapping("a", words), text=words, items=[words, words]),
        change("old.flow", Action.UPDATE, attribute("description", words, f"{words}!"), notes=(words,)),
        change("old.mapping_set", Action.UPDATE, mapping("_id", "expression", words, f"{words}!")),
        change("crm.connection", Action.CREATE, attribute("name", None, words)),
    )
    lines = text_of(*changes, width=Width(columns=columns, wraps=True)).splitlines()
    # A word that is longer than a line stays whole in a sentence: the terminal breaks it.
    wide = [line for line in lines if cells(line) > columns and len(line.split()) > 3]
    assert wide == []
    assert not any(ord(character) < 32 or character == "\u202e" for line in lines for character in line)


def test_long_values_are_cut_in_the_middle() -> None:
    assert cut("0123456789", 5) == "01…89"
    assert cells(cut("漢字" * 50, 20)) <= 20
    text = text_of(change("people.flow", Action.UPDATE, attribute("description", f"begin {'x' * 500} end", "new")))
    assert re.search(r'\n +"begin x+…x+ end"\n +-> "new"\n', text)


@pytest.mark.parametrize("place", [0, 50, 150, 250, 299])
def test_two_long_values_that_are_cut_still_differ(place: int) -> None:
    before = "x" * 300
    after = f"{before[:place]}Y{before[place + 1 :]}"
    for changed in (
        change("people.flow", Action.UPDATE, attribute("description", before, after)),
        change("people.mapping_set", Action.UPDATE, mapping("_id", "expression", before, after)),
    ):
        assert "Y" in text_of(changed)


def test_a_sentence_is_wrapped_between_words_and_only_for_a_terminal() -> None:
    note = "The first run of the new flow reads everything in the source again, and records are ingested twice."
    changed = change("people.flow", Action.UPDATE, attribute("description", "a", "b"), notes=(note,))
    assert f"! {note}\n" in text_of(changed, width=Width())
    wrapped = text_of(changed)
    assert f"! {note}\n" not in wrapped
    assert f"! {note}" in " ".join(wrapped.split())


def test_parts_of_a_secret_that_is_cut_or_wrapped_are_masked() -> None:
    secret = f"canary-{'x' * 300}-canary"
    secrets = SecretValues()
    secrets.add(secret, "two words canary-2")
    changed = change(
        "people.flow",
        Action.UPDATE,
        attribute("description", secret, "b"),
        attribute("auth.params.password", None, Sensitive("canary-3"), sensitive=True),
        notes=(f"{'a ' * 30}two words canary-2 are in a note",),
    )
    text = text_of(
        changed, *new_pipeline(new_mapping("_id", secret)), width=Width(columns=60, wraps=True, masked=secrets.masked)
    )
    assert "canary" not in secrets.masked(text)
    assert "auth.params.password: (sensitive) changed" in text


def test_a_long_plan_leaves_out_the_details_of_new_pipelines() -> None:
    changes = []
    for number in range(500):
        for one in new_pipeline(new_mapping("_id", "id")):
            address = Address.of(f"p{number}", one.kind)
            changes.append(change(address, Action.CREATE, *one.attributes, schedule=one.schedule))
    text = text_of(*changes)
    assert len(text.splitlines()) < 520
    assert "  + p499: 4 to create\n" in text
    assert "add -v to see them" in text


def test_500_changed_pipelines_keep_their_values() -> None:
    text = text_of_plan(large_plan(500))
    assert text.count("metadata.title: ") == 500
    assert text.index("pipeline-0000.flow will be deleted") < text.index("pipeline-0002.flow will be updated")


def test_hostile_words_are_visible() -> None:
    text = text_of_plan(hostile_plan())
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", text)
    assert not [line for line in text.splitlines() if re.match(r"\s*::|.*##\[", line)]


def test_every_line_says_without_color_what_its_color_says() -> None:
    for line in plan_lines(rich_plan(), whole=False):
        if line.style in ("green", "red", "magenta", "cyan", "bold green", "bold red", "bold magenta", "bold cyan"):
            assert re.match(r"\s*(\+|-|~|-/\+|<|o) |This plan cannot", line.text), line


def test_a_destination_has_the_room_that_its_source_does_not_need() -> None:
    long = "_acme.order.lines.customer.address.street"
    (line,) = new_mapping_lines([MappingRow(destination=long, before="", after="street")], Width(), 60)
    assert line == f"street -> {long}"
    (cut_line,) = new_mapping_lines([MappingRow(destination=long, before="", after="s" * 50)], Width(), 60)
    assert cells(cut_line) <= 60


def test_a_reason_that_all_deletions_have_is_told_once() -> None:
    gone = [change(f"old.{kind}", Action.DELETE, reason=Reason.NOT_IN_MANIFEST) for kind in ("flow", "dataset")]
    assert text_of(*gone).count("no longer in the manifests") == 1
    kept = change("old.mapping_set", Action.FORGET, reason=Reason.NOT_DELETABLE)
    assert text_of(*gone, kept).count("no longer in the manifests") == 1


def test_a_reason_of_deletions_is_not_that_of_other_changes() -> None:
    gone = change("old.schema", Action.DELETE, reason=Reason.NOT_IN_MANIFEST)
    made = change("new.schema", Action.CREATE, attribute("title", None, "New"), reason=Reason.NOT_RECORDED)
    text = text_of(gone, made)
    assert "old.schema will be deleted (no longer in the manifests)\n" in text
    assert text.count("no longer in the manifests") == 1


NEW = "(known after apply)"
STANDARD = "https://ns.adobe.com/xdm/context/profile-person-details"


def test_a_schema_names_the_new_documents_that_it_is_made_of() -> None:
    needs = frozenset({Address("store.class"), Address("shopping.field_group"), Address("loyalty.field_group")})
    schema = change(
        "store.schema",
        Action.CREATE,
        attribute("title", None, "Store"),
        attribute("class", None, NEW),
        attribute("fieldGroups", None, [NEW, NEW, STANDARD]),
        depends_on=needs,
    )
    text = " ".join(text_of(schema).split())
    assert f"class: store, fieldGroups: loyalty, shopping, {STANDARD}" in text
    one_exists = replace(schema, attributes=(attribute("fieldGroups", None, [NEW, STANDARD]),))
    assert f"fieldGroups: (known after apply), {STANDARD}" in " ".join(text_of(one_exists).split())


def test_a_schema_names_its_new_class_beside_the_old_one() -> None:
    moved = change(
        "store.schema",
        Action.REPLACE,
        attribute("class", "https://ns.adobe.com/acme/classes/1", NEW),
        depends_on=frozenset({Address("store.class")}),
    )
    assert re.search(r'class:\s+"https://ns.adobe.com/acme/classes/1"\s+-> store', text_of(moved))


def test_a_change_of_its_own_needs_no_cause() -> None:
    needs = frozenset({Address("people.mapping_set")})
    text = text_of(
        change("people.mapping_set", Action.UPDATE, mapping("_id", "source", "a", "b")),
        change("people.flow", Action.UPDATE, attribute("description", "a", "b"), depends_on=needs),
    )
    assert "people.flow will be updated in place\n" in text


def test_drift_counts_as_lines_of_a_plan() -> None:
    places = tuple(DriftedAttribute(steps=(f"a{number}",), recorded=1, observed=2) for number in range(MOST_LINES))
    drift = Drift(address=Address("other.flow"), attributes=places)
    assert "values of new objects are left out" in " ".join(text_of(*new_pipeline(), drift=(drift,)).split())


def test_a_secret_that_is_removed_is_told_as_removed() -> None:
    password = attribute("auth.params.password", Sensitive("canary-1"), None, sensitive=True)
    assert "auth.params.password: (sensitive) -> (removed)\n" in text_of(
        change("crm.connection", Action.UPDATE, password)
    )


def test_a_long_new_mapping_of_an_old_set_has_one_line() -> None:
    text = text_of(change("people.mapping_set", Action.UPDATE, new_mapping("_id", "x" * 500)))
    assert re.search(r"\n +\+ _id  x+…x+\n", text)


def test_lines_after_the_first_fit_too() -> None:
    lines = list(Width(columns=40, wraps=True).sentence("a " * 100, 0, 2))
    assert len(lines) > 2
    assert max(map(cells, lines)) <= 40


def test_a_description_is_the_last_of_the_values() -> None:
    values = attribute("description", None, "All of them"), attribute("auth.specName", None, "Basic")
    assert re.search(
        r"auth\.specName: Basic,\s+description: All of them\n",
        text_of(change("crm.connection", Action.CREATE, *values)),
    )


def test_a_list_of_new_ids_only_follows() -> None:
    ids = attribute("sourceConnectionIds", ["id-1"], [Unknown(Address("people.source_connection"))])
    text = text_of(change("people.flow", Action.UPDATE, ids, attribute("description", "a", "b")))
    assert "sourceConnectionIds" not in text


def test_what_is_cut_is_masked_before() -> None:
    secret = "canary" * 20
    width = Width(masked=lambda text: text.replace(secret, "(sensitive)"))
    assert width.fit(secret, 20) == "(sensitive)"
    assert width.fit_both(secret, "b", 20) == ["(sensitive)", "b"]


def test_two_long_values_show_what_precedes_their_difference() -> None:
    same = "x" * 100
    before, after = Width().fit_both(f"{same}{'A' * 50}", f"{same}{'B' * 50}", 30)
    assert before.startswith(f"…{'x' * 10}A")
    assert after.startswith(f"…{'x' * 10}B")


def test_a_very_narrow_terminal_has_the_room_of_a_narrow_one() -> None:
    assert Width(columns=10).room(4) == 36


def test_a_long_key_of_a_changed_secret_has_one_side() -> None:
    key = f"auth.params.{'k' * 60}"
    text = text_of(
        change("crm.connection", Action.UPDATE, attribute(key, Sensitive("a"), Sensitive("b"), sensitive=True))
    )
    assert text.count("(sensitive) changed") == 1


def test_what_is_replaced_with_another_object_names_that() -> None:
    forced = attribute("sourceConnectionIds", ["a"], ["b"], forces_replacement=True)
    source = Address("people.source_connection")
    text = text_of(
        change("people.flow", Action.REPLACE, forced, reason=Reason.DEPENDENCY_REPLACED, because_of=(source,))
    )
    assert "(because people.source_connection is replaced)" in " ".join(text.split())


def test_two_causes_are_a_plural() -> None:
    causes = [Address("people.mapping_set"), Address("people.source_connection")]
    text = text_of(
        *(change(cause, Action.UPDATE, attribute("description", "a", "b")) for cause in causes),
        change("people.flow", Action.UPDATE, depends_on=frozenset(causes)),
    )
    assert "(because people.mapping_set and people.source_connection change)" in " ".join(text.split())


def test_a_new_dataflow_beside_what_exists_is_an_object() -> None:
    kept = Change(address=Address("people.dataset"), action=Action.NO_OP, reason=Reason.UP_TO_DATE)
    text = text_of(change("people.flow", Action.CREATE, attribute("name", None, "People")), kept=(kept,))
    assert "+ people.flow will be created\n" in text


def test_a_schedule_has_backfill_and_interval_1_unless_it_says_otherwise() -> None:
    assert schedule_words({"frequency": "day"}) == "every day, with backfill"
    assert (
        schedule_words({"frequency": "week", "interval": 2, "backfill": "false"}) == "every 2 weeks, without backfill"
    )
