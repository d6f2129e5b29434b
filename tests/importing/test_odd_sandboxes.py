"""What cannot be described is skipped with its reason, and never described as something else."""

import uuid
from typing import Any

import pytest
from surroundings import Platform, Workspace

FLOWSERVICE = "/data/foundation/flowservice"
LAKE, DLZ, EXPORT = (
    "c604ff05-7f1a-43c0-8e18-33bf874cb11c",
    "10440537-2a7b-4583-ac39-ed38d4b848e8",
    "cd2fc47e-e838-4f38-a581-8fff2f99b63a",
)


@pytest.fixture
def applied(examples: Workspace) -> Workspace:
    """The examples, applied and forgotten; their manifests stay out of the way."""
    examples.apply()
    (examples.root / "flowctl.dev.lock").unlink()
    return examples


def make(platform: Platform, collection: str, body: dict[str, Any], **options: Any) -> str:
    """Create an object as another client would; return its ID."""
    made = platform.request("POST", f"{FLOWSERVICE}/{collection}", json=body, **options)
    assert made.is_success, made.text
    object_id: str = made.json()["id"]
    return object_id


def again(platform: Platform, like: str, **changes: Any) -> str:
    """Create a flow like one that exists, but for some members."""
    live = platform.one("flows", like)
    members = (
        *("name", "description", "flowSpec", "sourceConnectionIds", "targetConnectionIds"),
        *("transformations", "scheduleParams", "options"),
    )
    body = {member: live[member] for member in members if live.get(member)}
    return make(platform, "flows", {**body, **changes})


def describe(platform: Platform, collection: str, live: dict[str, Any], text: str) -> None:
    """Give an object another description."""
    patch = [{"op": "add", "path": "/description", "value": text}]
    headers = {"If-Match": live["etag"]}
    path = f"{FLOWSERVICE}/{collection}/{live['id']}"
    platform.request("PATCH", path, headers=headers, json=patch).raise_for_status()


def skipped(empty: Workspace) -> dict[str, str]:
    """The reason why each flow was skipped, by its name; everything else can be imported and changes nothing."""
    shown = empty.run("import", "--format", "json")
    assert shown.code == 1, shown.out + shown.err
    assert set(empty.plan().actions().values()) <= {"import"}
    return {each["name"]: each["reason"] for each in shown.json["skipped"]}


def test_flows_to_destinations_are_left_alone(applied: Workspace, empty: Workspace, platform: Platform) -> None:
    spec = {"id": LAKE, "version": "1.0"}
    source = make(platform, "sourceConnections", {"name": "lake", "connectionSpec": spec})
    target = make(platform, "targetConnections", {"name": "out", "connectionSpec": {"id": DLZ, "version": "1.0"}})
    ends = {"sourceConnectionIds": [source], "targetConnectionIds": [target]}
    export = make(platform, "flows", {"name": "Export", "flowSpec": {"id": EXPORT, "version": "1.0"}, **ends})
    assert platform.one("flows", "Export")["inheritedAttributes"]["properties"]["isSourceFlow"] is False
    found = empty.run("import", "--dry-run", "--format", "json")
    assert found.code == 0
    assert export not in found.out
    chosen = empty.run("import", "--flow", export, "--format", "json")
    assert chosen.code == 1
    assert [each["reason"] for each in chosen.json["skipped"]] == ["it is a dataflow to a destination"]


@pytest.mark.usefixtures("applied")
def test_of_flows_that_share_a_pair_the_oldest_stays(empty: Workspace, platform: Platform) -> None:
    first = platform.one("flows", "Shop customers")["id"]
    platform.http.post("/_emulator/clock", json={"advanceSeconds": 60}).raise_for_status()
    again(platform, "Shop customers", name="Shop customers (history)")
    assert skipped(empty) == {
        "Shop customers (history)": f'its source connection is also that of the dataflow "Shop customers" ({first})'
    }


@pytest.mark.usefixtures("applied")
def test_a_flow_without_its_dataset_is_skipped(empty: Workspace, platform: Platform) -> None:
    flow = platform.one("flows", "Shop customers")
    target = next(each for each in platform.items("targetConnections") if each["id"] == flow["targetConnectionIds"][0])
    dataset = target["params"]["dataSetId"]
    gone = platform.request("DELETE", f"/data/foundation/catalog/dataSets/{dataset}")
    assert gone.is_success, gone.text
    reasons = skipped(empty)
    assert "Shop customers" in reasons
    assert all(f"its dataset {dataset} is not found" in reason for reason in reasons.values())


@pytest.mark.usefixtures("applied")
def test_rows_and_members_that_no_key_describes_are_not_made_up(empty: Workspace, platform: Platform) -> None:
    """An empty plan would not show them: what is read is compared with what would be sent."""
    live = platform.one("flows", "Shop customers")
    source = next(each for each in platform.items("sourceConnections") if each["id"] == live["sourceConnectionIds"][0])
    patch = [{"op": "add", "path": "/data/note", "value": "of another client"}]
    headers = {"If-Match": source["etag"]}
    changed = platform.request("PATCH", f"{FLOWSERVICE}/sourceConnections/{source['id']}", json=patch, headers=headers)
    assert changed.is_success, changed.text
    found = empty.run("import", "--allow-skipped", "--format", "json").json
    texts = "".join(path.read_text(encoding="utf-8") for path in empty.root.rglob("shop-customers*.yaml"))
    skipped_names = [each["name"] for each in found["skipped"]]
    assert ("note: of another client" in texts) != ("Shop customers" in skipped_names)


@pytest.mark.usefixtures("applied")
def test_what_a_manifest_would_say_otherwise_is_not_written(empty: Workspace, platform: Platform) -> None:
    """A manifest of files always has a format, so one of this flow would replace it."""
    live = platform.one("flows", "Partner files")
    source = next(each for each in platform.items("sourceConnections") if each["id"] == live["sourceConnectionIds"][0])
    target = next(each for each in platform.items("targetConnections") if each["id"] == live["targetConnectionIds"][0])
    copied = {name: source[name] for name in ("name", "baseConnectionId", "params", "connectionSpec", "data")}
    plain = make(platform, "sourceConnections", copied)
    (etag,) = [each["etag"] for each in platform.items("sourceConnections") if each["id"] == plain]
    path = f"{FLOWSERVICE}/sourceConnections/{plain}"
    removal = [{"op": "remove", "path": "/data"}]
    platform.request("PATCH", path, headers={"If-Match": etag}, json=removal).raise_for_status()
    ends = {
        "sourceConnectionIds": [plain],
        "targetConnectionIds": [
            make(
                platform,
                "targetConnections",
                {name: target[name] for name in ("name", "data", "params", "connectionSpec")},
            )
        ],
    }
    again(platform, "Partner files", name="No format", transformations=[], **ends)
    assert skipped(empty) == {
        "No format": "`data.format` of its source connection cannot be reproduced: it is (none), and a manifest can "
        "say delimited"
    }
    assert not list(empty.root.rglob("no-format*"))


@pytest.mark.usefixtures("applied")
def test_a_member_that_a_manifest_would_lose_is_not_lost(empty: Workspace, platform: Platform) -> None:
    """The plan would be empty: it compares what a manifest declares."""
    live = platform.one("flows", "Partner files")
    source = next(each for each in platform.items("sourceConnections") if each["id"] == live["sourceConnectionIds"][0])
    target = next(each for each in platform.items("targetConnections") if each["id"] == live["targetConnectionIds"][0])
    params = {**target["params"], "appendOnly": "yes"}
    bare = {name: target[name] for name in ("name", "data", "connectionSpec")}
    kept = {name: source[name] for name in ("name", "baseConnectionId", "data", "params", "connectionSpec")}
    ends = {
        "sourceConnectionIds": [make(platform, "sourceConnections", kept)],
        "targetConnectionIds": [make(platform, "targetConnections", {**bare, "params": params})],
    }
    again(platform, "Partner files", name="More", transformations=[], **ends)
    assert skipped(empty) == {"More": "no key of a manifest describes `params.appendOnly` of its target connection"}


def test_a_twin_of_a_shared_dataset_is_another_object(applied: Workspace, platform: Platform) -> None:
    """Two manifests share a dataset, and the live flows write to two of its name: only one of them is described."""
    live = platform.one("flows", "Partner files")
    target = next(each for each in platform.items("targetConnections") if each["id"] == live["targetConnectionIds"][0])
    datasets = "/data/foundation/catalog/dataSets"
    shared = platform.request("GET", f"{datasets}/{target['params']['dataSetId']}").json()[
        target["params"]["dataSetId"]
    ]
    body = {name: shared[name] for name in ("name", "description", "schemaRef", "tags") if name in shared}
    twin = platform.request("POST", datasets, json=body).raise_for_status().json()[0].rpartition("/")[2]
    bare = {name: target[name] for name in ("name", "data", "connectionSpec")}
    other = make(platform, "targetConnections", {**bare, "params": {"dataSetId": twin}})
    again(platform, "Partner files", targetConnectionIds=[other])
    platform.request("DELETE", f"{FLOWSERVICE}/flows/{live['id']}").raise_for_status()
    found = applied.run("import", "--format", "json").json
    (reason,) = [each["reason"] for each in found["skipped"]]
    assert "`customers.dataset` is another object" in reason
    assert len([each for each in found["bound"] if each["address"] == "customers.dataset"]) == 1


@pytest.mark.usefixtures("applied")
def test_a_secret_that_a_description_repeats_is_in_no_file(empty: Workspace, platform: Platform) -> None:
    """Whoever wrote it there: what the platform shows as a secret stands in no manifest."""
    platform.http.post("/_emulator/settings", json={"secrets": "echo"}).raise_for_status()
    account = platform.one("connections", "HubSpot base connection")
    platform.request(
        "PATCH",
        f"{FLOWSERVICE}/connections/{account['id']}",
        headers={"If-Match": account["etag"]},
        json=[{"op": "add", "path": "/description", "value": "token canary-hubspot-token, ask Ingrid"}],
    ).raise_for_status()
    shown = empty.run("import", "--format", "json")
    assert shown.code == 0, shown.err
    texts = "".join(path.read_text(encoding="utf-8") for path in empty.root.rglob("*.yaml"))
    assert f"connection: {{id: {account['id']}}}" in texts
    assert "canary" not in texts + shown.out + shown.err
    assert set(empty.plan().actions().values()) == {"import"}


@pytest.mark.usefixtures("applied")
def test_a_part_of_a_secret_that_a_description_repeats_is_in_no_file(empty: Workspace, platform: Platform) -> None:
    platform.http.post("/_emulator/settings", json={"secrets": "echo"}).raise_for_status()
    flow = platform.one("flows", "Shop customers")
    describe(platform, "flows", flow, "asks for canary-postgres at night")
    assert skipped(empty) == {"Shop customers": "it repeats a secret of its connection in clear"}
    texts = "".join(path.read_text(encoding="utf-8") for path in empty.root.rglob("*.yaml"))
    assert "canary" not in texts


@pytest.mark.usefixtures("applied")
def test_a_credential_in_a_description_is_in_no_file(empty: Workspace, platform: Platform) -> None:
    """It need not be one that the platform shows elsewhere."""
    describe(platform, "flows", platform.one("flows", "Shop customers"), "from https://ann:Summer-2024@shop.example")
    account = platform.one("connections", "HubSpot base connection")
    describe(platform, "connections", account, "user=ann;password=Summer-2024")
    reason = "a title or a description has a credential in clear"
    assert skipped(empty) == {"Shop customers": reason}
    texts = "".join(path.read_text(encoding="utf-8") for path in empty.root.rglob("*") if path.is_file())
    assert f"connection: {{id: {account['id']}}}" in texts
    assert "Summer" not in texts


@pytest.mark.usefixtures("applied")
def test_words_that_only_resemble_a_credential_are_imported(empty: Workspace, platform: Platform) -> None:
    describe(platform, "flows", platform.one("flows", "Shop customers"), "Basic information")
    found = empty.run("import", "--format", "json")
    assert (found.code, found.json["skipped"]) == (0, [])
    kinds = [address.rpartition(".")[2] for file in found.json["written"] for address in file["addresses"]]
    assert kinds.count("connection") == 5
    assert "Basic information" in (empty.root / "pipelines/shop-customers.yaml").read_text(encoding="utf-8")


@pytest.mark.usefixtures("applied")
def test_a_credential_in_a_name_is_in_no_reference(empty: Workspace, platform: Platform) -> None:
    live = platform.one("flows", "Shop customers")
    target = next(each for each in platform.items("targetConnections") if each["id"] == live["targetConnectionIds"][0])
    path = f"/data/foundation/catalog/dataSets/{target['params']['dataSetId']}"
    platform.request("PATCH", path, json={"name": "https://ann:Summer-2024@shop.example"}).raise_for_status()
    assert empty.run("import").code == 0
    texts = "".join(file.read_text(encoding="utf-8") for file in empty.root.rglob("*") if file.is_file())
    assert target["params"]["dataSetId"] in texts
    assert "Summer" not in texts


def test_two_flows_of_one_name_have_two_manifests(applied: Workspace, empty: Workspace, platform: Platform) -> None:
    text = (applied.root / "pipelines/shop-customers.yaml").read_text(encoding="utf-8")
    applied.write("pipelines/second.yaml", text.replace("name: shop-customers", "name: second"))
    assert applied.run("state", "repair", "--auto-approve").code == 0
    applied.edit("pipelines/second.yaml", "tableName: public.customers", "tableName: public.more")
    applied.apply("--allow-duplicates")
    found = empty.run("import", "--format", "json")
    assert found.code == 0, found.out
    files = [file["file"] for file in found.json["written"] if "shop-customers" in file["file"]]
    assert [file for file in files if file.startswith("pipelines/")] == [
        "pipelines/shop-customers.yaml",
        "pipelines/shop-customers-2.yaml",
    ]
    empty.apply()
    assert empty.run("plan", "--detailed-exitcode").code == 0


@pytest.mark.usefixtures("applied")
def test_a_connection_that_is_gone_or_hidden_is_named(empty: Workspace, platform: Platform) -> None:
    flow = platform.one("flows", "Shop customers")
    source = flow["sourceConnectionIds"][0]
    platform.fault(match={"method": "GET", "path": f"{FLOWSERVICE}/sourceConnections"}, times=1, effect={"status": 404})
    found = empty.run("import", "--allow-skipped", "--format", "json").json
    # Each object is then asked for alone, and all are there.
    assert found["skipped"] == []
    assert source in (empty.root / "imports/dev.yaml").read_text(encoding="utf-8")


def test_an_id_that_is_none_is_a_name(applied: Workspace, empty: Workspace) -> None:
    missing = str(uuid.uuid4())
    shown = empty.run("import", "--flow", missing)
    assert shown.code == 1
    assert f'"{missing}"' in shown.err
    assert applied.root.exists()
