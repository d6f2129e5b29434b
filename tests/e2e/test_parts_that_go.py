"""Parts of schemas whose documents go: deleted once nothing uses them, and left where something does."""

from pathlib import Path
from typing import Any

import pytest
from surroundings import Platform, Workspace

WORKSPACE = """\
apiVersion: flowctl/v1
kind: Workspace
defaultEnvironment: dev
environments: {{dev: {{endpoint: "{url}"}}}}
"""
HEAD = "apiVersion: flowctl/v1\nkind: %s\nmetadata: {name: %s}\n"
PROFILE = "https://ns.adobe.com/xdm/context/profile"
SCHEMA = f"{HEAD % ('Schema', 'customer')}class: {PROFILE}\nfieldGroups: [%s]\n"
STORES = f"{HEAD % ('Schema', 'stores')}class: store\n"
GROUP = f"{HEAD % ('FieldGroup', 'crm')}extends: [{PROFILE}]\nfields:\n  crm.id: {{type: string}}\n"
TYPED = "  crm.spent: {ref: amount}\n"
FILES = {
    "amount.yaml": f"{HEAD % ('DataType', 'amount')}fields: {{value: {{type: number}}}}\n",
    "store.yaml": f"{HEAD % ('Class', 'store')}behavior: record\nfields: {{store.id: {{type: string}}}}\n",
    "crm.yaml": GROUP + TYPED,
    "loyalty.yaml": GROUP.replace("crm", "loyalty"),
    "customer.yaml": SCHEMA % "crm, loyalty" + 'identities: [{path: "_${tenant}.crm.id", namespace: Email}]\n',
    "stores.yaml": STORES,
}


@pytest.fixture
def workspace(tmp_path: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> Workspace:
    made = Workspace(root=tmp_path, capsys=capsys, platform=platform)
    made.write("flowctl.yaml", WORKSPACE.format(url=platform.url))
    for name, text in FILES.items():
        made.write(name, text)
    made.apply()
    return made


def last(workspace: Workspace, address: str) -> tuple[str, list[str]]:
    """What a plan is to do with an object, and its notes."""
    (change,) = (each for each in workspace.plan().json["changes"] if each["address"] == address)
    return change["action"], change["notes"]


def titles(platform: Platform, collection: str) -> set[str]:
    path = f"/data/foundation/schemaregistry/tenant/{collection}"
    reply = platform.request("GET", path, headers={"Accept": "application/vnd.adobe.xed+json"}).json()
    return {each["title"] for each in reply["results"]}


def test_a_field_group_goes_with_its_place_in_the_schema(workspace: Workspace, platform: Platform) -> None:
    (workspace.root / "crm.yaml").unlink()
    workspace.write("customer.yaml", SCHEMA % "loyalty")
    assert last(workspace, "crm.field_group") == ("delete", [])
    workspace.apply()
    assert titles(platform, "fieldgroups") == {"loyalty"}
    assert workspace.plan().json["changes"] == []


def test_a_data_type_goes_with_the_field_of_it(workspace: Workspace, platform: Platform) -> None:
    (workspace.root / "amount.yaml").unlink()
    workspace.write("crm.yaml", GROUP)
    assert last(workspace, "amount.data_type") == ("delete", [])
    workspace.apply()
    assert titles(platform, "datatypes") == set()
    assert workspace.plan().json["changes"] == []


def _by_its_id(workspace: Workspace, group: str) -> None:
    workspace.write("customer.yaml", SCHEMA % f"loyalty, '{group}'")


def _ignored(workspace: Workspace, _group: str) -> None:
    ignored = "lifecycle: {ignoreChanges: [schema.fieldGroups]}\n"
    workspace.write("customer.yaml", SCHEMA % f"{PROFILE}-person-details" + ignored)


def _in_another_schema(workspace: Workspace, group: str) -> None:
    workspace.write("other.yaml", (SCHEMA % f"'{group}'").replace("customer", "other"))
    workspace.apply()
    workspace.run("state", "rm", "other.schema", "--auto-approve")
    (workspace.root / "other.yaml").unlink()
    workspace.write("customer.yaml", SCHEMA % "loyalty")


@pytest.mark.parametrize(
    ("edit", "user"), [(_by_its_id, "customer"), (_ignored, "customer"), (_in_another_schema, "other")]
)
def test_a_field_group_stays_that_something_goes_on_using(workspace: Workspace, edit: Any, user: str) -> None:
    group = workspace.lockfile["entries"]["crm.field_group"]["id"]
    edit(workspace, group)
    (workspace.root / "crm.yaml").unlink()
    assert last(workspace, "crm.field_group") == ("forget", [f'The XDM schema "{user}" still uses it.'])


def test_a_class_stays_whose_schema_is_replaced(workspace: Workspace) -> None:
    """Whether the old schema can be deleted is known only when the new one exists."""
    (workspace.root / "store.yaml").unlink()
    workspace.write("stores.yaml", STORES.replace("class: store", f"class: {PROFILE}\ntitle: New stores"))
    assert last(workspace, "store.class") == ("forget", ['The XDM schema "stores" still uses it.'])
