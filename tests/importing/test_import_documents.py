"""Import documents: objects that exist are recorded with no request, and wrong lines are errors at their places."""

import json
from pathlib import Path
from typing import Any

import pytest
from surroundings import Platform, Workspace

from flowctl.kinds.registry import KINDS
from flowctl.manifest.documents.import_objects import RESOURCE_KINDS

LOCK = "flowctl.dev.lock"


def objects(workspace: Workspace) -> dict[str, str]:
    """The ID of every recorded address."""
    return {address: entry["id"] for address, entry in workspace.lockfile["entries"].items()}


def forget(workspace: Workspace, named: dict[str, str], environment: str = "dev") -> None:
    """Lose the lockfile, and name objects in an Import document."""
    (workspace.root / LOCK).unlink(missing_ok=True)
    name_objects(workspace, named, environment)


def name_objects(workspace: Workspace, named: dict[str, str], environment: str = "dev", file: str = "dev") -> None:
    lines = "".join(f"  {address}: {json.dumps(object_id)}\n" for address, object_id in named.items())
    workspace.write(
        f"pipelines/{file}.yaml",
        f"apiVersion: flowctl/v1\nkind: Import\nmetadata: {{name: {file}}}\nenvironment: {environment}\n"
        f"objects:\n{lines}",
    )


def test_named_objects_are_recorded_without_a_request(examples: Workspace, platform: Platform) -> None:
    examples.apply()
    known = objects(examples)
    forget(examples, known)
    platform.clear_log()
    planned = examples.plan()
    assert set(planned.actions().values()) == {"import"}
    assert planned.json["summary"]["import"] == len(known)
    assert all(change["attributes"] == [] for change in planned.json["changes"])
    applied = examples.run("apply", "--auto-approve", "--format", "json")
    assert {step["status"] for step in applied.json["steps"]} == {"done"}
    assert {step["address"]: step["id"] for step in applied.json["steps"]} == known
    assert objects(examples) == known
    assert examples.run("plan", "--detailed-exitcode").code == 0
    assert platform.writes() == []


def test_an_import_document_is_harmless_when_it_is_done(examples: Workspace, platform: Platform) -> None:
    examples.apply()
    name_objects(examples, objects(examples))
    assert examples.run("plan", "--detailed-exitcode").code == 0
    # Of an address that is recorded with a newer object, the line is history.
    flow = "shop-customers.flow"
    examples.edit("pipelines/shop-customers.yaml", "tableName: public.customers", "tableName: public.clients")
    examples.apply()
    assert objects(examples)[flow] not in (examples.root / "pipelines/dev.yaml").read_text(encoding="utf-8")
    assert examples.run("plan", "--detailed-exitcode").code == 0


def test_what_differs_is_shown_and_updated(examples: Workspace, platform: Platform) -> None:
    examples.apply()
    known = objects(examples)
    forget(examples, known)
    examples.edit("pipelines/shop-customers.yaml", "frequency: hour", "frequency: week")
    examples.edit("pipelines/shopify-orders.yaml", "{source: Email, destination", "{source: Contact, destination")
    platform.clear_log()
    changes = {change["address"]: change for change in examples.plan().json["changes"]}
    assert {change["action"] for change in changes.values()} == {"import"}
    (changed,) = changes["shop-customers.flow"]["attributes"]
    assert (changed["path"], changed["before"], changed["after"]) == ("scheduleParams.frequency", "hour", "week")
    assert "mappingVersion" in changes["shopify-orders.flow"]["attributes"][0]["path"]
    assert platform.writes() == []
    examples.apply()
    assert platform.one("flows", "Shop customers")["scheduleParams"]["frequency"] == "week"
    assert objects(examples) == known
    assert examples.run("plan", "--detailed-exitcode").code == 0
    assert {write["method"] for write in platform.writes()} <= {"PATCH", "PUT", "POST"}
    posts = [write["path"] for write in platform.writes() if write["method"] == "POST"]
    assert all(path.endswith("/mappingSets/validate") for path in posts)


def test_secrets_are_unknown_until_a_variable_changes(
    examples: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run never overwrites a credential that it was not told to change, also if it learns of it only later."""
    examples.apply()
    known = objects(examples)
    examples.edit("connections/hubspot.yaml", "${var:hubspotClientSecret}", "${env:HUBSPOT_CLIENT_SECRET}")
    monkeypatch.delenv("HUBSPOT_CLIENT_SECRET", raising=False)
    forget(examples, known)
    platform.clear_log()
    notes = {change["address"]: change["notes"] for change in examples.plan().json["changes"]}
    assert any("does not return secrets" in note for note in notes["hubspot.connection"])
    examples.apply()
    digests = examples.lockfile["entries"]["hubspot.connection"]["secretDigests"]
    assert digests["auth.params.clientSecret"] == "unknown"
    assert len(digests["auth.params.accessToken"]) == 64
    monkeypatch.setenv("HUBSPOT_CLIENT_SECRET", "first-value-of-today")
    assert examples.run("plan", "--detailed-exitcode").code == 0
    examples.apply()
    assert platform.writes() == []
    monkeypatch.setenv("HUBSPOT_CLIENT_SECRET", "another-value-tomorrow")
    assert examples.plan().actions() == {"hubspot.connection": "update"}
    examples.apply()
    assert [write["method"] for write in platform.writes()] == ["PATCH"]
    assert examples.run("plan", "--detailed-exitcode").code == 0


def test_what_cannot_be_updated_in_place_is_refused(examples: Workspace) -> None:
    examples.apply()
    forget(examples, objects(examples))
    examples.edit("pipelines/shop-customers.yaml", "tableName: public.customers", "tableName: public.clients")
    shown = examples.run("plan", "--format", "json")
    assert shown.code == 1
    errors = [each for each in shown.json["diagnostics"] if each["severity"] == "error"]
    assert {error["code"] for error in errors} == {"import-differs"}
    assert {error["file"] for error in errors} == {"pipelines/dev.yaml"}
    assert any("`params.tableName`" in error["detail"] for error in errors)
    assert examples.run("apply", "--auto-approve").code == 1


def test_a_flow_whose_connections_are_not_named_is_refused(examples: Workspace, platform: Platform) -> None:
    """New connections would lead to a new flow, and the live one would be deleted."""
    examples.apply()
    forget(examples, {"shop-customers.flow": objects(examples)["shop-customers.flow"]})
    assert ("import-differs", "pipelines/dev.yaml", 6) in _errors(examples)
    assert "`shop-customers.source_connection`" in examples.run("plan").err


def _errors(workspace: Workspace, command: str = "plan") -> list[tuple[str, str, int]]:
    shown = workspace.run(command, "--format", "json")
    assert shown.code == 1
    found: list[dict[str, Any]] = [each for each in shown.json["diagnostics"] if each["severity"] == "error"]
    return [(error["code"], error["file"], error["line"]) for error in found]


def test_an_id_that_is_not_there_is_an_error_at_its_line(examples: Workspace, platform: Platform) -> None:
    examples.apply()
    known = objects(examples)
    gone = "00000000-0000-4000-8000-000000000000"
    forget(examples, {"hubspot.connection": known["hubspot.connection"], "shop-customers.flow": gone})
    platform.clear_log()
    assert _errors(examples) == [("import-not-found", "pipelines/dev.yaml", 7)]
    assert platform.writes() == []
    right = known["shop-customers.flow"]
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    forget(examples, {"shop-customers.flow": wrong})
    told = " ".join(examples.run("plan").err.split())
    assert "or it is in another sandbox. Known: " in told
    assert f'Did you mean "{right}"?' in told


def test_an_id_of_another_kind_is_an_error_that_says_which(examples: Workspace) -> None:
    examples.apply()
    known = objects(examples)
    forget(examples, {"shop-customers.flow": known["shop-customers.source_connection"]})
    assert _errors(examples) == [("import-kind-differs", "pipelines/dev.yaml", 6)]
    assert "is the ID of a source connection, not of a flow" in examples.run("plan").err
    forget(examples, {"shop-customers.flow": known["customers.dataset"]})
    assert _errors(examples) == [("import-not-found", "pipelines/dev.yaml", 6)]


def test_an_object_that_is_recorded_elsewhere_is_an_error(examples: Workspace) -> None:
    examples.apply()
    taken = objects(examples)["hubspot.connection"]
    hubspot = (examples.root / "connections/hubspot.yaml").read_text(encoding="utf-8")
    examples.write("connections/two.yaml", hubspot.replace("name: hubspot", "name: two"))
    name_objects(examples, {"two.connection": taken})
    assert _errors(examples) == [("address-taken", "pipelines/dev.yaml", 6)]


def test_an_address_that_no_manifest_describes_is_an_error(examples: Workspace) -> None:
    examples.apply()
    forget(examples, {"hubspott.connection": objects(examples)["hubspot.connection"]})
    assert _errors(examples) == [("unknown-target", "pipelines/dev.yaml", 6)]
    assert "`hubspot.connection`" in examples.run("plan").err


@pytest.mark.parametrize("address", ["Hubspot.connection", "hubspot", "hubspot.conection", "hubspot.connection "])
def test_a_key_that_is_not_an_address_is_an_error_without_a_network(examples: Workspace, address: str) -> None:
    name_objects(examples, {})
    examples.edit(
        "pipelines/dev.yaml", "objects:\n", f'objects:\n  "{address}": 4cb0c374-d3bb-4557-b139-5712880adc55\n'
    )
    assert _errors(examples, "validate") == [("import-address", "pipelines/dev.yaml", 6)]
    assert "Kinds: `connection`, `schema`" in examples.run("validate").out


def test_every_key_that_is_not_an_address_is_an_error(examples: Workspace) -> None:
    some = "4cb0c374-d3bb-4557-b139-5712880adc5"
    name_objects(examples, {"one": f"{some}1", "hubspot.connection": f"{some}2", "two": f"{some}3"})
    found = _errors(examples, "validate")
    assert [line for code, _, line in found if code == "import-address"] == [6, 8]


def test_an_address_may_name_every_kind() -> None:
    assert sorted(RESOURCE_KINDS) == sorted(KINDS)


def test_what_is_named_twice_is_an_error_without_a_network(examples: Workspace) -> None:
    one, two = "4cb0c374-d3bb-4557-b139-5712880adc55", "20c115bc-46e3-40f3-bfe9-fb25abe4ba76"
    name_objects(examples, {"hubspot.connection": one, "shopify.connection": one})
    assert _errors(examples, "validate") == [("import-twice", "pipelines/dev.yaml", 7)]
    name_objects(examples, {"hubspot.connection": one})
    name_objects(examples, {"hubspot.connection": two}, file="again")
    assert [error[0] for error in _errors(examples, "validate")] == ["import-twice"]
    # In another environment the same address has another object.
    name_objects(examples, {"hubspot.connection": two}, environment="local", file="again")
    assert examples.run("validate").code == 0


def test_an_import_of_another_environment_is_ignored_and_of_an_unknown_one_is_an_error(examples: Workspace) -> None:
    missing = {"hubspot.connection": "00000000-0000-4000-8000-000000000000"}
    name_objects(examples, missing, environment="local")
    assert examples.plan().actions()["hubspot.connection"] == "create"
    name_objects(examples, missing, environment="devv")
    assert _errors(examples, "validate") == [("unknown-environment", "pipelines/dev.yaml", 4)]
    assert "Did you mean `dev`?" in examples.run("validate").out


def test_an_import_can_be_targeted(examples: Workspace) -> None:
    examples.apply()
    forget(examples, objects(examples))
    planned = examples.plan("--target", "hubspot.connection")
    assert planned.actions() == {"hubspot.connection": "import"}


def test_a_saved_plan_of_imports_is_applied(examples: Workspace, platform: Platform, tmp_path: Path) -> None:
    examples.apply()
    known = objects(examples)
    forget(examples, known)
    file = str(tmp_path / "plan.json")
    assert examples.run("plan", "--out", file).code == 0
    assert "will be imported" in examples.run("show", file).out
    platform.clear_log()
    assert examples.run("apply", file).code == 0
    assert objects(examples) == known
    assert platform.writes() == []
