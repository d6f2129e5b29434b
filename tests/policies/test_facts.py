"""Facts that rules may ask for: what is known of schemas, and the last run of a pipeline."""

import json

import pytest
from surroundings import EXAMPLES, SCHEMAS, Platform

from flowctl.manifest.documents.policy import FACTS
from flowctl.manifest.schema_facts import schema_facts

NO_IDENTITY = "".join(
    (EXAMPLES / "starter-policies" / "house-rules.yaml").read_text(encoding="utf-8").partition("  - id: profile-id")[1:]
)
FACT = "  - {{id: fact, message: M, severity: error, match: {{kind: {kind}}}, deny: {{{path}: {schema}}}}}\n"
LAST_RUN = """\
  - id: failing
    message: The last run failed
    severity: warning
    match: {kind: Pipeline}
    deny: {lastRun.status: {const: failed}}
"""
REGISTRY = "/data/foundation/schemaregistry/tenant"
ACCEPT = {"Accept": "application/vnd.adobe.xed-id+json"}


def _profile(ruled, schema: str = "{title: Acme people}") -> None:
    """Let the pipeline write to a dataset for Profile, whose schema only Experience Platform has."""
    ruled.edit(
        "flows/people.yaml", "schema: person}", f'schema: {schema}, tags: {{unifiedProfile: ["enabled:true"]}}}}'
    )


@pytest.mark.parametrize(
    ("kind", "path", "schema", "is_broken"),
    [
        ("Pipeline", "xdm.name", "{const: person}", True),
        ("Schema", "xdm.class", "{pattern: profile$}", True),
        ("dataset", "xdm.fields", "{contains: {const: person.name.firstName}}", True),
        ("Pipeline", "xdm.fields", "{contains: {const: person.nickname}}", False),
        ("Pipeline", "xdm.complete", "{const: true}", True),
        ("Pipeline", "xdm.profile", "{const: false}", True),
        ("Schema", "xdm.profile", "true", False),
        ("Pipeline", "xdm.identityMap", "{const: false}", True),
        ("Pipeline", "xdm.primaryIdentities", "true", False),
        ("Connection", "xdm.name", "true", False),
        ("Pipeline", "lastRun.status", "true", False),
    ],
)
def test_what_is_known_of_a_schema(ruled, kind: str, path: str, schema: str, is_broken: bool) -> None:
    ruled.rules(FACT.format(kind=kind, path=path, schema=schema))
    assert ruled.codes("plan") == ["rule-broken"] * is_broken


def test_facts_are_read_only_if_a_rule_asks(ruled, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def noted(document, documents, pulled):
        asked.append(document.name)
        return schema_facts(document, documents, pulled)

    monkeypatch.setattr("flowctl.operations.policies.schema_facts", noted)
    ruled.rules(FACT.format(kind="Pipeline", path="schedule.frequency", schema="{const: day}"))
    assert ruled.codes("plan") == []
    assert asked == []
    ruled.rules(FACT.format(kind="Pipeline", path="xdm.name", schema="{const: none}"))
    assert ruled.codes("plan") == []
    assert "people" in asked


def test_a_profile_dataset_without_an_identity_breaks_the_rule(ruled) -> None:
    ruled.apply()
    _remove_from_workspace(ruled)
    _profile(ruled)
    ruled.rules(NO_IDENTITY)
    assert "rule-broken" not in ruled.codes("plan"), "nothing is known before a pull"
    assert ruled.run("specs", "pull").code == 0
    (problem,) = [each for each in ruled.problems("plan") if each["code"] == "rule-broken"]
    assert (problem["address"], problem["file"]) == ("people.dataset", "flows/people.yaml")
    assert "`xdm` is what the rule denies." in problem["detail"]


def test_a_primary_identity_keeps_the_rule(ruled, platform: Platform) -> None:
    ruled.apply()
    _remove_from_workspace(ruled)
    schema = _schema(platform)
    platform.request(
        "POST",
        f"{REGISTRY}/descriptors",
        json={
            "@type": "xdm:descriptorIdentity",
            "xdm:sourceSchema": schema,
            "xdm:sourceVersion": 1,
            "xdm:sourceProperty": "/personID",
            "xdm:namespace": "Email",
            "xdm:property": "xdm:code",
            "xdm:isPrimary": True,
        },
    ).raise_for_status()
    _profile(ruled)
    ruled.rules(NO_IDENTITY)
    assert ruled.run("specs", "pull").code == 0
    assert "rule-broken" not in ruled.codes("plan")


def _remove_from_workspace(ruled) -> None:
    """Forget the schema, so that it is one that only Experience Platform has."""
    assert ruled.run("state", "rm", "person.schema", "--auto-approve").code == 0
    path = ruled.root / "flows" / "people.yaml"
    path.write_text(path.read_text(encoding="utf-8").partition("---\n")[2], encoding="utf-8")


def _schema(platform: Platform) -> str:
    found = platform.request("GET", f"{REGISTRY}/schemas", headers=ACCEPT).raise_for_status().json()["results"]
    (schema,) = [each["$id"] for each in found if each["title"] == "Acme people"]
    return str(schema)


def _fail(ruled, platform: Platform) -> None:
    platform.http.post("/_emulator/settings", json={"runOutcome": "failed"}).raise_for_status()
    flow = ruled.lockfile["entries"]["people.flow"]["id"]
    platform.http.post("/_emulator/runs", json={"flowId": flow}).raise_for_status()


def test_a_rule_about_the_last_run(ruled, platform: Platform) -> None:
    ruled.rules(LAST_RUN)
    ruled.apply()
    assert ruled.codes("plan") == []
    _fail(ruled, platform)
    (problem,) = ruled.problems("plan")
    assert problem["code"] == "rule-broken"
    assert '`lastRun.status` is the string "failed".' in problem["detail"]


def test_the_last_run_is_one_query_and_only_if_a_rule_asks(ruled, platform: Platform) -> None:
    ruled.rules(LAST_RUN)
    ruled.apply()
    _fail(ruled, platform)
    platform.clear_log()
    ruled.plan()
    assert len([each for each in platform.log() if each["path"].endswith("/runs")]) == 1
    ruled.rules(FACT.format(kind="Pipeline", path="schedule.frequency", schema="{const: day}"))
    platform.clear_log()
    ruled.plan()
    assert [each for each in platform.log() if "/runs" in each["path"]] == []


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("lastRun.failedPercent", "{exclusiveMinimum: 50}"),
        ("lastRun.failedRecords", "{minimum: 1}"),
        ("lastRun.ageHours", "{type: integer, maximum: 1}"),
        ("lastRun.completedAt", "{pattern: Z$}"),
        ("lastRun", "{required: [status, startedAt, readRecords]}"),
    ],
)
def test_what_is_known_of_the_last_run(ruled, platform: Platform, path: str, schema: str) -> None:
    ruled.rules(FACT.format(kind="flow", path=path, schema=schema))
    ruled.apply()
    _fail(ruled, platform)
    assert ruled.codes("plan") == ["rule-broken"]


@pytest.mark.parametrize(
    ("path", "member", "hint"),
    [("xdm.clas", "clas", "Did you mean `class`?"), ("lastRun.state", "state", ""), ("xdm.*", "", ""), ("xdm", "", "")],
)
def test_a_fact_that_there_is_not_is_told_at_its_line(ruled, path: str, member: str, hint: str) -> None:
    ruled.rules(FACT.format(kind="Pipeline", path=f'"{path}"', schema="{const: 5}"))
    found = ruled.run("validate", "--format", "json").json["diagnostics"]
    told = [(each["code"], each["line"]) for each in found]
    assert told == ([("rule-path", 5)] if member else [])
    assert all(f'"{member}"' in each["summary"] and hint in each["detail"] for each in found)


def test_the_facts_are_those_that_rules_may_name(ruled, platform: Platform) -> None:
    ruled.apply()
    _fail(ruled, platform)
    _remove_from_workspace(ruled)
    _profile(ruled)
    assert ruled.run("specs", "pull").code == 0
    for name, members in FACTS.items():
        required = "{required: [" + ", ".join(members) + "], maxProperties: " + str(len(members)) + "}"
        ruled.rules(FACT.format(kind="Pipeline", path=name, schema=required))
        assert "rule-broken" in ruled.codes("plan"), f"{name} has not exactly these members"
    schema = json.loads((SCHEMAS / "policytest.schema.json").read_text(encoding="utf-8"))
    given = schema["properties"]["cases"]["items"]["properties"]["given"]["items"]["properties"]
    assert {name: sorted(given[name]["properties"]) for name in FACTS} == {
        name: list(members) for name, members in FACTS.items()
    }
