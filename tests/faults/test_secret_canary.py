"""A secret appears in no byte that is written or printed, whatever fails, however much is logged."""

import base64
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from fault_cells import FAULTS, hit_once
from fault_proxy import NONE, Effect, FaultProxy, proxied
from fault_workspace import CANARY, Ended, FaultWorkspace, Pipeline, Seen, what_is_wrong
from surroundings import Platform

from flowctl.manifest.reading.discover import SMALLEST

_CLIENT_SECRET = f"{CANARY}-client"
_TOKEN = f"{CANARY}-token"
_AUTH = """
    organization: LOCAL@AdobeOrg
    sandbox: dev
    auth:
      tokenUrl: {url}/ims/token/v3
      clientId: local-client
      clientSecret: ${{env:CANARY_CLIENT_SECRET}}
      scopes: [openid]
"""
_CRASH = Path(__file__).with_name("crash_driver.py")
_LOUD = (("-vv",), ("-vv", "--log-format", "json", "--format", "json"), ("-vv", "--format", "markdown"))


def _forms(secret: str) -> Iterator[bytes]:
    yield secret.encode()
    yield quote(secret).encode()
    yield base64.b64encode(secret.encode()).rstrip(b"=")
    yield json.dumps(secret)[1:-1].encode()
    yield secret.encode().hex().encode()
    for before in ("u", "us"):
        # Within a longer text, such as user:password, another part of each group of three bytes begins it.
        yield base64.b64encode((before + secret).encode())[4:-4]


def _leaks(content: bytes) -> bool:
    return any(form in content for form in _forms(CANARY))


class Watched:
    """A workspace all of whose output and files are looked at."""

    def __init__(self, workspace: FaultWorkspace) -> None:
        self.workspace = workspace

    def run(self, *arguments: str) -> Ended:
        ended = self.workspace.run(*arguments)
        self._look(ended, arguments)
        return ended

    def crash(self, point: int, *arguments: str) -> None:
        report = str(self.workspace.root / "died-at")
        ended = self.workspace.ended(*arguments, program=_CRASH, CRASH_AT=str(point), CRASH_REPORT=report)
        self._look(ended, arguments)

    def _look(self, ended: Ended, arguments: tuple[str, ...]) -> None:
        assert not _leaks(ended.text.encode()), arguments
        for path in self.workspace.root.rglob("*"):
            if path.is_file():
                assert not _leaks(path.read_bytes()), (path.name, arguments)


@pytest.fixture
def proxy(platform: Platform) -> Iterator[FaultProxy]:
    with proxied(platform.url) as proxy:
        yield proxy


@pytest.fixture
def watched(proxy: FaultProxy, platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    """Credentials, token and client secret are canaries, given in the process environment."""
    monkeypatch.setenv("CANARY_CLIENT_SECRET", _CLIENT_SECRET)
    monkeypatch.setenv("CANARY_PASSWORD", f"{CANARY}-password")
    platform.http.post(
        "/_emulator/organizations",
        json={
            "id": "LOCAL@AdobeOrg",
            "tenant": "local",
            "sandboxes": [],
            "clients": [{"id": "local-client", "secret": _CLIENT_SECRET}],
        },
    )
    workspace = FaultWorkspace(tmp_path, proxy.url, {"only": Pipeline("only")}, password="${env:CANARY_PASSWORD}")
    workspace.save()
    settings = tmp_path / "flowctl.yaml"
    text = settings.read_text().replace("    variables:", _AUTH.format(url=proxy.url).lstrip("\n") + "    variables:")
    settings.write_text(text)
    assert not _leaks(text.encode())
    return Watched(workspace)


def test_a_whole_run_shows_no_secret(watched: Watched, platform: Platform) -> None:
    plan_file = watched.workspace.root / "plan.json"
    for loud in _LOUD:
        assert watched.run("validate", *loud).code == 0
        assert watched.run("plan", *loud).code == 0
    assert watched.run("plan", "--out", str(plan_file), "-vv").code == 0
    for point in (12, 30, 31, 32, 60, 95):
        watched.crash(point, "apply", "--auto-approve", "-vv")
    assert watched.run("apply", "--auto-approve", *_LOUD[1]).code == 0
    assert watched.run("apply", str(plan_file), "-vv").code == 1
    for command in (("show",), ("show", "only.connection"), ("state", "list"), ("state", "show", "only.connection")):
        for loud in _LOUD[:2]:
            assert watched.run(*command, *loud).code == 0
    assert what_is_wrong(watched.workspace, Seen(platform.http)) == []
    assert watched.run("destroy", "--auto-approve", "-vv").code == 0


@pytest.mark.parametrize("fault", [name for name in FAULTS if name != "timeout"])
def test_faults_show_no_secret(watched: Watched, proxy: FaultProxy, fault: str) -> None:
    hit_once(proxy, FAULTS[fault], ("POST",), ("connections", "flows"))
    ended = watched.run("apply", "--auto-approve", "-vv", "--retry-budget", "0.5", "--read-timeout", "1")
    assert "POST /data/foundation/flowservice/connections" in ended.err


@pytest.mark.parametrize("place", ["/ims/token/v3", "/data/foundation/flowservice/connections"])
@pytest.mark.parametrize("status", [200, 400, 401, 500])
def test_a_platform_that_echoes_the_request_shows_no_secret(
    watched: Watched, proxy: FaultProxy, place: str, status: int
) -> None:
    """A gateway's error page may quote what it was sent."""
    echoes: list[dict[str, object]] = [
        {"message": f"cannot log in with Server=only;Password={CANARY}-password"},
        {"quoted": f"client_secret={_CLIENT_SECRET}" if "token" in place else f"{CANARY}-password"},
    ]
    if "token" in place:
        echoes.append({"access_token": _TOKEN, "unexpected": True})
        echoes[0] = {"error_description": f"{_CLIENT_SECRET} is wrong"}
    for echo in echoes:
        content = json.dumps(echo).encode()
        echoing = Effect(forwarded=False, answer=(status, {"Content-Type": "application/json"}, content))
        proxy.script = lambda asked, echoing=echoing: (  # type: ignore[misc]
            echoing if asked.path == place and asked.method == "POST" else NONE
        )
        ended = watched.run("apply", "--auto-approve", "-vv", "--retry-budget", "0.2", "--read-timeout", "1")
        assert ended.code == 1


_EXTRA = """\
apiVersion: flowctl/v1
kind: Connection
metadata: {{name: extra}}
title: extra
{head}
auth:
  specName: {name}
  params:
    connectionString: Server=extra;Password=${{env:CANARY_PASSWORD}}
    servicePrincipalKey: ${{env:CANARY_PASSWORD}}
    key: ${{var:password}}
    deep: {{a: [1, "${{env:CANARY_PASSWORD}}"]}}
    accessTokenUrl: https://login.example/${{env:CANARY_PASSWORD}}
"""
_KNOWN = "Connection String Based Authentication"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("connector: azure-synapse", _KNOWN),
        ("connector: azure-synapse", "Service Principal Key Based Authentication"),
        ("connectionSpec: {id: a49bcc7d-8038-43af-b1e4-5a7a089a7d79}", _KNOWN),
        ("connectionSpec: {id: 11111111-2222-4333-8444-555555555555}", "Anything"),
    ],
)
def test_undescribed_parameters_show_no_secret(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, head: str, name: str
) -> None:
    root = watched.workspace.root
    monkeypatch.setenv("XDG_CACHE_HOME", str(root / "cache"))
    (root / "manifests" / "extra.yaml").write_text(_EXTRA.format(head=head, name=name))
    for number in range(SMALLEST):
        (root / "manifests" / f"s{number}.yaml").write_text(
            f"apiVersion: flowctl/v1\nkind: Schema\nmetadata: {{name: s{number}}}\n"
            "class: https://ns.adobe.com/xdm/context/profile\n"
        )
    target = ("--target", "extra.connection")
    for loud in _LOUD:
        watched.run("validate", *loud)
        watched.run("plan", *target, *loud)
    assert list((root / "cache").rglob("*.json"))
    watched.run("plan", *target, "--out", str(root / "plan.json"), "-vv")
    for point in (8, 12, 14, 16):
        watched.crash(point, "apply", "--auto-approve", *target, "-vv")
    applied = watched.run("apply", "--auto-approve", *target, "-vv").code == 0
    assert applied == (name == _KNOWN)
    for command in (("show",), ("show", "extra.connection"), ("plan", *target), ("destroy", "--auto-approve")):
        for loud in _LOUD:
            watched.run(*command, *loud)


def _codings(secret: str) -> Iterator[str]:
    yield secret
    yield secret.upper()
    yield quote(secret, safe="")
    yield "".join(f"%{byte:02x}" for byte in secret.encode())
    yield "".join(f"&#{ord(sign)};" for sign in secret)
    yield "".join(f"&#x{ord(sign):x};" for sign in secret)
    yield "".join(f"\\u{ord(sign):04x}" for sign in secret)
    yield "".join(f"={byte:02X}" for byte in secret.encode())
    yield secret.encode().hex()
    yield base64.b64encode(secret.encode()).decode()
    yield base64.urlsafe_b64encode(f"u:{secret}".encode()).decode()
    yield base64.b64encode(f"us:{secret}".encode()).decode()
    yield secret[:12]


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
@pytest.mark.parametrize("secret", [f"{CANARY}-password", _CLIENT_SECRET])
def test_echoes_in_every_coding_show_no_secret(
    watched: Watched, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch, method: str, secret: str
) -> None:
    if method != "POST":
        assert watched.run("apply", "--auto-approve").code == 0
    if method == "PATCH":
        monkeypatch.setenv("CANARY_PASSWORD", f"{CANARY}-password-2")
        secret = secret.replace("-password", "-password-2")
    for coded in _codings(secret):
        for body in (json.dumps({"message": f"<{coded}>"}), f"<{coded}>", json.dumps({"items": [f"<{coded}>"]})):
            answer = (400, {"Content-Type": "application/json"}, body.encode())
            proxy.script = lambda asked, answer=answer: (  # type: ignore[misc]
                Effect(forwarded=False, answer=answer)
                if asked.method == method and "/connections" in asked.path.lower()
                else NONE
            )
            ended = watched.run("apply", "--auto-approve", "-vv", "--retry-budget", "0.2")
            assert ended.code == 1
            assert coded[4:-4] not in ended.text


@pytest.mark.parametrize("odd", ["\n", "\r\nX: y", "\0", "\u00e9", "\U0001f511", " ", "\t", '"', "\x7f", "\u2028"])
def test_a_token_with_odd_bytes_is_not_shown(watched: Watched, proxy: FaultProxy, odd: str) -> None:
    for token in (f"{_TOKEN}{odd}", f"{_TOKEN}{odd}{_TOKEN}", f"{odd}{_TOKEN}"):
        content = json.dumps({"access_token": token, "expires_in": 3600}).encode()
        answer = (200, {"Content-Type": "application/json"}, content)
        proxy.script = lambda asked, answer=answer: (  # type: ignore[misc]
            Effect(forwarded=False, answer=answer) if asked.path == "/ims/token/v3" else NONE
        )
        for loud in _LOUD:
            assert watched.run("plan", *loud, "--retry-budget", "0.2").code == 1


def test_the_list_of_processes_shows_no_secret(watched: Watched, proxy: FaultProxy) -> None:
    proxy.script = lambda asked: Effect(delay=0.5) if asked.is_write else NONE
    with watched.workspace.process("apply", "--auto-approve", "-vv") as process:
        deadline = time.monotonic() + 20
        seen = b""
        while not watched.workspace.journal_path.exists() and process.poll() is None and time.monotonic() < deadline:
            seen += Path(f"/proc/{process.pid}/cmdline").read_bytes()
            time.sleep(0.05)
        titles = subprocess.run(
            ["ps", "-ww", "-p", str(process.pid), "-o", "args,comm"], check=False, capture_output=True
        )
        out, err = process.communicate(timeout=60)
    assert not _leaks(seen + titles.stdout + out.encode() + err.encode())
    assert process.returncode == 0, err
