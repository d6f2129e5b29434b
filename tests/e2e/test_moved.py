"""`moved` in flowctl.yaml: a renamed document keeps its objects, in every environment, and nothing is sent."""

import pytest
from surroundings import Platform, Workspace

FILE = "pipelines/support-tickets.yaml"
PARTS = ("source_connection", "target_connection", "mapping_set", "flow", "dataset")


@pytest.fixture
def applied(examples: Workspace) -> Workspace:
    """The examples, applied; the pipeline has no title of its own, so that its name is its title."""
    examples.edit(FILE, "  title: Support tickets\n  labels", "  labels")
    examples.apply()
    return examples


def rename(workspace: Workspace, new: str, old: str = "support-tickets") -> None:
    workspace.edit(FILE, f"  name: {old}\n", f"  name: {new}\n")


def moved(workspace: Workspace, *lines: tuple[str, str]) -> None:
    text = (workspace.root / "flowctl.yaml").read_text().partition("moved:")[0]
    rows = ", ".join(f"{{from: {old}, to: {new}}}" for old, new in lines)
    workspace.write("flowctl.yaml", f"{text}moved: [{rows}]\n")


def ids(workspace: Workspace, name: str) -> list[str]:
    entries = workspace.lockfile["entries"]
    return [entries[f"{name}.{part}"]["id"] for part in PARTS]


def test_records_move_and_nothing_is_sent(applied: Workspace, platform: Platform) -> None:
    before = ids(applied, "support-tickets")
    rename(applied, "tickets")
    moved(applied, ("support-tickets", "tickets"))
    plan = applied.plan("--detailed-exitcode")
    assert (plan.code, plan.json["changes"]) == (2, [])
    assert {(each["from"], each["to"]) for each in plan.json["moved"]} == {
        (f"support-tickets.{part}", f"tickets.{part}") for part in PARTS
    }
    text = applied.run("plan").out
    assert "  support-tickets -> tickets (5 resources)" in text
    assert "Plan: 5 to rename in the lockfile; 31 unchanged." in text
    markdown = applied.run("plan", "--format", "markdown").out
    assert "- `support-tickets` → `tickets` (5 resources)" in markdown
    platform.clear_log()
    assert "Apply complete: 5 renamed in the lockfile in" in applied.apply().out
    assert platform.writes() == []
    assert ids(applied, "tickets") == before
    assert not any(address.startswith("support-tickets.") for address in applied.lockfile["entries"])
    for entry in applied.lockfile["entries"].values():
        assert not any(need.startswith("support-tickets.") for need in entry.get("dependsOn", ()))


def test_a_line_that_has_done_its_work_does_no_harm(applied: Workspace) -> None:
    rename(applied, "tickets")
    moved(applied, ("support-tickets", "tickets"))
    applied.apply()
    again = applied.plan("--detailed-exitcode")
    assert (again.code, again.json["changes"], "moved" in again.json) == (0, [], False)


def test_a_title_made_of_the_old_name_stays_while_the_line_does(applied: Workspace, platform: Platform) -> None:
    rename(applied, "tickets")
    moved(applied, ("support-tickets", "tickets"))
    applied.apply()
    assert platform.one("flows", "support-tickets")["state"] == "enabled"
    applied.write("flowctl.yaml", (applied.root / "flowctl.yaml").read_text().partition("moved:")[0])
    changes = applied.plan().json["changes"]
    assert {change["action"] for change in changes} == {"update"}
    assert {each["path"] for change in changes for each in change["attributes"]} == {"name"}


def test_a_title_of_its_own_changes(applied: Workspace, platform: Platform) -> None:
    rename(applied, "tickets\n  title: tickets")
    moved(applied, ("support-tickets", "tickets"))
    (change,) = applied.plan().json["changes"]
    assert (change["address"], change["attributes"][0]["after"]) == ("tickets.flow", "tickets")
    applied.apply()
    assert platform.one("flows", "tickets")


def test_an_edit_goes_along_with_a_rename(applied: Workspace, platform: Platform) -> None:
    rename(applied, "tickets\n  description: of the desk")
    moved(applied, ("support-tickets", "tickets"))
    text = applied.run("plan").out
    assert "Plan: 5 to rename in the lockfile, 1 to update; 30 unchanged." in text
    applied.apply()
    assert platform.one("flows", "support-tickets")["description"] == "of the desk"
    assert applied.plan().json["changes"] == []


def test_every_kind_of_document_moves(examples: Workspace, platform: Platform) -> None:
    examples.apply()
    for file, old, new in (
        ("schemas/customer.yaml", "customer", "person"),
        ("datasets/customers.yaml", "customers", "people"),
        ("connections/shop-database.yaml", "shop-database", "database"),
    ):
        path = examples.root / file
        path.write_text(path.read_text().replace(f"name: {old}", f"name: {new}", 1))
    for path in (examples.root / "pipelines").glob("*.yaml"):
        text = path.read_text().replace("dataset: customers\n", "dataset: people\n")
        text = text.replace("connection: shop-database\n", "connection: database\n")
        path.write_text(text.replace("schema: customer\n", "schema: person\n"))
    (examples.root / "datasets/customers.yaml").write_text(
        (examples.root / "datasets/customers.yaml").read_text().replace("schema: customer\n", "schema: person\n")
    )
    moved(examples, ("customer", "person"), ("customers", "people"), ("shop-database", "database"))
    platform.clear_log()
    assert examples.plan().json["changes"] == []
    examples.apply()
    assert platform.writes() == []
    assert examples.plan().json["changes"] == []


def test_a_chain_of_renames_reaches_the_last_name_from_any_environment(applied: Workspace) -> None:
    before = ids(applied, "support-tickets")
    rename(applied, "desk")
    lines = (("support-tickets", "tickets"), ("tickets", "desk"))
    moved(applied, *lines)
    applied.apply()
    assert ids(applied, "desk") == before
    rename(applied, "last", old="desk")
    moved(applied, *lines, ("desk", "last"))
    assert applied.plan().json["changes"] == []
    applied.apply()
    assert ids(applied, "last") == before


def test_a_document_of_another_kind_keeps_its_name(applied: Workspace) -> None:
    """Only the resources of the renamed kind move: a Schema of the name is not touched."""
    rename(applied, "customer")
    moved(applied, ("support-tickets", "customer"))
    applied.apply()
    rename(applied, "tickets", old="customer")
    moved(applied, ("support-tickets", "customer"), ("customer", "tickets"))
    assert applied.plan().json["changes"] == []
    applied.apply()
    assert {"customer.schema", "tickets.flow"} <= applied.lockfile["entries"].keys()


@pytest.mark.parametrize(
    ("lines", "said", "place"),
    [
        ((("a", "b"), ("b", "a")), "`b` moves to `a` and back", 1),
        ((("a", "b"), ("b", "c"), ("c", "a")), "`c` moves to `a` and back", 2),
        ((("a", "a"),), "`a` moves to `a` and back", 0),
        ((("a", "b"), ("a", "c")), "`a` moves twice", 1),
        ((("a", "c"), ("b", "c")), "two documents move to `c`", 1),
    ],
)
def test_lines_that_contradict_each_other(
    examples: Workspace, lines: tuple[tuple[str, str], ...], said: str, place: int
) -> None:
    moved(examples, *lines)
    ended = examples.run("validate")
    number = (examples.root / "flowctl.yaml").read_text().count("\n")
    column = len("moved: [") + 1 + place * len("{from: a, to: b}, ")
    assert (ended.code, said in ended.err) == (1, True), ended.err
    assert f"flowctl.yaml:{number}:{column}: error: " in ended.err
    assert "[moved-conflict]" in ended.err


def test_a_manifest_that_still_has_the_old_name(applied: Workspace, platform: Platform) -> None:
    applied.write("pipelines/new.yaml", (applied.root / FILE).read_text().replace("support-tickets", "tickets", 1))
    moved(applied, ("support-tickets", "tickets"))
    platform.clear_log()
    ended = applied.run("plan")
    assert (ended.code, "the manifests describe both" in ended.err, "flowctl.yaml:" in ended.err) == (1, True, True)
    assert platform.log() == []


def test_a_new_document_may_take_the_old_name_after_the_move(applied: Workspace) -> None:
    text = (applied.root / FILE).read_text()
    rename(applied, "tickets")
    moved(applied, ("support-tickets", "tickets"))
    applied.apply()
    applied.write("pipelines/new.yaml", text.replace("resourcePath: /tickets", "resourcePath: /others"))
    assert {a.rpartition(".")[0] for a in applied.plan("--allow-duplicates").actions()} == {"support-tickets"}
    applied.apply("--allow-duplicates")
    assert applied.plan().json["changes"] == []


def test_a_new_document_that_was_applied_before_the_line_was_written(applied: Workspace) -> None:
    rename(applied, "tickets")
    applied.apply("--allow-duplicates", "--select", "tickets")
    moved(applied, ("support-tickets", "tickets"))
    ended = applied.run("plan")
    assert (ended.code, "the lockfile has both" in ended.err) == (1, True), ended.err


def test_a_new_name_that_no_document_has(applied: Workspace) -> None:
    rename(applied, "tickets")
    moved(applied, ("support-tickets", "tickts"))
    ended = applied.run("plan")
    assert (ended.code, "Did you mean `tickets`?" in ended.err) == (1, True), ended.err


def test_a_removed_document_may_leave_its_line(applied: Workspace) -> None:
    rename(applied, "tickets")
    moved(applied, ("support-tickets", "tickets"))
    applied.apply()
    (applied.root / FILE).unlink()
    applied.apply()
    assert applied.plan().json["changes"] == []


def test_a_selection_moves_only_what_it_chose(applied: Workspace) -> None:
    rename(applied, "tickets")
    moved(applied, ("support-tickets", "tickets"))
    for other in (("--select", "shop-*"), ("--exclude", "tickets"), ("--target", "shop-customers")):
        plan = applied.plan(*other)
        assert (plan.json["changes"], "moved" in plan.json) == ([], False), other
    assert len(applied.plan("--select", "tickets").json["moved"]) == len(PARTS)
    assert len(applied.plan("--target", "tickets").json["moved"]) == len(PARTS)


def test_each_environment_moves_its_own_records(applied: Workspace) -> None:
    text = (applied.root / "flowctl.yaml").read_text()
    variables = text[text.index("    variables:") :]
    applied.write("flowctl.yaml", f"{text}  local:\n{variables}")
    applied.run("apply", "-e", "local", "--auto-approve")
    rename(applied, "tickets")
    moved(applied, ("support-tickets", "tickets"))
    applied.apply()
    assert "moved" not in applied.plan().json
    assert len(applied.plan("-e", "local").json["moved"]) == len(PARTS)


def test_a_saved_plan_moves_what_it_showed(applied: Workspace, platform: Platform) -> None:
    rename(applied, "tickets")
    moved(applied, ("support-tickets", "tickets"))
    file = str(applied.root / "saved.plan")
    shown = applied.run("plan", "--out", file).out
    assert applied.run("show", file).out == shown
    moved(applied)
    stale = applied.run("apply", file)
    assert (stale.code, "[plan-stale]" in stale.err) == (1, True)
    moved(applied, ("support-tickets", "tickets"))
    platform.clear_log()
    assert applied.run("apply", file).code == 0
    assert platform.writes() == []
    assert "tickets.flow" in applied.lockfile["entries"]


def test_a_rename_without_a_line_is_a_question(applied: Workspace) -> None:
    rename(applied, "tickets")
    plan = applied.plan()
    (question,) = [each for each in plan.json["diagnostics"] if each["code"] == "probable-rename"]
    assert question["severity"] == "warning"
    assert "add `moved: [{from: support-tickets, to: tickets}]` to flowctl.yaml" in question["detail"]
    assert plan.json["summary"]["create"] == len(PARTS), "it is only a question"


def test_another_content_is_no_rename(applied: Workspace) -> None:
    rename(applied, "tickets")
    applied.edit(FILE, "resourcePath: /tickets", "resourcePath: /others")
    assert "probable-rename" not in applied.run("plan").err


def test_a_protected_document_stays_protected(examples: Workspace) -> None:
    examples.edit(FILE, "lifecycle:\n", "lifecycle:\n  preventDestroy: true\n")
    examples.apply()
    rename(examples, "tickets")
    ended = examples.run("plan")
    assert (ended.code, "[prevent-destroy]" in ended.err, "[probable-rename]" in ended.err) == (1, True, True)
    moved(examples, ("support-tickets", "tickets"))
    assert examples.plan().json["changes"] == []


def test_a_renamed_schema_is_a_question_too(examples: Workspace) -> None:
    """Its title is taken, so that the plan has an error; the question says how to go on."""
    examples.apply()
    examples.edit("schemas/crm-contact.yaml", "name: crm-contact", "name: contact")
    for path in (examples.root / "pipelines").glob("*.yaml"):
        path.write_text(path.read_text().replace("schema: crm-contact\n", "schema: contact\n"))
    ended = examples.run("plan")
    assert "moved: [{from: crm-contact, to: contact}]" in ended.err + ended.out, ended.err


def test_an_import_document_may_keep_the_old_name(applied: Workspace) -> None:
    ids = {address: entry["id"] for address, entry in applied.lockfile["entries"].items()}
    lines = "".join(f"  {address}: {object_id}\n" for address, object_id in ids.items())
    head = "apiVersion: flowctl/v1\nkind: Import\nmetadata: {name: dev}\nenvironment: dev\nobjects:\n"
    applied.write("pipelines/import.yaml", head + lines)
    rename(applied, "tickets")
    moved(applied, ("support-tickets", "tickets"))
    assert applied.plan().json["changes"] == []
    applied.apply()
    assert applied.plan().json["changes"] == []


def test_a_rename_counts_for_the_digest_of_a_plan(applied: Workspace) -> None:
    before = applied.plan().json["digest"]
    rename(applied, "tickets")
    moved(applied, ("support-tickets", "tickets"))
    digest = applied.plan().json["digest"]
    assert digest != before
    assert applied.run("apply", "--auto-approve", "--expect-digest", before).code == 1
    assert applied.run("apply", "--auto-approve", "--expect-digest", digest).code == 0


def test_a_selection_by_the_new_name_finds_what_has_not_moved_yet(applied: Workspace, platform: Platform) -> None:
    rename(applied, "tickets")
    moved(applied, ("support-tickets", "tickets"))
    planned = applied.run("plan", "--destroy", "--select", "tickets", "--format", "json")
    assert {each["address"] for each in planned.json["changes"]} == {f"tickets.{part}" for part in PARTS}
    assert {each["action"] for each in planned.json["changes"]} <= {"delete", "forget"}
    flow = platform.one("flows", "support-tickets")
    patch = [{"op": "replace", "path": "/scheduleParams/frequency", "value": "week"}]
    path = f"/data/foundation/flowservice/flows/{flow['id']}"
    platform.request("PATCH", path, headers={"If-Match": flow["etag"]}, json=patch).raise_for_status()
    found = applied.run("drift", "--select", "tickets", "--format", "json")
    assert (found.code, [each["address"] for each in found.json["drift"]]) == (3, ["tickets.flow"])
    accepted = applied.run("drift", "--select", "tickets", "--accept")
    assert accepted.code == 0, accepted.err
    assert "frequency: week" in (applied.root / FILE).read_text(encoding="utf-8")
    assert "tickets.flow" in applied.lockfile["entries"]
    assert applied.plan().actions() == {}


def test_destroy_deletes_what_has_not_moved_yet(applied: Workspace, platform: Platform) -> None:
    rename(applied, "tickets")
    moved(applied, ("support-tickets", "tickets"))
    destroyed = applied.run("destroy", "--auto-approve")
    assert destroyed.code == 0, destroyed.err
    assert applied.lockfile["entries"] == {}
    assert platform.items("flows") == []
