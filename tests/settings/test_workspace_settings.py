"""flowctl.yaml: where it is found, what it says, and which environment is chosen."""

from pathlib import Path

import pytest

from flowctl.model.diagnostic import SourceSpan
from flowctl.model.errors import ManifestError
from flowctl.model.resource import Sensitive
from flowctl.settings.workspace import Workspace, environment, find, parse, variables

HEAD = "apiVersion: flowctl/v1\nkind: Workspace\n"
DEV = """\
apiVersion: flowctl/v1
kind: Workspace
manifests: [connections, schemas, pipelines]
defaultEnvironment: dev
maxDelete: 5
environments:
  local: {}
  dev:
    endpoint: https://platform.adobe.io/
    organization: ${env:AEP_ORG_ID}
    sandbox: dev
    auth:
      clientId: ${env:AEP_CLIENT_ID}
      clientSecret: ${env:AEP_CLIENT_SECRET}
    variables: {tenant: acme, every: 15, code: "007"}
  prod:
    organization: ${env:PROD_ORG}
"""
ENVIRON = {"AEP_ORG_ID": "ORG@AdobeOrg", "AEP_CLIENT_ID": "an id", "AEP_CLIENT_SECRET": "hunter2"}


def workspace(text: str) -> Workspace:
    return parse(text.encode(), Path("/workspace"))


def dev(settings: str) -> Workspace:
    return workspace(f"{HEAD}environments:\n  dev: {settings}\n")


def said(error: pytest.ExceptionInfo[ManifestError]) -> list[tuple[str, int | None, int | None]]:
    return [
        (d.code, d.span.line if d.span else None, d.span.column if d.span else None) for d in error.value.diagnostics
    ]


def test_it_is_found_from_any_folder_below(tmp_path):
    (tmp_path / "flowctl.yaml").write_text(DEV)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    found = find(below)
    assert (found.root, found.manifests) == (tmp_path, ("connections", "schemas", "pipelines"))
    assert (found.default_environment, found.max_delete) == ("dev", 5)
    assert list(found.environments) == ["local", "dev", "prod"]
    assert found.place("schemas").column == 26


def test_an_empty_list_is_not_named_in_the_summary():
    with pytest.raises(ManifestError) as error:
        workspace(f"{HEAD}manifests: []\n")
    (problem,) = error.value.diagnostics
    assert (problem.summary, problem.detail) == (
        "invalid value for `manifests`",
        "Expected a list of at least 1 item.",
    )


def test_the_places_of_its_values():
    found = workspace(f"{HEAD}manifests: [a, b, a]\nmaxDelete: 3\n")
    assert [found.place(folder).column for folder in ("a", "b")] == [19, 16]
    assert found.place("policies") == SourceSpan(file="flowctl.yaml")
    assert found.max_delete_place().line == 4
    assert workspace(HEAD).place(".") == SourceSpan(file="flowctl.yaml", line=1, column=1)


def test_its_defaults():
    found = workspace(HEAD)
    assert (found.manifests, found.default_environment, list(found.environments)) == ((".",), "local", ["local"])
    assert found.max_delete is None


def test_where_there_is_none(tmp_path):
    with pytest.raises(ManifestError) as error:
        find(tmp_path)
    (found,) = error.value.diagnostics
    assert found.code == "workspace-not-found"
    assert "-C DIR" in found.hint
    (tmp_path / "flowctl.yml").write_text(HEAD)
    with pytest.raises(ManifestError) as error:
        find(tmp_path)
    assert error.value.diagnostics[0].hint == "Rename flowctl.yml to flowctl.yaml."


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", [("empty-workspace-file", 1, 1)]),
        (HEAD + "---\n" + HEAD, [("several-documents", 4, 1)]),
        (HEAD + "manifest: [a]\n", [("unknown-key", 3, 1)]),
        (HEAD + "manifests: a\n", [("wrong-type", 3, 12)]),
        (HEAD + "manifests: []\n", [("invalid-value", 3, 12)]),
        (HEAD + "kind: Workspace\n", [("duplicate-key", 3, 1)]),
        (HEAD + "maxDelete: -1\n", [("invalid-value", 3, 12)]),
        (HEAD + "defaultEnvironment: dev\n", [("unknown-environment", 3, 21)]),
        (HEAD + "environments:\n  a b: {}\n", [("invalid-name", 4, 3)]),
        (HEAD + "environments:\n  dev: {endpont: a, sandbox: 5}\n", [("unknown-key", 4, 9), ("wrong-type", 4, 30)]),
        (HEAD + "environments:\n  dev: {variables: {a: [1]}}\n", [("wrong-type", 4, 24)]),
        ("kind: Workspace\n", [("missing-key", 1, 1)]),
        (HEAD.replace("Workspace", "Pipeline"), [("invalid-value", 2, 7)]),
        ("[]", [("wrong-type", 1, 1)]),
        ("a: [", [("yaml-syntax", 1, 5)]),
        (HEAD + "manifests: [${env:A}]\n", [("yaml-syntax", 3, 14)]),
    ],
)
def test_what_is_wrong_with_the_file(text, problems):
    with pytest.raises(ManifestError) as error:
        workspace(text)
    assert said(error) == problems


def test_a_file_that_is_not_text():
    with pytest.raises(ManifestError) as error:
        parse(HEAD.encode("utf-16"), Path("/workspace"))
    assert said(error) == [("not-utf-8", 1, 1)]


def test_local_needs_nothing():
    found = environment(workspace(HEAD), "local", {})
    assert (found.embedded, found.endpoint, found.organization, found.sandbox) == (True, None, "LOCAL@AdobeOrg", "dev")
    assert (found.client_id, found.client_secret) == ("local-client", Sensitive("local-secret"))


def test_a_local_with_an_endpoint_is_not_embedded():
    text = f"{HEAD}environments:\n  local: {{endpoint: 'http://127.0.0.1:8080'}}\n"
    found = environment(workspace(text), "local", {})
    assert (found.embedded, found.endpoint) == (False, "http://127.0.0.1:8080")
    assert found.token_url == "http://127.0.0.1:8080/ims/token/v3"


def test_an_environment_of_adobe():
    found = environment(workspace(DEV), "dev", ENVIRON)
    assert (found.embedded, found.endpoint, found.organization) == (False, "https://platform.adobe.io", "ORG@AdobeOrg")
    assert found.token_url == "https://ims-na1.adobelogin.com/ims/token/v3"
    assert (found.client_id, found.client_secret) == ("an id", Sensitive("hunter2", "AEP_CLIENT_SECRET"))
    assert found.scopes == (
        "openid",
        "AdobeID",
        "read_organizations",
        "additional_info.projectedProductContext",
        "session",
    )
    assert found.variables == {"tenant": "acme", "every": 15, "code": "007"}
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "localhost:1", "[::1]:1", "127.1.2.3"])
def test_on_this_machine_everything_has_a_default(host):
    found = environment(dev(f"{{endpoint: 'http://{host}'}}"), "dev", {})
    assert (found.organization, found.sandbox, found.client_id) == ("LOCAL@AdobeOrg", "dev", "local-client")
    assert (found.token_url, found.embedded) == (f"http://{host}/ims/token/v3", False)


def test_unset_variables_of_the_chosen_environment_only():
    with pytest.raises(ManifestError) as error:
        environment(workspace(DEV), "dev", {"AEP_CLIENT_ID": "a"})
    assert said(error) == [("unset-variable", 14, 21)]
    assert environment(workspace(DEV), "local", {}).embedded


def test_what_an_environment_off_this_machine_needs():
    with pytest.raises(ManifestError) as error:
        environment(dev("{endpoint: 'https://platform.adobe.io'}"), "dev", {})
    assert [found.summary for found in error.value.diagnostics] == [
        f"missing setting `environments.dev.{key}`"
        for key in ("auth.clientId", "auth.clientSecret", "organization", "sandbox")
    ]
    assert said(error)[0] == ("missing-setting", 4, 3)
    with pytest.raises(ManifestError) as error:
        environment(workspace(DEV), "prod", {"PROD_ORG": "a"})
    assert "missing setting `environments.prod.endpoint`" in [found.summary for found in error.value.diagnostics]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://platform.adobe.io", "plain http"),
        ("http://127.0.0.1.example.com", "plain http"),
        ("http://localhost@example.com", "user name"),
        ("platform.adobe.io", "is not a URL"),
        ("ftp://platform.adobe.io", "is not a URL"),
        ("https://", "is not a URL"),
        ("https://a:b@platform.adobe.io", "user name"),
        ("https://platform.adobe.io?a=b", "query"),
        ("https://platform.adobe.io:port", "is not a URL"),
        ("https://[::1", "is not a URL"),
        ("https://a b", "is not a URL"),
    ],
)
@pytest.mark.parametrize("key", ["endpoint", "tokenUrl"])
def test_addresses_that_are_refused(url, words, key):
    settings = (
        f"{{endpoint: '{url}'}}"
        if key == "endpoint"
        else f"{{endpoint: 'http://127.0.0.1', auth: {{tokenUrl: '{url}'}}}}"
    )
    with pytest.raises(ManifestError) as error:
        environment(dev(settings), "dev", {})
    found = next(problem for problem in error.value.diagnostics if problem.code == "invalid-url")
    assert words in found.summary
    assert found.span.line == 4


def test_an_unknown_environment_names_the_nearest():
    with pytest.raises(ManifestError) as error:
        environment(workspace(DEV), "prd", {})
    (found,) = error.value.diagnostics
    assert (found.code, found.hint) == ("unknown-environment", "Did you mean `prod`?")


def test_variables_are_not_for_the_workspace_file():
    with pytest.raises(ManifestError) as error:
        environment(dev("{endpoint: 'https://${var:host}'}"), "dev", {})
    assert "malformed-substitution" in [code for code, _, _ in said(error)]


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"every": "30"}, 30),
        ({"every": "true"}, True),
        ({"every": "1.5"}, 1.5),
        ({"every": "no"}, "no"),
        ({"every": "0012"}, "0012"),
        ({"every": ""}, ""),
        ({"every": "null"}, "null"),
        ({"every": "a b"}, "a b"),
        ({"every": "9" * 50}, "9" * 50),
        ({}, 15),
    ],
)
def test_a_given_variable_wins_and_is_read_as_yaml(given, value):
    found = variables(workspace(DEV), "dev", given)
    assert found["every"] == value
    assert type(found["every"]) is type(value)


def test_a_variable_that_is_declared_as_text_stays_text():
    assert variables(workspace(DEV), "dev", {"code": "12"})["code"] == "12"
    assert variables(workspace(DEV), "local", {"code": "12"}) == {"code": 12}


def test_a_variable_may_be_made_of_the_environment_and_of_nothing_else():
    assert str(variables(dev("{variables: {a: '${env:A}'}}"), "dev", {})["a"]) == "${env:A}"
    assert variables(dev("{variables: {a: '$${env:A}'}}"), "dev", {}) == {"a": "${env:A}"}
    with pytest.raises(ManifestError) as error:
        variables(dev("{variables: {a: '${var:b}'}}"), "dev", {})
    assert said(error) == [("malformed-substitution", 4, 24)]


def test_sources_are_folders_of_the_emulator_in_this_process() -> None:
    text = f"{HEAD}environments:\n  local: {{sources: {{shop: '${{env:FOLDER}}/shop', crm: crm}}}}\n"
    found = environment(workspace(text), "local", {"FOLDER": "data"})
    assert found.sources == {"shop": "data/shop", "crm": "crm"}


def test_an_environment_with_an_endpoint_has_no_sources() -> None:
    with pytest.raises(ManifestError) as caught:
        environment(dev("{endpoint: 'http://127.0.0.1:1', sources: {shop: shop}}"), "dev", {})
    (problem,) = caught.value.diagnostics
    assert (problem.code, "environments.dev.sources" in problem.summary) == ("invalid-setting", True)
