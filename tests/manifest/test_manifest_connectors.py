"""Connectors and flow specs: what the catalogue decides, and what it leaves to the live platform."""

import pytest

CONNECTION = """\
apiVersion: flowctl/v1
kind: Connection
metadata: {name: account}
%s
auth: {specName: Basic Authentication, params: {clientId: a, clientSecret: "${env:S}"}}
---
"""
PIPELINE = """\
apiVersion: flowctl/v1
kind: Pipeline
metadata: {name: p}
source: %s
dataset: {id: d}
schedule: {startTime: 1796083200, frequency: once}
"""
UNKNOWN = 'connectionSpec: {id: 11111111-2222-3333-4444-555555555555, version: "1.0"}'
HUBSPOT = "connectionSpec: {id: cc6a4487-9e91-433e-a3a3-9cf6626c1806}"


def codes(manifests):
    return [(found.code, found.span.line) for found in manifests.diagnostics if found.severity == "error"]


def test_a_connector_may_be_left_out_where_the_connection_is_a_document(loaded):
    text = CONNECTION % "connector: hubspot" + PIPELINE % "{connection: account, params: {path: a}}"
    assert codes(loaded({"a.yaml": text})) == []


def test_a_connector_is_needed_where_the_connection_already_exists(loaded):
    assert codes(loaded({"a.yaml": PIPELINE % "{connection: {title: a}}"})) == [("missing-key", 4)]
    assert codes(loaded({"a.yaml": PIPELINE % "{connector: hubspot, connection: {id: a}, params: {path: b}}"})) == []


def test_a_connection_spec_id_of_the_catalogue_is_its_connector(loaded):
    text = CONNECTION % HUBSPOT + PIPELINE % "{connection: account, params: {path: a}, data: {format: json}}"
    assert codes(loaded({"a.yaml": text})) == [("invalid-format", 10)]


def test_a_connection_spec_that_the_catalogue_does_not_hold_needs_a_flow_spec(loaded):
    text = CONNECTION % UNKNOWN + PIPELINE % "{connection: account}"
    assert codes(loaded({"a.yaml": text})) == [("unknown-connection-spec", 10)]
    assert codes(loaded({"a.yaml": text + "flowSpec: CRMToAEP\n"})) == []
    assert codes(loaded({"a.yaml": text + "flowSpec: Nothing\n"})) == [("unknown-flow-spec", 13)]


def test_a_source_with_a_connection_spec_of_its_own(loaded):
    source = f"{{connection: {{id: a}}, {UNKNOWN}}}"
    assert codes(loaded({"a.yaml": PIPELINE % source})) == [("unknown-connection-spec", 4)]
    assert codes(loaded({"a.yaml": PIPELINE % source + "flowSpec: CRMToAEP\n"})) == []


def test_connector_and_connection_spec_exclude_each_other(loaded):
    both = CONNECTION % f"connector: hubspot\n{UNKNOWN}"
    assert codes(loaded({"a.yaml": both})) == [("conflicting-keys", 5)]
    neither = CONNECTION % "title: a"
    assert codes(loaded({"a.yaml": neither})) == [("missing-key", 1)]
    source = f"{{connector: hubspot, connection: {{id: a}}, params: {{path: a}}, {UNKNOWN}}}"
    assert codes(loaded({"a.yaml": PIPELINE % source})) == [("conflicting-keys", 4)]


@pytest.mark.parametrize("connector", ["http-api", "snowflake-streaming"])
@pytest.mark.parametrize("data", ["{format: json}", "{schema: null}", "{}"])
def test_a_source_without_a_format_has_no_data(loaded, connector, data):
    """A key that is accepted and has no effect would be forgotten; other clients' `data` is left alone."""
    source = f"{{connector: {connector}, connection: {{id: a}}, params: {{tableName: a}}, data: {data}}}"
    text = PIPELINE.replace("schedule: ", "# ") % source + "mappings: [{source: a, destination: b}]\n"
    (found,) = [each for each in loaded({"a.yaml": text}).diagnostics if each.code == "invalid-format"]
    assert found.summary == f"connector `{connector}` has no `source.data`"
    assert "no page describes one" in found.detail
    assert found.hint == "Remove `data`."


def test_a_connector_without_an_account(loaded):
    source = "{connector: data-landing-zone, params: {path: a.csv}%s}"
    assert codes(loaded({"a.yaml": PIPELINE % (source % "")})) == []
    assert codes(loaded({"a.yaml": PIPELINE % (source % ", connection: {id: a}")})) == [("connection-not-allowed", 4)]
    assert codes(loaded({"a.yaml": CONNECTION % "connector: data-landing-zone"})) == [("connection-not-allowed", 4)]


def test_incremental_is_for_tables(loaded):
    source = "{connector: amazon-s3, connection: {id: a}, params: {path: a.csv}}"
    text = PIPELINE % source + "incremental: {column: a}\n"
    assert codes(loaded({"a.yaml": text})) == [("incremental-not-supported", 7)]


def test_a_flow_without_a_mapping_transformation_takes_no_mappings(loaded):
    text = PIPELINE % "{connector: http-api, connection: {id: a}}" + "mappings: [{source: a, destination: b}]\n"
    text = text.replace("schedule: ", "# ")
    assert codes(loaded({"a.yaml": text + "flowSpec: Stream data without transformation\n"})) == [
        ("mappings-not-supported", 7)
    ]
    assert codes(loaded({"a.yaml": text + "flowSpec: Stream data with optional transformation\n"})) == []


def test_a_flow_that_must_map_needs_mappings(loaded):
    text = PIPELINE.replace("schedule: ", "# ") % "{connector: http-api, connection: {id: a}}"
    assert codes(loaded({"a.yaml": text + "flowSpec: Steam data with transformation\n"})) == [("missing-key", 1)]


def test_a_streaming_flow_takes_no_schedule(loaded):
    text = PIPELINE % "{connector: http-api, connection: {id: a}}" + "flowSpec: Stream data without transformation\n"
    assert codes(loaded({"a.yaml": text})) == [("invalid-schedule", 6)]


def test_what_the_catalogue_has_from_general_knowledge_gives_warnings(loaded):
    text = CONNECTION % "connector: marketo-engage"
    (found,) = [found for found in loaded({"a.yaml": text}).diagnostics if found.code == "unknown-auth-spec"]
    assert found.severity == "warning"
    assert "Experience Platform decides during plan" in found.detail


def test_a_flow_spec_may_be_named_by_its_id(loaded):
    source = PIPELINE % "{connector: hubspot, connection: {id: a}, params: {path: b}}"
    assert codes(loaded({"a.yaml": source + "flowSpec: 14518937-270C-4525-bdec-c2ba7cce3860\n"})) == []
    other = source + "flowSpec: 9753525b-82c7-4dce-8a9b-5ccfce2b9876\n"
    assert codes(loaded({"a.yaml": other})) == [("flow-spec-mismatch", 7)]


def test_the_id_of_a_flow_spec_that_only_the_platform_may_have_is_a_warning(loaded):
    text = CONNECTION % UNKNOWN + PIPELINE % "{connection: account}"
    manifests = loaded({"a.yaml": text + "flowSpec: 11111111-2222-3333-4444-666666666666\n"})
    (found,) = [found for found in manifests.diagnostics if found.code == "unknown-flow-spec"]
    assert (found.severity, found.span.line, codes(manifests)) == ("warning", 13, [])


def test_a_value_of_the_environment_hides_what_is_wrong_beside_it_and_nothing_elsewhere(loaded):
    def said(source, title="t"):
        text = (PIPELINE % source).replace("{name: p}", f"{{name: p, title: '{title}'}}")
        found = loaded({"a.yaml": text}, environ={"T": "told"}).diagnostics
        return [each.summary for each in found if each.span.line == 4 and "path" in each.summary]

    plain = said("{connector: hubspot, connection: {id: a}, params: {path: 7}}")
    assert plain
    assert said("{connector: hubspot, connection: {id: a}, params: {path: 7}}", "${env:T}") == plain
    beside = said("{connector: hubspot, connection: {id: a}, params: {path: 7, note: '${env:T}'}}")
    assert beside == ["`source.params.path` is not accepted"]
