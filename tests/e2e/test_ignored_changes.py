"""`lifecycle.ignoreChanges`: a live value stands at the places that it names, and goes along with other updates."""

from typing import Any

import pytest
from surroundings import FLOWS, Platform, Workspace

PIPELINE = "pipelines/shop-customers.yaml"
SETS = "/data/foundation/conversion/mappingSets"
FREQUENCY = "flow.scheduleParams.frequency"


@pytest.fixture
def applied(examples: Workspace) -> Workspace:
    examples.apply()
    return examples


def ignore(workspace: Workspace, *paths: str, file: str = PIPELINE) -> None:
    text = (workspace.root / file).read_text()
    workspace.write(file, f"{text}lifecycle: {{ignoreChanges: [{', '.join(paths)}]}}\n")


def patch(platform: Platform, path: str, value: object, name: str = "Shop customers") -> None:
    flow = platform.one("flows", name)
    platform.request(
        "PATCH",
        f"{FLOWS}/{flow['id']}",
        headers={"If-Match": flow["etag"]},
        json=[{"op": "replace", "path": path, "value": value}],
    ).raise_for_status()


def edit_mappings(platform: Platform, edit: Any) -> None:
    """What an edit in the user interface does: another version of the set, and the flow pins it."""
    flow = platform.one("flows", "Shop customers")
    (place,) = [n for n, each in enumerate(flow["transformations"]) if each["name"] == "Mapping"]
    params = flow["transformations"][place]["params"]
    known = platform.request("GET", f"{SETS}/{params['mappingId']}").raise_for_status().json()
    rows = [
        {
            "sourceType": row.get("sourceType", "ATTRIBUTE"),
            "source": row.get("source") or row.get("sourceAttribute"),
            "destination": row.get("destination") or row.get("destinationXdmPath"),
        }
        for row in known["mappings"]
    ]
    schema = (known.get("outputSchema") or {}).get("schemaRef") or {
        "id": known["xdmSchema"],
        "contentType": "application/vnd.adobe.xed-full+json;version=1",
    }
    body = {"outputSchema": {"schemaRef": schema}, "mappings": [row for row in map(edit, rows) if row]}
    done = platform.request("PUT", f"{SETS}/{params['mappingId']}", json=body).raise_for_status().json()
    patch(platform, f"/transformations/{place}/params/mappingVersion", done["version"])


def test_a_path_is_looked_up_once_the_manifests_have_no_other_errors(examples: Workspace) -> None:
    ignore(examples, "flow.nme")

    def codes() -> list[str]:
        return [each["code"] for each in examples.run("validate", "--format", "json").json["diagnostics"]]

    assert codes() == ["unknown-ignored-path"]
    examples.edit("pipelines/partner-files.yaml", "dataset: customers", "dataset: custmers")
    assert codes() == ["missing-reference"]


def test_an_ignored_difference_is_not_planned(applied: Workspace, platform: Platform) -> None:
    patch(platform, "/scheduleParams/frequency", "week")
    assert applied.plan().actions() == {"shop-customers.flow": "update"}
    ignore(applied, FREQUENCY)
    plan = applied.plan().json
    assert (plan["changes"], plan["drift"]) == ([], [])
    assert plan["ignored"] == [
        {"address": "shop-customers.flow", "path": "scheduleParams.frequency", "live": "week", "manifest": "hour"}
    ]
    text = applied.run("plan")
    assert "1 difference is ignored (lifecycle.ignoreChanges); add -v" in text.out
    assert "scheduleParams.frequency" not in text.out
    assert 'shop-customers.flow: scheduleParams.frequency: "week", manifest "hour"' in applied.run("plan", "-v").out
    platform.clear_log()
    applied.apply()
    assert platform.writes() == []
    assert applied.plan().json["ignored"][0]["live"] == "week"


def test_an_ignored_difference_is_no_drift(applied: Workspace, platform: Platform) -> None:
    ignore(applied, FREQUENCY)
    patch(platform, "/scheduleParams/frequency", "week")
    assert applied.run("drift").code == 0
    patch(platform, "/scheduleParams/interval", 2)
    found = applied.run("drift", "--format", "json")
    (drifted,) = found.json["drift"]
    assert (found.code, [each["path"] for each in drifted["attributes"]]) == (3, ["scheduleParams.interval"])


def test_nothing_is_said_where_nothing_differs(applied: Workspace) -> None:
    ignore(applied, FREQUENCY)
    assert "ignored" not in applied.plan().json
    assert "ignore" not in applied.run("plan").out


def test_an_update_for_another_reason_leaves_the_live_value(applied: Workspace, platform: Platform) -> None:
    patch(platform, "/scheduleParams/frequency", "week")
    ignore(applied, FREQUENCY)
    applied.edit(PIPELINE, "Customers of the web shop", "another")
    (change,) = applied.plan().json["changes"]
    assert [each["path"] for each in change["attributes"]] == ["description"]
    applied.apply()
    flow = platform.one("flows", "Shop customers")
    assert (flow["description"], flow["scheduleParams"]["frequency"]) == ("another", "week")
    assert applied.plan().json["changes"] == []


def test_the_manifest_counts_again_without_the_path(applied: Workspace, platform: Platform) -> None:
    patch(platform, "/scheduleParams/frequency", "week")
    before = (applied.root / PIPELINE).read_text()
    ignore(applied, FREQUENCY)
    applied.apply()
    applied.write(PIPELINE, before)
    applied.apply()
    assert platform.one("flows", "Shop customers")["scheduleParams"]["frequency"] == "hour"


def test_a_new_object_has_the_value_of_the_manifest(examples: Workspace, platform: Platform) -> None:
    ignore(examples, FREQUENCY)
    examples.apply()
    assert platform.one("flows", "Shop customers")["scheduleParams"]["frequency"] == "hour"


def test_a_replacement_keeps_the_live_value(applied: Workspace, platform: Platform) -> None:
    patch(platform, "/scheduleParams/frequency", "week")
    ignore(applied, FREQUENCY)
    applied.edit(PIPELINE, "tableName: public.customers", "tableName: public.clients")
    applied.apply()
    assert platform.one("flows", "Shop customers")["scheduleParams"]["frequency"] == "week"


def test_an_ignored_mapping_stands_as_the_user_interface_left_it(applied: Workspace, platform: Platform) -> None:
    edit_mappings(platform, lambda row: {**row, "source": "email"} if row["destination"] == NAME else row)
    assert set(applied.plan().actions()) == {"shop-customers.flow"}
    ignore(applied, f"'mapping_set.mappings[{NAME}]'")
    plan = applied.plan().json
    assert (plan["changes"], plan["drift"]) == ([], [])
    assert [(each["path"], each["live"]) for each in plan["ignored"]] == [(f"mappings[{NAME}].source", "email")]
    applied.apply()
    version = applied.lockfile["entries"]["shop-customers.mapping_set"]["outputs"]["version"]
    flow = platform.one("flows", "Shop customers")
    assert [str(each["params"]["mappingVersion"]) for each in flow["transformations"] if each["name"] == "Mapping"] == [
        version
    ]
    assert applied.plan().json["changes"] == []


NAME = "person.name.firstName"


def test_an_ignored_mapping_goes_back_with_an_update_of_another(applied: Workspace, platform: Platform) -> None:
    edit_mappings(platform, lambda row: {**row, "source": "email"} if row["destination"] == NAME else row)
    ignore(applied, f"'mapping_set.mappings[{NAME}]'")
    applied.edit(PIPELINE, "destination: personalEmail.address", "destination: mobilePhone.number")
    changes = {change["address"]: change for change in applied.plan().json["changes"]}
    assert {each["path"] for each in changes["shop-customers.mapping_set"]["attributes"]} == {
        "mappings[personalEmail.address]",
        "mappings[mobilePhone.number]",
    }
    applied.apply()
    live = platform.request("GET", f"{SETS}/{applied.lockfile['entries']['shop-customers.mapping_set']['id']}").json()
    rows = {row.get("destination") or row.get("destinationXdmPath"): row for row in live["mappings"]}
    assert rows[NAME].get("source") == "email"
    assert "mobilePhone.number" in rows
    assert applied.plan().json["changes"] == []


def test_a_removed_mapping_and_an_added_one_stand(applied: Workspace, platform: Platform) -> None:
    edit_mappings(platform, lambda row: None if row["destination"] == NAME else row)
    ignore(applied, "mapping_set.mappings")
    plan = applied.plan().json
    assert plan["changes"] == []
    assert (NAME, None) in [
        (each["path"].partition("[")[2].partition("]")[0], each["live"]) for each in plan["ignored"]
    ]


@pytest.mark.parametrize(
    ("path", "code", "said"),
    [
        ("flow.scheduleParams.frequence", "unknown-ignored-path", "Did you mean `flow.scheduleParams.frequency`?"),
        ("flows.scheduleParams.frequency", "unknown-ignored-path", "Did you mean `flow.scheduleParams.frequency`?"),
        ("'mapping_set.mappings[person.name.fristName]'", "unknown-ignored-path", f"mappings[{NAME}]"),
        ("schedule.frequency", "unknown-ignored-path", "Did you mean `flow.scheduleParams.frequency`?"),
        ("flow.sourceConnectionIds", "path-not-ignorable", "flowctl sets it from another object"),
        ("flow.transformations", "path-not-ignorable", "flowctl sets it from another object"),
        ("nonsense.x", "unknown-ignored-path", "Write KIND.PATH as `plan -v` prints it"),
        ("frequency", "invalid-value", "Expected a kind, a dot and a path, such as `flow.description`"),
    ],
)
@pytest.mark.parametrize("command", ["validate", "plan"])
def test_a_wrong_path_names_the_nearest(examples: Workspace, command: str, path: str, code: str, said: str) -> None:
    ignore(examples, FREQUENCY, path)
    ended = examples.run(command)
    assert ended.code == 1
    text = ended.out + ended.err
    line = (examples.root / PIPELINE).read_text().count("\n")
    assert f"{PIPELINE}:{line}:" in text
    assert f"[{code}]" in text
    assert said in text


def test_a_secret_cannot_be_ignored(examples: Workspace) -> None:
    ignore(examples, "connection.auth.params.connectionString", file="connections/shop-database.yaml")
    ended = examples.run("validate")
    assert (ended.code, "[path-not-ignorable]" in ended.out, "It is a secret" in ended.out) == (1, True, True)


def test_every_kind_of_document_may_ignore(examples: Workspace) -> None:
    ignore(examples, "connection.name", file="connections/shop-database.yaml")
    ignore(examples, "dataset.description", file="datasets/customers.yaml")
    ignore(examples, "schema.description", file="schemas/customer.yaml")
    examples.apply()
    examples.edit("datasets/customers.yaml", "description: Customers from", "description: People from")
    examples.edit("schemas/customer.yaml", "description: A person", "description: One")
    assert len(examples.plan().json["ignored"]) == 2
    assert examples.plan().json["changes"] == []


def test_a_saved_plan_shows_what_it_ignores(applied: Workspace, platform: Platform) -> None:
    patch(platform, "/scheduleParams/frequency", "week")
    ignore(applied, FREQUENCY)
    file = str(applied.root / "saved.plan")
    applied.run("plan", "--out", file)
    assert applied.run("show", "-v", file).out == applied.run("plan", "-v").out
