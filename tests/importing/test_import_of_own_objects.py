"""What flowctl made and has forgotten is imported exactly; what manifests describe is bound and not written again."""

import shutil
from pathlib import Path

import pytest
from surroundings import Platform, Workspace

FOLDERS = ("connections", "schemas", "datasets", "pipelines")


def lose_everything(examples: Workspace) -> None:
    """Lose the lockfile and every manifest."""
    (examples.root / "flowctl.dev.lock").unlink()
    for folder in FOLDERS:
        shutil.rmtree(examples.root / folder)
        (examples.root / folder).mkdir()


def test_lost_manifests_come_back_and_nothing_is_sent(examples: Workspace, platform: Platform) -> None:
    examples.apply()
    lose_everything(examples)
    platform.clear_log()
    found = examples.run("import", "--format", "json")
    assert found.code == 0, found.err
    assert {file["file"].partition("/")[0] for file in found.json["written"]} == {*FOLDERS, ".env.example"}
    assert set(examples.plan().actions().values()) == {"import"}
    examples.apply()
    assert examples.run("plan", "--detailed-exitcode").code == 0
    again = examples.run("import")
    assert (again.code, again.out) == (0, "There is nothing to import into environment dev.\n")
    assert platform.writes() == []


def test_before_the_apply_a_second_import_finds_nothing_new(examples: Workspace) -> None:
    examples.apply()
    lose_everything(examples)
    assert examples.run("import").code == 0
    again = examples.run("import", "--format", "json").json
    assert (again["written"], again["bound"], again["skipped"]) == ([], [], [])


def test_a_second_import_builds_on_what_the_first_one_named(examples: Workspace, platform: Platform) -> None:
    """Nothing is recorded in between: the shared dataset is known from the Import document alone."""
    examples.apply()
    lose_everything(examples)
    assert examples.run("import", "--flow", "Shop customers").code == 0
    found = examples.run("import", "--flow", "Partner files", "--format", "json")
    assert found.code == 0, found.out
    assert not [file for file in found.json["written"] if file["file"].startswith("datasets/")]
    assert "imports/dev-2.yaml" in found.json["written"][-1]["file"]
    platform.clear_log()
    assert set(examples.plan().actions().values()) == {"import"}
    examples.apply()
    assert examples.run("plan", "--detailed-exitcode").code == 0
    assert platform.writes() == []


def test_a_flow_that_awaits_its_deletion_is_not_imported(examples: Workspace, platform: Platform) -> None:
    pipeline = "pipelines/shop-customers.yaml"
    text = (examples.root / pipeline).read_text(encoding="utf-8")
    examples.write(pipeline, f"{text}lifecycle: {{onReplace: {{order: create-first}}}}\n")
    examples.apply()
    old = platform.one("flows", "Shop customers")["id"]
    examples.edit(pipeline, "tableName: public.customers", "tableName: public.clients")
    path = f"/data/foundation/flowservice/flows/{old}"
    platform.fault(match={"method": "DELETE", "path": path}, times=1, effect={"status": 400})
    assert examples.run("apply", "--auto-approve").code == 1
    found = examples.run("import", "--format", "json").json
    assert (found["written"], found["skipped"]) == ([], [])
    chosen = examples.run("import", "--flow", old, "--format", "json").json
    assert (chosen["written"], chosen["skipped"]) == ([], [])


def test_what_two_manifests_describe_is_bound_to_neither(examples: Workspace) -> None:
    examples.apply()
    (examples.root / "flowctl.dev.lock").unlink()
    shutil.rmtree(examples.root / "tests", ignore_errors=True)
    (examples.root / "pipelines/shop-customers.yaml").unlink()
    account = (examples.root / "connections/shop-database.yaml").read_text(encoding="utf-8")
    examples.write("connections/copy.yaml", account.replace("name: shop-database", "name: copy"))
    found = examples.run("import", "--format", "json").json
    bound = {each["address"] for each in found["bound"]}
    assert "customers.dataset" in bound
    assert bound.isdisjoint({"copy.connection", "shop-database.connection"})


def test_what_manifests_describe_is_bound(examples: Workspace, platform: Platform) -> None:
    examples.apply()
    known = {address: entry["id"] for address, entry in examples.lockfile["entries"].items()}
    (examples.root / "flowctl.dev.lock").unlink()
    before = sorted(path for path in examples.root.rglob("*.yaml"))
    platform.clear_log()
    found = examples.run("import", "--format", "json")
    assert found.code == 0, found.err
    assert {bound["address"]: bound["id"] for bound in found.json["bound"]} == known
    assert [file["file"] for file in found.json["written"]] == ["pipelines/imports/dev.yaml"]
    assert sorted(set(examples.root.rglob("*.yaml")) - set(before)) == [examples.root / "pipelines/imports/dev.yaml"]
    assert set(examples.plan().actions().values()) == {"import"}
    examples.apply()
    assert examples.run("plan", "--detailed-exitcode").code == 0
    assert platform.writes() == []


def test_a_new_flow_refers_to_what_is_managed_already(examples: Workspace, platform: Platform) -> None:
    """The one flow that is forgotten is imported between all others."""
    examples.apply()
    addresses = [address for address in examples.lockfile["entries"] if address.startswith("shop-customers.")]
    assert examples.run("state", "rm", "--auto-approve", *addresses).code == 0
    (examples.root / "pipelines/shop-customers.yaml").unlink()
    found = examples.run("import", "--format", "json").json
    assert [file["file"] for file in found["written"]] == [
        "pipelines/shop-customers.yaml",
        "pipelines/imports/dev.yaml",
    ]
    text = (examples.root / "pipelines/shop-customers.yaml").read_text(encoding="utf-8")
    assert "connection: shop-database" in text
    assert "dataset: customers" in text
    examples.apply()
    assert examples.run("plan", "--detailed-exitcode").code == 0


def test_a_manifest_of_the_title_that_differs_is_named(examples: Workspace) -> None:
    """A second manifest of the dataflow would be the start of two copies."""
    examples.apply()
    (examples.root / "flowctl.dev.lock").unlink()
    examples.edit("pipelines/shop-customers.yaml", "frequency: hour", "frequency: week")
    found = examples.run("import", "--format", "json")
    assert found.code == 1
    (skipped,) = found.json["skipped"]
    assert skipped["reason"] == (
        "pipelines/shop-customers.yaml:3 describes a dataflow of this title, and `shop-customers.flow` differs in "
        "`scheduleParams.frequency`"
    )
    assert examples.run("import", "--allow-skipped").code == 0


def test_a_flow_is_chosen_by_id_or_name(examples: Workspace, platform: Platform) -> None:
    examples.apply()
    lose_everything(examples)
    flow = platform.one("flows", "Partner files")["id"]
    found = examples.run("import", "--flow", "Shop*", "--flow", flow, "--dry-run", "--format", "json").json
    written = [file["file"] for file in found["written"] if file["file"].startswith("pipelines/")]
    assert written == ["pipelines/partner-files.yaml", "pipelines/shop-customers.yaml"] or len(written) >= 2
    missing = examples.run("import", "--flow", "Shop custmers")
    assert missing.code == 1
    assert 'Did you mean "Shop customers"?' in missing.err
    assert examples.run("import", "--flow", "Shop*", "--all").code == 1


def test_files_that_exist_are_never_overwritten(examples: Workspace) -> None:
    examples.apply()
    lose_everything(examples)
    examples.write("pipelines/shop-customers.yaml", "# mine\n")
    examples.write(".env.example", "MINE=1\n")
    assert examples.run("import").code == 0
    assert (examples.root / "pipelines/shop-customers.yaml").read_text(encoding="utf-8") == "# mine\n"
    assert (examples.root / ".env.example").read_text(encoding="utf-8") == "MINE=1\n"
    assert (examples.root / "pipelines/shop-customers-2.yaml").exists()


def test_a_link_that_leads_nowhere_is_left_alone(examples: Workspace) -> None:
    examples.apply()
    lose_everything(examples)
    example = examples.root / ".env.example"
    example.unlink(missing_ok=True)
    example.symlink_to("nowhere")
    assert examples.run("import").code == 0
    assert example.is_symlink()
    assert (examples.root / ".env-2.example").is_file()


def test_folders_that_are_listed_and_do_not_exist_are_made(examples: Workspace) -> None:
    examples.apply()
    lose_everything(examples)
    for folder in FOLDERS:
        (examples.root / folder).rmdir()
    text = (examples.root / "flowctl.yaml").read_text(encoding="utf-8")
    examples.write("flowctl.yaml", text.replace("datasets, pipelines", "pipelines, more"))
    assert examples.run("import").code == 0
    assert (examples.root / "pipelines/datasets/customers.yaml").exists()
    assert set(examples.plan().actions().values()) == {"import"}


def test_a_folder_that_is_not_read_is_refused(examples: Workspace, tmp_path: Path) -> None:
    for folder in ("elsewhere", str(tmp_path / "outside"), ".hidden"):
        refused = examples.run("import", "--out", folder)
        assert refused.code == 1
        assert "import-folder" in refused.err
    examples.apply()
    lose_everything(examples)
    found = examples.run("import", "--out", "pipelines/taken-over", "--format", "json").json
    assert {file["file"].split("/")[:2][-1] for file in found["written"] if "/" in file["file"]} == {"taken-over"}
    assert set(examples.plan().actions().values()) == {"import"}


def test_what_is_in_the_way_leaves_nothing_behind(examples: Workspace) -> None:
    examples.apply()
    lose_everything(examples)
    (examples.root / "pipelines").rmdir()
    examples.write("pipelines", "a file\n")
    examples.write("flowctl.yaml", (examples.root / "flowctl.yaml").read_text().replace("pipelines]", "schemas/x]"))
    (examples.root / "schemas/x").mkdir()
    examples.write("schemas/pipelines", "a file\n")
    before = sorted(examples.root.rglob("*"))
    failed = examples.run("import", "--out", "schemas")
    assert failed.code == 1
    assert "schemas/pipelines cannot be written: File exists [import-unwritable]" in failed.err
    assert sorted(examples.root.rglob("*")) == before


@pytest.mark.parametrize("path", ["flows", "sourceConnections", "connections"])
def test_a_read_that_fails_in_the_middle_writes_nothing(examples: Workspace, platform: Platform, path: str) -> None:
    examples.apply()
    lose_everything(examples)
    before = sorted(examples.root.rglob("*"))
    platform.fault(
        match={"method": "GET", "path": f"/data/foundation/flowservice/{path}"}, times=99, effect={"status": 403}
    )
    failed = examples.run("import")
    assert failed.code == 1
    assert "http-403" in failed.err
    assert "The import wrote no file." in failed.err
    assert sorted(examples.root.rglob("*")) == before


def test_a_flow_of_an_account_that_is_about_to_be_replaced_is_skipped(examples: Workspace) -> None:
    """It would be described as one of the new account, and be replaced with it."""
    examples.apply()
    addresses = [address for address in examples.lockfile["entries"] if address.startswith("shop-customers.")]
    assert examples.run("state", "rm", "--auto-approve", *addresses).code == 0
    (examples.root / "pipelines/shop-customers.yaml").unlink()
    examples.edit("connections/shop-database.yaml", "connector: postgresql", "connector: mysql")
    found = examples.run("import", "--allow-skipped", "--format", "json").json
    (skipped,) = found["skipped"]
    assert skipped["reason"].startswith("`baseConnectionId` of its source connection cannot be reproduced: it is ")
    assert skipped["reason"].endswith(", and a manifest can say (known after apply)")


def test_a_name_that_a_document_of_the_kind_has_is_not_given_again(examples: Workspace) -> None:
    examples.apply()
    addresses = [address for address in examples.lockfile["entries"] if address.startswith("shop-customers.")]
    assert examples.run("state", "rm", "--auto-approve", *addresses).code == 0
    examples.edit("pipelines/shop-customers.yaml", "title: Shop customers", "title: Another flow")
    found = examples.run("import", "--dry-run", "--format", "json").json
    assert [file["file"] for file in found["written"] if "imports/" not in file["file"]] == [
        "pipelines/shop-customers-2.yaml"
    ]
