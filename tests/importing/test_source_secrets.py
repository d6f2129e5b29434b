"""A secret among the parameters of a source is a variable, as one of an account is."""

import pytest
from surroundings import FLOWS, Platform, Workspace

SOURCES = "/data/foundation/flowservice/sourceConnections"
SECRET, NAME = "hush-4711", "TICKETS_WITH_A_KEY_API_KEY"


@pytest.fixture
def secretive(examples: Workspace, platform: Platform) -> Workspace:
    """The examples, applied and forgotten, and one more flow, whose source has a key."""
    examples.begin_applied()
    flow = platform.one("flows", "Shop customers")
    source = next(each for each in platform.items("sourceConnections") if each["id"] == flow["sourceConnectionIds"][0])
    target = next(each for each in platform.items("targetConnections") if each["id"] == flow["targetConnectionIds"][0])
    mapping = [each for each in flow["transformations"] if each["name"] != "Mapping"]
    params = {**source["params"], "apiKey": SECRET}
    kept = {name: source[name] for name in ("name", "baseConnectionId", "data", "connectionSpec")}
    made = platform.request("POST", SOURCES, json={**kept, "params": params}).raise_for_status().json()["id"]
    ends = {name: target[name] for name in ("name", "data", "params", "connectionSpec")}
    path = SOURCES.replace("source", "target")
    other = platform.request("POST", path, json=ends).raise_for_status().json()["id"]
    body = {
        "name": "Tickets with a key",
        "flowSpec": flow["flowSpec"],
        "sourceConnectionIds": [made],
        "targetConnectionIds": [other],
        "transformations": mapping,
        "scheduleParams": flow["scheduleParams"],
    }
    platform.request("POST", FLOWS, json=body).raise_for_status()
    platform.clear_log()
    return examples


def test_the_secret_is_a_variable_and_nothing_is_sent(
    secretive: Workspace, empty: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = empty.run("import", "--format", "json")
    assert (found.code, found.json["skipped"]) == (0, []), found.err
    text = (empty.root / "pipelines/tickets-with-a-key.yaml").read_text(encoding="utf-8")
    assert f'apiKey: "${{env:{NAME}}}"' in text
    assert f"{NAME}=\n" in (empty.root / ".env.example").read_text(encoding="utf-8")
    planned = empty.plan()
    assert set(planned.actions().values()) == {"import"}
    assert [each["code"] for each in planned.json["diagnostics"] if NAME in each["summary"]] == ["unset-secret"]
    applied = empty.apply()
    assert empty.run("plan", "--detailed-exitcode").code == empty.run("drift").code == 0
    # The first value is taken for the one in use, and a later one is a change.
    monkeypatch.setenv(NAME, SECRET)
    assert empty.run("plan", "--detailed-exitcode").code in (0, 2)
    empty.apply()
    assert empty.run("plan", "--detailed-exitcode").code == 0
    assert platform.writes() == []
    monkeypatch.setenv(NAME, "hush-0815")
    changed = empty.run("plan")
    assert (changed.code, "tickets-with-a-key.source_connection" in changed.out) == (1, True)
    assert "prevent-destroy" in changed.err
    shown = found.out + found.err + applied.out + applied.err + changed.out + changed.err
    everything = shown + "".join(file.read_text(encoding="utf-8") for file in empty.root.rglob("*") if file.is_file())
    assert "hush" not in everything
    assert secretive.root.exists()


def test_a_secret_that_is_not_set_cannot_be_sent(secretive: Workspace, empty: Workspace, platform: Platform) -> None:
    assert empty.run("import").code == 0
    lines = (empty.root / "imports/dev.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    empty.write("imports/dev.yaml", "".join(line for line in lines if "tickets-with-a-key" not in line))
    assert empty.run("validate").code == 0
    refused = empty.run("apply", "--auto-approve", "--allow-duplicates", "--format", "json")
    found = [(each["code"], NAME in each["summary"]) for each in refused.json["diagnostics"] if NAME in str(each)]
    assert (refused.code, found) == (1, [("secret-not-set", True)]), refused.out
    assert platform.writes() == []
    assert secretive.root.exists()


def test_elsewhere_a_variable_that_is_not_set_is_an_error(examples: Workspace) -> None:
    examples.edit("pipelines/shop-customers.yaml", "tableName: public.customers", 'tableName: "${env:NOT_SET_AT_ALL}"')
    found = examples.run("validate", "--format", "json")
    assert (found.code, [each["code"] for each in found.json["diagnostics"]]) == (1, ["unset-variable"])
