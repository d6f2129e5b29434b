"""Substitution: what comes from where, what type it has, and what is never shown."""

# ruff: noqa: E501 - tables read better in long lines

import pytest

from flowctl.model.resource import Sensitive

HEAD = "apiVersion: flowctl/v1\nkind: Schema\nmetadata: {name: s}\nclass: c\n"
VARIABLES = """\
apiVersion: flowctl/v1
kind: Workspace
environments:
  local:
    variables: {tenant: acme, digits: "007", every: 15, on: true, literal: "$${env:A}"}
"""


def title(manifests):
    assert manifests.diagnostics == ()
    return manifests.documents[0].content["title"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("${var:tenant}", "acme"),
        ("_${var:tenant}.id", "_acme.id"),
        ("every ${var:every} minutes, ${var:on}", "every 15 minutes, true"),
        ("${var:digits}", "007"),
        ("$${var:tenant}", "${var:tenant}"),
        ("${var:literal}", "${env:A}"),
        ("${env:A}", "from the environment"),
        ("${env:B}", "${env:A} ${var:tenant}"),
        ("${tenant}", "${tenant}"),
        ("concat(${First Name}, '${env:A}')", "concat(${First Name}, 'from the environment')"),
        ("'${env:NUMBER}'", "15"),
    ],
)
def test_values(loaded, written, value):
    environ = {"A": "from the environment", "B": "${env:A} ${var:tenant}", "NUMBER": "15"}
    files = {"flowctl.yaml": VARIABLES, "a.yaml": f"{HEAD}title: {written}\n"}
    assert title(loaded(files, environ=environ)) == value


def test_keys_are_not_substituted(loaded, contract):
    text = contract.replace("{path: Hubspot.Contacts}", '{path: a, "${env:A}": b}')
    document = loaded({"a.yaml": text}).documents[3]
    assert document.at("source", "params", "${env:A}") == "b"


@pytest.mark.parametrize(
    ("overrides", "interval"), [({}, 15), ({"every": "30"}, 30), ({"every": "1_0"}, "1_0"), ({"every": "0x1f"}, 31)]
)
def test_a_scalar_that_is_one_variable_takes_its_type(loaded, contract, overrides, interval):
    files = {"flowctl.yaml": VARIABLES, "a.yaml": contract.replace("interval: 1 ", "interval: ${var:every} ")}
    assert loaded(files, overrides=overrides).documents[3].at("schedule", "interval") == interval


@pytest.mark.parametrize(
    ("old", "new", "path", "value"),
    [
        ("interval: 1 ", "interval: ${env:N} ", ("schedule", "interval"), 15),
        ("backfill: true", "backfill: ${env:T}", ("schedule", "backfill"), True),
        ("partialIngestionPercent: 5", "partialIngestionPercent: '${env:F}'", ("options", "partialIngestionPercent"), 2.5),
        ("errorDiagnosticsEnabled: true", "errorDiagnosticsEnabled: '${env:T}'", ("options", "errorDiagnosticsEnabled"), True),
        ("2026-12-01T00:00:00Z", "${env:N}", ("schedule", "startTime"), "15"),
        ("path: Hubspot.Contacts", "path: '${env:N}'", ("source", "params", "path"), "15"),
        ("title: HubSpot contacts  ", "title: ${env:N}  ", ("metadata", "title"), "15"),
        ("{source: Vid, destination: _id}", "{source: Vid, destination: _id, identity: '${env:T}'}", ("mappings", 0, "identity"), True),
    ],
)  # fmt: skip
def test_text_becomes_a_number_where_the_schema_wants_one(loaded, contract, old, new, path, value):
    assert old in contract
    environ = {"HUBSPOT_CLIENT_ID": "a", "HUBSPOT_CLIENT_SECRET": "b", "N": "15", "T": "true", "F": "2.5"}
    manifests = loaded({"a.yaml": contract.replace(old, new, 1)}, environ=environ)
    found = manifests.documents[3].at(*path)
    assert (found, type(found)) == (value, type(value))
    assert [problem.code for problem in manifests.diagnostics] == []


def test_a_set_secret_is_sensitive(loaded, contract):
    secret = loaded({"a.yaml": contract}).documents[0].at("auth", "params", "clientSecret")
    assert secret == Sensitive("hunter2hunter2", "HUBSPOT_CLIENT_SECRET")
    assert "hunter2" not in repr(loaded({"a.yaml": contract}).documents[0])


@pytest.mark.parametrize(
    "environ", [{"HUBSPOT_CLIENT_ID": "a"}, {"HUBSPOT_CLIENT_ID": "a", "HUBSPOT_CLIENT_SECRET": ""}]
)
def test_an_unset_secret_is_a_warning(loaded, contract, environ):
    manifests = loaded({"a.yaml": contract}, environ=environ)
    assert manifests.documents[0].at("auth", "params", "clientSecret") == Sensitive(None, "HUBSPOT_CLIENT_SECRET")
    assert [(d.code, d.severity, d.span.line, d.span.column) for d in manifests.diagnostics] == [
        ("unset-secret", "warning", 7, 64)
    ]


def test_a_literal_secret_is_sensitive_and_a_warning(loaded, contract):
    text = contract.replace('"${env:HUBSPOT_CLIENT_SECRET}"', "00712")
    manifests = loaded({"a.yaml": text})
    assert manifests.documents[0].at("auth", "params", "clientSecret") == Sensitive("00712")
    assert "literal-secret" in [problem.code for problem in manifests.diagnostics]
    assert all(problem.severity == "warning" for problem in manifests.diagnostics)


def test_a_secret_in_a_longer_text(loaded):
    text = """\
        apiVersion: flowctl/v1
        kind: Connection
        metadata: {name: db}
        connector: postgresql
        auth:
          specName: Connection String Based Authentication
          params: {connectionString: "Server=a;UID=b;Password=${env:PASSWORD}"}
        """
    (document,) = loaded({"a.yaml": text}, environ={"PASSWORD": "hunter2"}).documents
    assert document.at("auth", "params", "connectionString") == Sensitive("Server=a;UID=b;Password=hunter2", "PASSWORD")
    (document,) = loaded({"a.yaml": text}, environ={}).documents
    assert document.at("auth", "params", "connectionString") == Sensitive(None, "PASSWORD")


def test_params_that_the_catalogue_does_not_know_are_secrets_where_they_look_like_it(loaded):
    text = """\
        apiVersion: flowctl/v1
        kind: Connection
        metadata: {name: db}
        connectionSpec: {id: 11111111-2222-3333-4444-555555555555}
        auth:
          specName: Anything
          params: {host: a, apiToken: b, user: "${env:SOMEONE}"}
        """
    (document,) = loaded({"a.yaml": text}, environ={"SOMEONE": "me"}).documents
    assert document.at("auth", "params") == {
        "host": "a",
        "apiToken": Sensitive("b"),
        "user": Sensitive("me", "SOMEONE"),
    }


EVERYWHERE = [
    ("kind: Schema  ", "kind: ${env:LEAK}  "),
    ("apiVersion: flowctl/v1\nkind: Schema", "apiVersion: ${env:LEAK}\nkind: Schema"),
    ("apiVersion: flowctl/v1\nkind: Schema", "apiVersion: ${env:LEAK}\nkind: Schematic"),
    ("interval: 1 ", "interval: ${env:LEAK} "),
    ("frequency: day ", "frequency: ${env:LEAK} "),
    ("2026-12-01T00:00:00Z", "${env:LEAK}"),
    ("name: hubspot-contacts ", "name: ${env:LEAK} "),
    ("  connection: hubspot", "  connection: ${env:LEAK}"),
    ("  connector: hubspot ", "  connector: ${env:LEAK} "),
    ("connector: hubspot ", "connector: ${env:LEAK} "),
    ("  schema: crm-contact ", "  schema: ${env:LEAK} "),
    ("format: tabular", "format: '${env:LEAK}'"),
    ("params: {path: Hubspot.Contacts}", "params: {columns: '${env:LEAK}'}"),
    ("params: {path: Hubspot.Contacts}", "params: '${env:LEAK}'"),
    ("specName: Basic Authentication", "specName: ${env:LEAK}"),
    ('params: {clientId: "${env:HUBSPOT_CLIENT_ID}", clientSecret: "${env:HUBSPOT_CLIENT_SECRET}"}', "params: ${env:LEAK}"),
    ("# flowSpec: CRMToAEP", "flowSpec: ${env:LEAK}"),
    ("partialIngestionPercent: 5", "partialIngestionPercent: '${env:LEAK}'"),
    ("errorDiagnosticsEnabled: true", "errorDiagnosticsEnabled: '${env:LEAK}'"),
    ("destination: _id}", "destination: '${env:LEAK}', source: 5}"),
    ("  - {source: Vid, destination: _id}", "  - {source: a, destination: '${env:LEAK}'}\n  - {source: b, destination: '${env:LEAK}'}"),
]  # fmt: skip


@pytest.mark.parametrize("leak", ["hunter2 hunter2 hunter2", "x" * 50 + "hunter2" * 20, "7hunter2!"])
@pytest.mark.parametrize(("old", "new"), EVERYWHERE)
def test_no_message_shows_a_value_of_the_environment(loaded, contract, old, new, leak):
    assert old in contract
    environ = {"HUBSPOT_CLIENT_ID": "a", "HUBSPOT_CLIENT_SECRET": "b", "LEAK": leak}
    manifests = loaded({"a.yaml": contract.replace(old, new, 1)}, environ=environ)
    assert manifests.diagnostics
    for found in manifests.diagnostics:
        assert "hunter2" not in repr(found)


def test_the_digest_follows_the_names_of_files(loaded, tmp_path):
    first = loaded({"a.yaml": HEAD}).digest
    (tmp_path / "a.yaml").unlink()
    assert loaded({"b.yaml": HEAD}).digest != first


def test_the_digest_follows_texts_and_used_variables_but_no_secret(loaded):
    def digest(text, overrides, environ):
        files = {"flowctl.yaml": VARIABLES, "a.yaml": HEAD + text}
        return loaded(files, overrides=overrides, environ=environ).digest

    text = "title: ${var:tenant} ${env:A}\n"
    first = digest(text, {}, {"A": "a"})
    assert first == digest(text, {}, {"A": "b"})
    assert first == digest(text, {"every": "1"}, {"A": "a"})
    assert first != digest(text, {"tenant": "other"}, {"A": "a"})
    assert first != digest(text + "# x\n", {}, {"A": "a"})


def test_a_lookalike_in_a_value_of_the_environment_is_not_told(loaded):
    text = (
        "apiVersion: flowctl/v1\nkind: Schema\nmetadata: {name: s}\ntitle: '${env:T}'\ndescription: '{{ env.D }}'\n"
        "class: https://ns.adobe.com/xdm/context/profile\n"
    )
    found = loaded({"a.yaml": text}, environ={"T": "{{ env.HIDDEN }}"}).diagnostics
    assert [(d.code, d.span.line) for d in found] == [("looks-like-substitution", 5)]


def test_a_scalar_is_told_as_it_stands_in_the_file(loaded):
    text = (
        "apiVersion: flowctl/v1\nkind: Schema\nmetadata: {name: s}\ntitle: '${env:T}'\ndescription: \"a b\"\n"
        "class: https://ns.adobe.com/xdm/context/profile\nextra: [1.50, {a: true}, '${var:n}']\n"
    )
    (document,) = loaded({"a.yaml": text}, environ={"T": "told"}, overrides={"n": "7"}).documents
    assert (document.at("title"), document.scalar("title")) == ("told", "${env:T}")
    assert document.scalar("description") == "a b"
    assert (document.scalar("extra", 0), document.scalar("extra", 1, "a")) == ("1.50", "true")
    assert document.scalar("extra") is None
    assert document.span_inside(3, "title") == document.span("title")
    assert document.span_inside(2, "description").column == document.span("description").column + 3
    assert document.written("extra", 0) == "1.50"
    assert document.written("extra", 2) is None
    assert dict(document.strings())["title",] == "${env:T}"
