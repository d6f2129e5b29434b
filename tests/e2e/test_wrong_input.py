"""Wrong input, through the command line: exit 1, file, line and cure are named, nothing is sent or written."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from surroundings import Platform, Result, Workspace

Break = Callable[[Workspace], None]
HUBSPOT = "pipelines/hubspot-contacts.yaml"
SHOP = "pipelines/shop-customers.yaml"
TICKETS = "pipelines/support-tickets.yaml"
ORDERS = "pipelines/shopify-orders.yaml"
LOCK = "flowctl.dev.lock"


@dataclass(frozen=True)
class Wrong:
    """What is wrong, and what has to be said: the file, a text of the named line, the code, words of the cure."""

    how: Break
    file: str
    line: str
    code: str
    cure: str
    reads: bool = False


def _edit(name: str, old: str, new: str) -> Break:
    return lambda workspace: workspace.edit(name, old, new)


def _write(name: str, text: str) -> Break:
    return lambda workspace: workspace.write(name, text)


def _lockfile(**members: object) -> Break:
    document = {
        "version": 1,
        "organization": "LOCAL@AdobeOrg",
        "sandbox": "dev",
        "lineage": "11111111-2222-4333-8444-555555555555",
        "serial": 1,
        "salt": "00" * 16,
        "entries": {},
        **members,
    }
    return _write(LOCK, json.dumps(document, indent=2))


def _second_pipeline_of_one_name(workspace: Workspace) -> None:
    workspace.write("pipelines/z-copy.yaml", (workspace.root / HUBSPOT).read_text(encoding="utf-8"))


def _connection_of_an_unknown_spec(workspace: Workspace) -> None:
    auth = "auth: {specName: Basic Authentication, params: {host: h}}"
    head = "apiVersion: flowctl/v1\nkind: Connection\nmetadata: {name: other}"
    workspace.write("connections/other.yaml", f"{head}\n{_OTHER_SPEC}\n{auth}\n")


def _empty(workspace: Workspace) -> None:
    for path in workspace.root.glob("*/*.yaml"):
        path.unlink()


_CUT = '{\n  "version": 1,\n  "entries": {\n    "hubspot.conn'
_CONFLICT = '{\n<<<<<<< HEAD\n  "serial": 3\n=======\n  "serial": 4\n>>>>>>> other\n}\n'
_OTHER_SPEC = "connectionSpec: {id: 00000000-0000-4000-8000-000000000000, version: '1.0'}"

WRONG: dict[str, Wrong] = {
    "unknown key": Wrong(
        _edit(HUBSPOT, "  description: HubSpot target connection", "  descripton: HubSpot target connection"),
        HUBSPOT,
        "descripton:",
        "unknown-key",
        "Did you mean `description`?",
    ),
    "unknown kind": Wrong(
        _edit(HUBSPOT, "kind: Pipeline", "kind: Pipelines"),
        HUBSPOT,
        "kind:",
        "unknown-kind",
        "Did you mean `Pipeline`?",
    ),
    "wrong type": Wrong(
        _edit(SHOP, "  interval: 1", "  interval: often"), SHOP, "interval:", "wrong-type", "must be an integer"
    ),
    "missing reference": Wrong(
        _edit(HUBSPOT, "connection: hubspot", "connection: hubspott"),
        HUBSPOT,
        "connection: hubspott",
        "missing-reference",
        "Did you mean `hubspot`?",
    ),
    "two pipelines of one name": Wrong(
        _second_pipeline_of_one_name, "pipelines/z-copy.yaml", "name: hubspot-contacts", "duplicate-name", "Rename one"
    ),
    "two mappings on one destination": Wrong(
        _edit(HUBSPOT, "destination: _repo.createDate", "destination: _id"),
        HUBSPOT,
        "source: Added_At",
        "duplicate-destination",
        "Keep one of them",
    ),
    "interval with once": Wrong(
        _edit(HUBSPOT, "frequency: once", "frequency: once\n  interval: 15"),
        HUBSPOT,
        "interval: 15",
        "invalid-schedule",
        "Remove `interval`",
    ),
    "interval 5 with minute": Wrong(
        _edit(TICKETS, "interval: 30", "interval: 5"), TICKETS, "interval: 5", "invalid-schedule", "at least 15"
    ),
    "connector not served by the flow spec": Wrong(
        _edit(ORDERS, "schedule:\n", "flowSpec: CloudStorageToAEP\nschedule:\n"),
        ORDERS,
        "flowSpec:",
        "flow-spec-mismatch",
        "Remove `flowSpec`",
    ),
    "connection spec that the catalogue does not hold": Wrong(
        _edit("connections/shopify.yaml", "connector: shopify", _OTHER_SPEC),
        ORDERS,
        "source:",
        "unknown-connection-spec",
        "Correct the ID (`flowctl connectors` lists the sources that flowctl knows), or add `flowSpec: NAME`",
    ),
    "connection spec that the platform does not hold": Wrong(
        _connection_of_an_unknown_spec,
        "connections/other.yaml",
        "connectionSpec",
        "unknown-connection-spec",
        "Correct `connectionSpec.id`",
        reads=True,
    ),
    "empty workspace": Wrong(_empty, "flowctl.yaml", "apiVersion", "no-manifests", "Write a manifest"),
    "unset environment variable": Wrong(
        _edit(HUBSPOT, "path: Hubspot.Contacts", 'path: "${env:FLOWCTL_TEST_UNSET}"'),
        HUBSPOT,
        "FLOWCTL_TEST_UNSET",
        "unset-variable",
        "export FLOWCTL_TEST_UNSET=...",
    ),
    "unset variable of the environment": Wrong(
        _edit("flowctl.yaml", "    variables:", "    organization: ${env:FLOWCTL_TEST_UNSET}\n    variables:"),
        "flowctl.yaml",
        "FLOWCTL_TEST_UNSET",
        "unset-variable",
        "export FLOWCTL_TEST_UNSET=...",
    ),
    "unknown variable": Wrong(
        _edit("connections/shopify.yaml", "${var:shopifyAccessToken}", "${var:shopifyToken}"),
        "connections/shopify.yaml",
        "shopifyToken",
        "unknown-variable",
        "shopifyAccessToken",
    ),
    "yaml that cannot be read": Wrong(
        _edit(HUBSPOT, "  labels: {team: crm}", "  labels: {team: crm"), HUBSPOT, "labels:", "yaml-syntax", "Add `}`"
    ),
    "lockfile of another organization": Wrong(
        _lockfile(organization="OTHER@AdobeOrg"),
        LOCK,
        '"organization"',
        "lockfile-elsewhere",
        "Correct the environment",
    ),
    "lockfile of another sandbox": Wrong(
        _lockfile(sandbox="prod"), LOCK, '"sandbox"', "lockfile-elsewhere", "Correct the environment"
    ),
    "truncated lockfile": Wrong(
        _write(LOCK, _CUT), LOCK, "hubspot.conn", "lockfile-unreadable", "Restore it from version control"
    ),
    "empty lockfile": Wrong(_write(LOCK, ""), LOCK, "", "lockfile-unreadable", "Restore it from version control"),
    "lockfile that is a list": Wrong(_write(LOCK, "[]"), LOCK, "[]", "lockfile-unreadable", "Restore it"),
    "lockfile with an entry that has no id": Wrong(
        _lockfile(entries={"a.flow": {"kind": "flow"}}), LOCK, '"a.flow"', "lockfile-unreadable", "Restore it"
    ),
    "lockfile with an entry of an unknown kind": Wrong(
        _lockfile(entries={"a.widget": {"kind": "widget", "id": "1"}}),
        LOCK,
        '"a.widget"',
        "lockfile-unreadable",
        "newer release",
    ),
    "lockfile with an ID that is none": Wrong(
        _lockfile(entries={"a.flow": {"kind": "flow", "id": "1/../2"}}),
        LOCK,
        '"a.flow"',
        "lockfile-unreadable",
        "Restore the file",
    ),
    "lockfile with an old object whose ID is none": Wrong(
        _lockfile(
            entries={
                "a.flow": {"kind": "flow", "id": "6d3a1f0a-1111-4222-8333-abcdefabcdef", "deposed": ["1/../2"]},
            }
        ),
        LOCK,
        '"a.flow"',
        "lockfile-unreadable",
        "Restore the file",
    ),
    "newer lockfile": Wrong(_lockfile(version=99), LOCK, '"version"', "lockfile-newer", "Install that release"),
    "lockfile with merge conflict markers": Wrong(
        _write(LOCK, _CONFLICT), LOCK, "<<<<<<<", "lockfile-conflict", "Keep the entries of both"
    ),
}

every_wrong = pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)


def _line_of(workspace: Workspace, file: str, text: str) -> int:
    lines = (workspace.root / file).read_text(encoding="utf-8").splitlines() or [""]
    return next(number for number, line in enumerate(lines, start=1) if text in line and not line.startswith("#"))


def _listing(root: Path) -> dict[str, bytes]:
    """Every file with its bytes; the run lock of an apply may stay."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.suffix != ".runlock"
    }


@every_wrong
@pytest.mark.parametrize("command", [("plan",), ("apply", "--auto-approve")], ids=["plan", "apply"])
def test_wrong_input_ends_with_1(examples: Workspace, wrong: Wrong, command: tuple[str, ...]) -> None:
    wrong.how(examples)
    assert examples.run(*command).code == 1


@every_wrong
def test_file_line_and_column_come_first(examples: Workspace, wrong: Wrong) -> None:
    wrong.how(examples)
    line = _line_of(examples, wrong.file, wrong.line)
    assert re.match(rf"{re.escape(wrong.file)}:{line}:\d+: error: ", examples.run("plan").err)


@every_wrong
def test_the_cure_is_named(examples: Workspace, wrong: Wrong) -> None:
    wrong.how(examples)
    assert wrong.cure in examples.run("plan").err


@every_wrong
def test_results_and_errors_do_not_mix(examples: Workspace, wrong: Wrong) -> None:
    wrong.how(examples)
    assert examples.run("plan").out == ""


@every_wrong
def test_in_json_the_diagnostic_is_all_there_is(examples: Workspace, wrong: Wrong) -> None:
    wrong.how(examples)
    result = examples.run("plan", "--format", "json")
    assert [found["code"] for found in result.json["diagnostics"]] == [wrong.code]


@every_wrong
def test_in_json_the_diagnostic_names_file_and_line(examples: Workspace, wrong: Wrong) -> None:
    wrong.how(examples)
    line = _line_of(examples, wrong.file, wrong.line)
    (found,) = examples.run("plan", "--format", "json").json["diagnostics"]
    assert (found["file"], found["line"]) == (wrong.file, line)


@every_wrong
def test_nothing_is_sent(examples: Workspace, platform: Platform, wrong: Wrong) -> None:
    wrong.how(examples)
    examples.run("apply", "--auto-approve")
    assert (platform.writes() if wrong.reads else platform.log()) == []


@every_wrong
def test_nothing_is_written(examples: Workspace, wrong: Wrong) -> None:
    wrong.how(examples)
    before = _listing(examples.root)
    examples.run("plan")
    examples.run("apply", "--auto-approve")
    assert _listing(examples.root) == before


OFFLINE = {
    name: wrong
    for name, wrong in WRONG.items()
    if wrong.file != LOCK and not wrong.reads and name != "unset variable of the environment"
}


@pytest.mark.parametrize("wrong", OFFLINE.values(), ids=OFFLINE)
def test_validate_says_the_same_as_plan(examples: Workspace, wrong: Wrong) -> None:
    wrong.how(examples)
    validated = examples.run("validate", "--format", "json").json["diagnostics"]
    assert validated == examples.run("plan", "--format", "json").json["diagnostics"]


def test_every_problem_of_every_file_is_reported_in_one_run(examples: Workspace) -> None:
    for name in ("unknown key", "wrong type", "interval 5 with minute", "missing reference"):
        WRONG[name].how(examples)
    codes = [found["code"] for found in examples.run("plan", "--format", "json").json["diagnostics"]]
    assert codes == ["missing-reference", "unknown-key", "wrong-type", "invalid-schedule"]


def test_a_secret_that_is_not_set_stops_an_apply(
    examples: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FLOWCTL_TEST_UNSET", raising=False)
    examples.edit("connections/shopify.yaml", "${var:shopifyAccessToken}", "${env:FLOWCTL_TEST_UNSET}")
    result = examples.run("apply", "--auto-approve")
    assert (result.code, platform.writes()) == (1, [])


def test_a_secret_that_is_not_set_is_named_with_its_place(examples: Workspace) -> None:
    examples.edit("connections/shopify.yaml", "${var:shopifyAccessToken}", "${env:FLOWCTL_TEST_UNSET}")
    result = examples.run("apply", "--auto-approve", "--format", "json")
    found = [each for each in result.json["diagnostics"] if each["severity"] == "error"]
    assert [(each["code"], each["file"]) for each in found] == [("secret-not-set", "connections/shopify.yaml")]


def test_a_secret_that_is_not_set_is_a_warning_of_validate(examples: Workspace) -> None:
    examples.edit("connections/shopify.yaml", "${var:shopifyAccessToken}", "${env:FLOWCTL_TEST_UNSET}")
    result = examples.run("validate", "--format", "json")
    assert (result.code, [each["severity"] for each in result.json["diagnostics"]]) == (0, ["warning"])


# What answers instead of the platform.

REPLIES: dict[str, tuple[int, str, bytes]] = {
    "html page": (200, "text/html", b"<!DOCTYPE html><html><head><title>Sign in</title></head></html>"),
    "html error page": (502, "text/html; charset=utf-8", b"<html><body><h1>Bad Gateway</h1></body></html>"),
    "not json": (200, "application/json", b"ok"),
    "empty": (200, "application/json", b""),
    "list": (200, "application/json", b"[]"),
    "items of the wrong type": (200, "application/json", b'{"items": 5}'),
    "items that are no objects": (200, "application/json", b'{"items": ["a"]}'),
    "object without items": (200, "application/json", b'{"ok": true}'),
    "null": (200, "application/json", b"null"),
}


QUICK = ("--retry-budget", "0")
TOKEN = b'{"access_token": "t", "expires_in": 86399}'


@contextmanager
def _answering(status: int, content_type: str, body: bytes, token: bytes = TOKEN) -> Iterator[str]:
    """A server that gives tokens and answers everything else with one reply."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path.startswith("/ims/"):
                self._reply(200, "application/json", token)
            else:
                self._reply(status, content_type, body)

        def do_GET(self) -> None:
            self._reply(status, content_type, body)

        def _reply(self, status: int, content_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """flowctl leaves without waiting for what else it asked for: that is no word of flowctl's on stderr."""
            if not isinstance(sys.exception(), ConnectionError):
                super().handle_error(request, client_address)

    server = Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _plan_against(examples: Workspace, url: str, *arguments: str) -> Result:
    text = (examples.root / "flowctl.yaml").read_text(encoding="utf-8")
    examples.write("flowctl.yaml", re.sub(r"endpoint: \S+", f"endpoint: {url}", text))
    return examples.run("plan", *QUICK, *arguments)


every_reply = pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)


@every_reply
def test_a_server_that_is_not_the_platform_ends_with_1(examples: Workspace, reply: tuple[int, str, bytes]) -> None:
    with _answering(*reply) as url:
        assert _plan_against(examples, url).code == 1


@every_reply
def test_a_server_that_is_not_the_platform_is_told_with_a_cure(
    examples: Workspace, reply: tuple[int, str, bytes]
) -> None:
    with _answering(*reply) as url:
        assert re.search("[Cc]heck `endpoint`", _plan_against(examples, url).err)


@every_reply
def test_a_server_that_is_not_the_platform_leaves_no_traceback(
    examples: Workspace, reply: tuple[int, str, bytes]
) -> None:
    with _answering(*reply) as url:
        assert "Traceback" not in _plan_against(examples, url).err


@every_reply
def test_a_server_that_is_not_the_platform_is_told_in_json(examples: Workspace, reply: tuple[int, str, bytes]) -> None:
    with _answering(*reply) as url:
        (found,) = _plan_against(examples, url, "--format", "json").json["diagnostics"]
    assert found["code"] in {"html-reply", "unexpected-reply"}


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"ok", b'{"access_token": null}', b'{"access_token": "t", "expires_in": "x"}']
)
def test_a_token_of_the_wrong_shape_is_told(examples: Workspace, body: bytes) -> None:
    with _answering(*REPLIES["empty"], token=body) as url:
        (found,) = _plan_against(examples, url, "--format", "json").json["diagnostics"]
    assert (found["code"], "/ims/token/v3" in found["summary"]) == ("unexpected-reply", True)


def test_an_endpoint_that_nobody_answers_is_named_with_a_cure(examples: Workspace) -> None:
    with _answering(*REPLIES["empty"]) as url:
        pass
    result = _plan_against(examples, url)
    assert result.code == 1
    assert url.removeprefix("http://") in result.err
    assert "Check `environments.dev.endpoint` in flowctl.yaml" in result.err


def test_a_token_is_not_shown_with_a_reply_of_the_wrong_shape(examples: Workspace) -> None:
    token = b'{"access_token": "canary-token", "expires_in": "soon"}'
    with _answering(*REPLIES["empty"], token=token) as url:
        assert "canary-token" not in _plan_against(examples, url).err


def _with_credentials(examples: Workspace, **credentials: str) -> None:
    lines = "".join(f"      {name}: {value}\n" for name, value in credentials.items())
    examples.edit("flowctl.yaml", "    variables:\n", f"    auth:\n{lines}    variables:\n")


@pytest.mark.parametrize("credentials", [{"clientSecret": "wrong-canary"}, {"clientId": "nobody"}])
def test_wrong_credentials_are_told_with_a_cure(examples: Workspace, credentials: dict[str, str]) -> None:
    _with_credentials(examples, **credentials)
    result = examples.run("plan")
    assert (result.code, "Check `auth.clientId`, `auth.clientSecret`, `auth.scopes`" in result.err) == (1, True)


def test_wrong_credentials_are_not_shown(examples: Workspace) -> None:
    _with_credentials(examples, clientSecret="wrong-canary")
    result = examples.run("-vv", "plan")
    assert "wrong-canary" not in result.out + result.err


def test_with_wrong_credentials_nothing_is_sent(examples: Workspace, platform: Platform) -> None:
    _with_credentials(examples, clientSecret="wrong-canary")
    examples.run("apply", "--auto-approve")
    assert platform.log() == []


@pytest.mark.parametrize(
    ("setting", "words"), [("sandbox: nowhere", "nowhere"), ("organization: OTHER@AdobeOrg", "403")]
)
def test_a_place_that_the_credentials_do_not_reach_is_told(examples: Workspace, setting: str, words: str) -> None:
    examples.edit("flowctl.yaml", "    variables:\n", f"    {setting}\n    variables:\n")
    result = examples.run("plan")
    assert (result.code, words in result.err) == (1, True)


# Wrong usage.

USAGE = {
    "no such command": ("plann",),
    "no such option": ("plan", "--detailed-exit-code"),
    "format that there is not": ("plan", "--format", "xml"),
    "parallelism of none": ("plan", "--parallelism", "0"),
    "parallelism in words": ("plan", "--parallelism", "many"),
    "variable without a value": ("plan", "--var", "name"),
    "plan file that is not there": ("apply", "nowhere.plan"),
    "argument too many": ("plan", "extra"),
    "environment that there is not": ("plan", "-e", "prod"),
    "target that there is not": ("plan", "--target", "nothing.flow"),
}

every_usage = pytest.mark.parametrize("arguments", USAGE.values(), ids=USAGE)


@every_usage
def test_wrong_usage_ends_with_1(examples: Workspace, arguments: tuple[str, ...]) -> None:
    assert examples.run(*arguments).code == 1


@every_usage
def test_wrong_usage_is_told_on_stderr(examples: Workspace, arguments: tuple[str, ...]) -> None:
    result = examples.run(*arguments)
    assert (result.out, result.err.startswith("error: ") or ": error: " in result.err) == ("", True)


@every_usage
def test_wrong_usage_is_told_in_json(examples: Workspace, arguments: tuple[str, ...]) -> None:
    given = arguments if "--format" in arguments else (*arguments, "--format", "json")
    result = examples.run("--format", "json", *given)
    assert [found["severity"] for found in result.json["diagnostics"]] == ["error"]


def test_no_command_at_all_ends_with_1(examples: Workspace) -> None:
    assert examples.run().code == 1


def test_a_folder_without_a_workspace_is_told_with_a_cure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = Workspace(root=tmp_path, capsys=capsys).run("plan")
    assert (result.code, "-C DIR" in result.err) == (1, True)
