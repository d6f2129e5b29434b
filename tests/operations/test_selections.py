"""What `--select` and `--exclude` choose: by name, label and path, with what depends on it, and what is left alone."""

import html

import pytest
from surroundings import FLOWS, Platform, Workspace

CUSTOMERS = {f"shop-customers.{kind}" for kind in ("source_connection", "target_connection", "mapping_set", "flow")}
SHARED = {"shop-database.connection", "customers.dataset", "customer.schema"}


def _planned(workspace: Workspace, *options: str) -> set[str]:
    return set(workspace.plan(*options).actions())


def _names(workspace: Workspace, *options: str) -> set[str]:
    return {address.rpartition(".")[0] for address in _planned(workspace, *options)}


@pytest.mark.parametrize("expression", ["shop-customers", "shop-c*", "path:pipelines/shop-customers.yaml"])
def test_a_pipeline_is_planned_with_what_it_needs(examples: Workspace, expression: str) -> None:
    assert _planned(examples, "--select", expression) == CUSTOMERS | SHARED


def test_selections_add_up(examples: Workspace) -> None:
    both = _planned(examples, "--select", "customer", "--select", "crm-contact")
    assert both == {"customer.schema", "crm-contact.schema"}


def test_a_label_selects_pipelines(examples: Workspace) -> None:
    chosen = _names(examples, "--select", "label:team=support")
    assert "support-tickets" in chosen
    assert not chosen & {"shop-customers", "shopify-orders", "partner-files", "hubspot-contacts"}
    assert chosen == _names(examples, "--select", "label:team=supp*")
    wrong = examples.run("plan", "--select", "label:team=suport")
    assert (wrong.code, "Did you mean `label:team=support`?" in wrong.err) == (1, True)


@pytest.mark.parametrize(
    ("pattern", "chosen"),
    [
        ("schemas", {"customer", "crm-contact"}),
        ("./schemas/", {"customer", "crm-contact"}),
        ("schemas/c*.yaml", {"customer", "crm-contact"}),
        ("schemas/c??????r.yaml", {"customer"}),
        ("**/customer.yaml", {"customer"}),
    ],
)
def test_a_path_selects_the_documents_of_files_and_folders(examples: Workspace, pattern: str, chosen: set[str]) -> None:
    assert _names(examples, "--select", f"path:{pattern}") == chosen


def test_a_star_stays_inside_a_folder(examples: Workspace) -> None:
    assert "[unknown-selection]" in examples.run("plan", "--select", "path:*.yaml").err


def test_what_is_excluded_is_left_out_with_what_depends_on_it(examples: Workspace) -> None:
    everything = _names(examples)
    rest = _names(examples, "--exclude", "customers")
    assert everything - rest == {"customers", "shop-customers", "partner-files"}
    assert _names(examples, "--select", "sho*", "--exclude", "shop-*") == _names(examples, "--select", "shopify*")


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("shop-custmers", "Did you mean `shop-customers`?"),
        ("team=crm", "Did you mean `label:team=crm`?"),
        ("labels:team=crm", "Did you mean `label:KEY=VALUE`?"),
        ("label:team", "is not a selection"),
        ("git:", "is not a selection"),
        ("path:pipelines/shop-customer.yaml", "Did you mean `path:pipelines/shop-customers.yaml`?"),
        ("zzz*", "matches nothing"),
        ("", "matches nothing"),
    ],
)
@pytest.mark.parametrize("option", ["--select", "--exclude"])
def test_a_wrong_expression_names_the_nearest(
    examples: Workspace, platform: Platform, option: str, expression: str, said: str
) -> None:
    platform.clear_log()
    ended = examples.run("plan", option, expression)
    assert (ended.code, said in ended.err, option in ended.err) == (1, True, True), ended.err
    assert platform.log() == []


def test_only_what_is_selected_is_read_and_checked(examples: Workspace, platform: Platform) -> None:
    examples.apply()
    examples.edit("pipelines/support-tickets.yaml", "kind: Pipeline", "kind: Pipeline\nnonsense: 1")
    assert examples.run("plan").code == 1
    platform.clear_log()
    plan = examples.plan("--select", "shop-customers")
    assert plan.json["changes"] == []
    assert plan.json["summary"]["noop"] == len(CUSTOMERS | SHARED)
    flows = [request for request in platform.log() if request["path"].endswith("/flows")]
    assert [request["query"].count(",") for request in flows] == [0], "one flow is asked for"
    assert examples.run("validate", "--select", "shop-customers").code == 0
    assert examples.run("validate", "--exclude", "support-tickets").code == 0
    assert "nonsense" in examples.run("validate", "--select", "support-tickets").out


def test_a_gone_manifest_is_deleted_only_if_it_is_selected(examples: Workspace) -> None:
    examples.apply()
    (examples.root / "pipelines/support-tickets.yaml").unlink()
    assert _planned(examples, "--select", "shop-customers") == set()
    assert _planned(examples, "--exclude", "support-tickets") == set()
    for chosen in (("--select", "support-*"), ("--select", "support-tickets"), ("--exclude", "shop-customers")):
        assert _names(examples, *chosen) == {"support-tickets"}


def test_nothing_is_deleted_while_a_file_cannot_be_read(examples: Workspace) -> None:
    examples.apply()
    examples.write("pipelines/support-tickets.yaml", "kind: [")
    ended = examples.run("plan", "--select", "support-*")
    assert (ended.code, "support-tickets.yaml:1" in ended.err) == (1, True)
    assert examples.plan("--select", "shop-customers").json["changes"] == []


def test_a_name_that_two_documents_have_deletes_the_one_that_is_gone(examples: Workspace) -> None:
    """The entries of a pipeline that is gone belong to no Schema document of the same name."""
    examples.edit("pipelines/support-tickets.yaml", "name: support-tickets", "name: customer")
    examples.apply()
    (examples.root / "pipelines/support-tickets.yaml").unlink()
    deleted = _planned(examples, "--select", "customer*")
    assert "customer.flow" in deleted
    assert "customer.schema" not in deleted


def test_a_dataset_that_a_selected_pipeline_no_longer_has_is_deleted(examples: Workspace) -> None:
    examples.apply()
    path = examples.root / "pipelines/support-tickets.yaml"
    lines = path.read_text().splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith("dataset:"))
    end = next(n for n in range(start + 1, len(lines)) if not lines[n].startswith((" ", "#")))
    path.write_text("".join([*lines[:start], "dataset: customers\n", *lines[end:]]))
    assert examples.plan("--select", "shop-customers").json["changes"] == []
    changes = examples.plan("--select", "support-tickets").actions()
    assert changes["support-tickets.dataset"] == "delete"


def test_a_replacement_is_not_split_from_what_uses_it(examples: Workspace) -> None:
    examples.apply()
    examples.edit("datasets/customers.yaml", "schema: customer\n", "schema: crm-contact\n")
    ended = examples.run("plan", "--select", "customers")
    assert (ended.code, "which uses it, is not selected [selection-splits]" in ended.err) == (1, True), ended.err
    assert "[selection-splits]" not in examples.run("plan", "--select", "customers", "--select", "*").err


def test_a_target_and_a_selection_do_not_go_together(examples: Workspace) -> None:
    for command in ("plan", "apply"):
        ended = examples.run(command, "--target", "customer", "--select", "customer")
        assert (ended.code, "`--target` cannot be combined" in ended.err) == (1, True)


def test_only_what_is_selected_is_applied(examples: Workspace) -> None:
    examples.apply("--select", "shop-customers")
    assert set(examples.lockfile["entries"]) == CUSTOMERS | SHARED


def test_a_selected_destruction_keeps_what_others_need(examples: Workspace) -> None:
    examples.apply()
    assert _planned(examples, "--destroy", "--select", "shop-customers") == CUSTOMERS
    kept = {*examples.lockfile["entries"]} - _planned(examples, "--destroy", "--exclude", "shop-customers")
    assert kept == CUSTOMERS | SHARED
    assert "[selection-splits]" in examples.run("plan", "--destroy", "--select", "customers").err


def test_the_plan_says_what_it_leaves_out(examples: Workspace) -> None:
    options = ("--select", "shop-*", "--exclude", "customers")
    assert "Selected: shop-* without customers. The rest" in examples.run("plan", *options).out
    assert (
        "Selected: <code>shop-&#42; without customers</code>."
        in examples.run("plan", *options, "--format", "markdown").out
    )
    comment = html.unescape(examples.run("plan", *options, "--format", "markdown").out)
    assert " apply --select 'shop-*' --exclude customers --auto-approve --expect-digest " in comment
    document = examples.plan(*options).json
    assert document["selection"] == {"select": ["shop-*"], "exclude": ["customers"]}
    assert "selection" not in examples.plan().json
    assert "Selected: everything without shop-*" in examples.run("plan", "--exclude", "shop-*").out


def test_an_empty_selection_says_so(examples: Workspace) -> None:
    examples.apply("--select", "customer")
    assert "The selected resource matches the manifest." in examples.run("plan", "--select", "customer").out
    assert "has no resources" in examples.run("plan", "--select", "shop-*", "--exclude", "shop-*").out


def test_a_saved_plan_keeps_its_selection(examples: Workspace) -> None:
    examples.apply()
    examples.edit("pipelines/shop-customers.yaml", "Customers of the web shop", "new")
    examples.edit("pipelines/support-tickets.yaml", "kind: Pipeline", "kind: Pipeline\nnonsense: 1")
    file = str(examples.root / "saved.plan")
    assert examples.run("plan", "--select", "shop-*", "--out", file).code == 0
    assert "Selected: shop-*." in examples.run("show", file).out
    refused = examples.run("apply", file, "--select", "shop-*")
    assert "cannot be combined with a saved plan" in refused.err
    assert examples.run("apply", file).code == 0
    assert examples.lockfile["entries"]["shop-customers.flow"]["applied"]["description"] == "new"


def test_a_saved_deletion_keeps_its_selection(examples: Workspace) -> None:
    examples.apply()
    (examples.root / "pipelines/support-tickets.yaml").unlink()
    file = str(examples.root / "saved.plan")
    assert examples.run("plan", "--select", "support-*", "--out", file).code == 0
    assert examples.run("apply", file).code == 0
    assert not any(address.startswith("support-tickets.") for address in examples.lockfile["entries"])


def test_tests_are_selected_with_their_pipeline(examples: Workspace) -> None:
    examples.write(
        "flowctl.yaml", (examples.root / "flowctl.yaml").read_text().replace("pipelines]", "pipelines, tests]")
    )
    assert examples.run("test", "--select", "shop-customers").code == 0
    for options in (("--select", "shop-customers"), ("--select", "path:tests"), ("--exclude", "shopify-orders")):
        assert examples.run("test", *options, "--format", "json").json["summary"]["passed"] > 0, options
    none = examples.run("test", "--select", "shopify-orders", "--format", "json").json
    assert none["summary"] == {"passed": 0, "failed": 0}
    assert {each["pipeline"] for each in none["uncovered"]} == {"shopify-orders"}


def test_drift_is_looked_for_in_a_selection(examples: Workspace, platform: Platform) -> None:
    examples.apply()
    for title in ("Shop customers", "Support tickets"):
        flow = platform.one("flows", title)
        patch = [{"op": "replace", "path": "/description", "value": "by hand"}]
        headers = {"If-Match": flow["etag"]}
        platform.request("PATCH", f"{FLOWS}/{flow['id']}", headers=headers, json=patch).raise_for_status()

    def drifted(*options: str) -> set[str]:
        return {each["address"] for each in examples.run("drift", "--format", "json", *options).json["drift"]}

    assert drifted() >= {"shop-customers.flow"}
    assert drifted("--select", "shop-*") == {"shop-customers.flow"}
    assert "shop-customers.flow" not in drifted("--exclude", "shop-*")
    assert examples.run("drift", "--select", "customer").code == 0
    assert examples.run("drift", "--target", "customer", "--select", "customer").code == 1


def test_drift_at_an_ignored_place_is_none(examples: Workspace, platform: Platform) -> None:
    examples.apply()
    flow = platform.one("flows", "Shop customers")
    patch = [{"op": "replace", "path": "/scheduleParams/frequency", "value": "week"}]
    headers = {"If-Match": flow["etag"]}
    platform.request("PATCH", f"{FLOWS}/{flow['id']}", headers=headers, json=patch).raise_for_status()
    assert examples.run("drift").code == 3
    path = "pipelines/shop-customers.yaml"
    text = (examples.root / path).read_text()
    examples.write(path, f"{text}lifecycle: {{ignoreChanges: [flow.scheduleParams.frequency]}}\n")
    assert examples.run("drift").code == 0


def test_a_selection_is_drawn_with_what_it_needs(examples: Workspace) -> None:
    examples.apply()
    (examples.root / "pipelines/support-tickets.yaml").unlink()
    drawn = examples.run("graph", "--format", "mermaid", "--select", "shop-customers").out
    assert ("customers" in drawn, "shopify" in drawn, "support" in drawn) == (True, False, False)
    assert "support-tickets" in examples.run("graph", "--format", "mermaid", "--select", "support-*").out
    assert examples.run("graph", "--plan", "x", "--select", "a").code == 1


def test_a_dataset_of_another_document_stays(examples: Workspace) -> None:
    """A pipeline and a Dataset share a name, and only the pipeline is selected: it has another dataset."""
    examples.edit("pipelines/support-tickets.yaml", "  name: support-tickets", "  name: customers")
    path = examples.root / "pipelines/support-tickets.yaml"
    lines = path.read_text().splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith("dataset:"))
    end = next(n for n in range(start + 1, len(lines)) if not lines[n].startswith((" ", "#")))
    examples.write("datasets/other.yaml", OTHER_DATASET)
    path.write_text("".join([*lines[:start], "dataset: other\n", *lines[end:]]))
    examples.apply()
    assert examples.plan("--select", "path:pipelines/support-tickets.yaml").json["changes"] == []


OTHER_DATASET = "apiVersion: flowctl/v1\nkind: Dataset\nmetadata: {name: other}\ntitle: O\nschema: crm-contact\n"


def test_lines_of_imports_count_for_what_is_selected(examples: Workspace) -> None:
    examples.apply()
    ids = {address: entry["id"] for address, entry in examples.lockfile["entries"].items()}
    (examples.root / "flowctl.dev.lock").unlink()
    wrong = {**ids, "shopify-orders.flow": ids["shop-customers.flow"], "nobody.flow": ids["support-tickets.flow"]}
    lines = "".join(
        f"  {address}: {object_id}\n" for address, object_id in wrong.items() if "orders.flow" not in address
    )
    head = "apiVersion: flowctl/v1\nkind: Import\nmetadata: {name: dev}\nenvironment: dev\nobjects:\n"
    examples.write("pipelines/import.yaml", head + lines)
    assert examples.run("plan").code == 1
    assert set(examples.plan("--select", "shop-customers").actions().values()) == {"import"}
