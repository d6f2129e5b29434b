"""Secrets: nothing secret is printed, recorded or kept, in whatever coding a server gives it back."""

import base64
import html
import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from fault_proxy import NONE, Effect, FaultProxy, proxied
from surroundings import Platform, Result, Workspace

from flowctl.masking.secret_values import SecretValues

SECRET = "Zq7!x/P&9=\"w+K'eR4"
PLAIN = "Qw8xZr5tLk2mVb9n"


def _percent(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


CODINGS: dict[str, Callable[[str], str]] = {
    "as it is": lambda secret: secret,
    "in capitals": str.upper,
    "in JSON": lambda secret: json.dumps(secret)[1:-1],
    "in JSON with escaped slashes": lambda secret: json.dumps(secret)[1:-1].replace("/", "\\/"),
    "as JSON escapes": lambda secret: "".join(f"\\u{ord(sign):04X}" for sign in secret),
    "in JSON in JSON": lambda secret: json.dumps(json.dumps(secret)),
    "percent-encoded": lambda secret: quote(secret, safe=""),
    "percent-encoded but slashes": quote,
    "percent-encoded wholly": _percent,
    "percent-encoded twice": lambda secret: quote(quote(secret, safe=""), safe=""),
    "HTML": html.escape,
    "HTML decimal": lambda secret: "".join(f"&#{ord(sign)};" for sign in secret),
    "HTML hexadecimal": lambda secret: "".join(f"&#x{ord(sign):X};" for sign in secret),
    "HTML of percent-encoded": lambda secret: html.escape(quote(secret)),
    "base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "base64url": lambda secret: base64.urlsafe_b64encode(secret.encode()).decode(),
    "base64 in JSON": lambda secret: base64.b64encode(secret.encode()).decode().replace("/", "\\/"),
    "basic header": lambda secret: base64.b64encode(f"user:{secret}".encode()).decode(),
    "basic header of one more": lambda secret: base64.b64encode(f"users:{secret}".encode()).decode(),
    "basic header of two more": lambda secret: base64.b64encode(f"a:{secret}".encode()).decode(),
    "hexadecimal": lambda secret: secret.encode().hex(),
    "HEXADECIMAL": lambda secret: secret.encode().hex().upper(),
    "escaped bytes": lambda secret: "".join(f"\\x{byte:02x}" for byte in secret.encode()),
    "octal bytes": lambda secret: "".join(f"\\{byte:03o}" for byte in secret.encode()),
    "UTF-16": lambda secret: "".join(f"\\x{byte:02x}" for byte in secret.encode("utf-16-le")),
    "quoted-printable": lambda secret: "".join(f"={byte:02X}" for byte in secret.encode()),
    "quoted-printable soft break": lambda secret: f"{secret[:6]}=\r\n{secret[6:]}",
    "over two lines": lambda secret: f"{secret[:6]}\n    {secret[6:]}",
    "letter by letter": lambda secret: " ".join(secret),
    "with zero-width spaces": "\u200b".join,
    "with variation selectors": "\ufe0f".join,
    "with control characters": "\x9b".join,
    "HTML without semicolons": lambda secret: "".join(f"&#{ord(sign)}" for sign in secret),
    "bytes in pairs": lambda secret: secret.encode().hex(":"),
    "bytes as numbers": lambda secret: str(list(secret.encode())),
    "signed bytes": lambda secret: str([byte - 256 if byte > 127 else byte for byte in secret.encode()]),
    "JSON in base64": lambda secret: base64.b64encode(json.dumps({"a": secret}).encode()).decode()[12:],
    "basic header of percent-encoded": lambda secret: base64.b64encode(f"a:{quote_plus(secret)}".encode()).decode(),
    "Python": lambda secret: repr(secret)[1:-1],
    "cut at its end": lambda secret: secret[:12],
    "cut at its beginning": lambda secret: secret[-12:],
    "cut with a mark": lambda secret: f"{secret[:5]}…",
}


def windows(text: str, size: int = 6) -> Iterator[str]:
    text = text.strip("…")
    yield from (text[place : place + size] for place in range(max(len(text) - size + 1, 1)))


def shown_of(text: str, output: str, size: int = 6) -> list[str]:
    """The pieces of a coded secret that stand in an output; the characters around it may be left of base64."""
    core = text[4:-4] if len(text) > 20 else text[1:-1] if len(text) > 8 else text
    return [window for window in windows(core, size) if window in output]


def masked(text: str, *secrets: Any) -> str:
    values = SecretValues()
    values.add(*secrets)
    return values.masked(text)


@pytest.mark.parametrize("secret", [SECRET, PLAIN, "pässwörd-Øx12", "two words & more", "p8e-abcDEF_123-xyz.456~7890"])
@pytest.mark.parametrize("coding", CODINGS.values(), ids=CODINGS.keys())
def test_a_secret_is_masked_in_every_coding(coding: Callable[[str], str], secret: str) -> None:
    coded = coding(secret)
    text = masked(f'HTTP 400: "{coded}" is wrong (id 5e8c1f2a-1234-5678-9abc-def012345678, 811110).', secret)
    assert shown_of(coded, text) == []
    assert "5e8c1f2a-1234-5678-9abc-def012345678, 811110" in text
    assert text.startswith("HTTP 400: ")


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("Server=db.example;Uid=me;Password=hunter22;Encrypt=yes", "login of me at db.example with hunter22 failed"),
        ("Server=db.example;Pwd='hunter 22'", "hunter 22"),
        ("AccountName=acc;AccountKey=aGk3bGw5;EndpointSuffix=x", "key aGk3bGw5 of acc"),
        ("https://acc.blob.example/c?sv=2022&sig=Ab%2Bc9Zx77%3D", "sig Ab+c9Zx77= or Ab%2Bc9Zx77%3D"),
        ("mongodb+srv://me:hunter22@h.example/db", "hunter22"),
        ('{"client_email": "me@x", "private_key": "hunter22hunter22"}', "me@x hunter22hunter22"),
        ("-----BEGIN PRIVATE KEY-----\nhunter22hunter22abc\n-----END PRIVATE KEY-----", "hunter22hunter22abc"),
        ("https://hooks.example/services/T0001/hunter22hunter22", "/services/T0001/hunter22hunter22"),
    ],
)
def test_the_parts_of_a_secret_count_by_themselves(secret: str, text: str) -> None:
    shown = masked(text, secret)
    assert "(sensitive)" in shown
    assert not any(part in shown for part in ("hunter", "aGk3bGw5", "Ab+c9Zx77", "Ab%2Bc9Zx77"))
    assert [word for word in ("me@x", "db.example", "acc", "me ") if word in text and word not in shown] == []


@pytest.mark.parametrize(
    "text",
    [
        "a dev sandbox, true, 15",
        "5e8c1f2a-1234-5678-9abc-def012345678",
        "f00dcafe-1234-5678-9abc-def012345678",
        "the number 1202611265 and 2026112650",
        "abcdefg and acme-orders.flow",
        "password: postgres, token, auth.params.password",
        "sandbox dev: a.flow will be updated in place",
        "hubspot-contacts.flow will be created",
    ],
)
def test_what_is_no_secret_stays_readable(text: str) -> None:
    values = SecretValues()
    values.publish(["hubspot-contacts", "acme"])
    for each in (
        "dev",
        "true",
        "15",
        "f00dcafe",
        "20261126",
        "acme",
        "password",
        "postgres",
        "sandbox",
        "will",
        "updated",
        "abcd",
        "hubspot-contacts-x",
    ):
        values.add(each)
    assert values.masked(text) == text


def test_a_short_secret_is_masked_where_it_stands_alone() -> None:
    assert masked("pin 4711, not 14711 nor x4711", "4711") == "pin (sensitive), not 14711 nor x4711"
    assert masked("%22abcde%22", "abcde") == "%22(sensitive)%22"
    assert masked("Basic Z2VoZWlt or 67656865696d", "geheim") == "Basic (sensitive) or (sensitive)"


def test_the_beginning_of_an_encoded_secret_before_a_cut_is_masked_in_its_place() -> None:
    values = SecretValues()
    values.add("ab/cd/zebra-9-quokka")
    assert values.masked("they sent %22%22ab%2Fcd%2F… and stopped") == "they sent %22%22(sensitive)… and stopped"


def test_json_stays_json() -> None:
    document = {SECRET: [SECRET, 20261126, 202611260, {"a": f"x{SECRET}"}], "b": None, "c": True}
    for indent in (None, 2):
        text = masked(json.dumps(document, indent=indent) + "\n", SECRET, "20261126", 'l",\n  "b')
        assert text.endswith("\n")
        assert json.loads(text) == {
            "(sensitive)": ["(sensitive)", "(sensitive)", 202611260, {"a": "x(sensitive)"}],
            "b": None,
            "c": True,
        }


def test_a_long_output_costs_little() -> None:
    import time

    text = "".join(f"  + pipeline-{number}.flow will be created: \"x\" -> 'y' & z%20\n" for number in range(40_000))
    values = SecretValues()
    assert values.masked(text) is text
    values.add(*(f"{number:08x}-secret-{number * 7919:012x}" for number in range(100)))
    started = time.process_time()
    assert values.masked(text) is text
    assert time.process_time() - started < 10


def test_two_runs_share_no_secrets(examples: Workspace) -> None:
    examples.write("connections/own.yaml", OWN)
    assert "VARSECRET9" not in examples.run("plan", "--var", "k=VARSECRET9").out
    examples.write("connections/own.yaml", OWN.replace("title: Own", "title: VARSECRET9"))
    assert "VARSECRET9" in examples.run("plan", "--var", "k=another-secret").out


OWN = """\
apiVersion: flowctl/v1
kind: Connection
metadata: {name: own}
title: Own
connector: azure-synapse
auth:
  specName: Connection String Based Authentication
  params:
    connectionString: Server=a;Password=x
    servicePrincipalKey: "${var:k}"
"""
UNDESCRIBED = """
servicePrincipalKey apiKey api_key keyFileContent accountKey sharedKey key authorization bearer pin signature
certificate pfx code value pass x Password PASSWORD Secret sas sasToken jwt cookie session otp hash salt
"""
HARMLESS = {
    "accessTokenUrl": "https://login.example/token",
    "host": "db.example",
    "port": 5432,
    "username": "reader",
    "client_id": "abc-client",
    "tenantId": "11111111-aaaa-4bbb-8ccc-222222222222",
}
LOUD = (("plan",), ("plan", "--format", "json"), ("plan", "--format", "markdown"), ("-vv", "plan"), ("validate",))


def spec(
    params: str, head: str = "connector: azure-synapse", name: str = "Connection String Based Authentication"
) -> str:
    return (
        f"apiVersion: flowctl/v1\nkind: Connection\nmetadata: {{name: own}}\ntitle: Own\n{head}\n"
        f"auth:\n  specName: {name}\n  params: {params}\n"
    )


def written(workspace: Workspace) -> str:
    """What flowctl has written into the workspace."""
    return "\n".join(
        path.read_bytes().decode(errors="replace")
        for path in workspace.root.rglob("*")
        if path.is_file() and path.suffix != ".yaml"
    )


@pytest.mark.parametrize(
    "head", ["connector: azure-synapse", "connectionSpec: {id: 11111111-2222-3333-4444-555555555555}"]
)
@pytest.mark.parametrize("how", LOUD, ids=" ".join)
def test_what_the_catalogue_does_not_describe_is_a_secret(examples: Workspace, head: str, how: tuple[str, ...]) -> None:
    params = {name: f"VARSECRET{place}x" for place, name in enumerate(UNDESCRIBED.split())}
    examples.write("connections/own.yaml", spec(json.dumps(params), head, "Service Principal Key Based Authentication"))
    result = examples.run(*how)
    assert "VARSECRET" not in result.out + result.err + written(examples)


@pytest.mark.parametrize(
    ("params", "sent"),
    [
        ("{k: '${var:k}'}", "VARSECRET9"),
        ("{k: '${env:OWN}'}", "VARSECRET9"),
        ("{k: VARSECRET9}", "VARSECRET9"),
        ("{k: 'a ${var:k}'}", "a VARSECRET9"),
        ("{k: {deep: [1, {er: '${env:OWN}'}]}}", {"deep": [1, {"er": "VARSECRET9"}]}),
        ("{k: ['${var:k}', VARSECRET9]}", ["VARSECRET9", "VARSECRET9"]),
        ("{k: 11223344}", 11223344),
        ("{k: 0042421987}", "0042421987"),
        ("{k: 99999999999999999999999999}", "99999999999999999999999999"),
        ("{accessTokenUrl: 'https://me:VARSECRET9@h.example/'}", "https://me:VARSECRET9@h.example/"),
        ("{user: '${env:OWN}'}", "VARSECRET9"),
        ("{k: '${var:k}', username: '${var:k}'}", "VARSECRET9"),
    ],
)
def test_a_secret_of_any_form_is_sent_and_not_shown(
    examples: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch, params: str, sent: Any
) -> None:
    monkeypatch.setenv("OWN", "VARSECRET9")
    platform.http.post("/_emulator/settings", json={"secrets": "echo"}).raise_for_status()
    head = "connectionString: Server=a, "
    examples.write("connections/own.yaml", spec(params.replace("{", "{" + head, 1)))
    output = ""
    for how in (
        *LOUD,
        ("apply", "--auto-approve"),
        ("show", "own.connection"),
        ("show", "own.connection", "--format", "json"),
    ):
        result = examples.run(*how, "--var", "k=VARSECRET9")
        assert result.code == 0, result.err
        output += result.out + result.err
    hidden = ("VARSECRET9", "11223344", "42421987", "99999999999999999999999999")
    assert [each for each in hidden if each in output + written(examples)] == []
    own = platform.one("connections", "Own")["auth"]["params"]
    (param,) = [name for name in own if name not in ("connectionString", "username")]
    assert (own[param], type(own[param])) == (sent, type(sent))
    assert examples.plan("--var", "k=VARSECRET9").json["changes"] == []
    changed = examples.plan("--var", "k=VARSECRET10").json["changes"]
    assert bool(changed) == ("var:k" in params)
    assert "VARSECRET" not in json.dumps(changed)


def test_a_mapping_that_the_catalogue_describes_is_a_secret_too(examples: Workspace) -> None:
    """It says what the mapping is for and not what is in it."""
    params = "{host: https://h.example, accessToken: t0ken-abc, requestParameterOverride: {secret: VARSECRET9}}"
    examples.write("connections/own.yaml", spec(params, "connector: generic-rest", "oAuth2RefreshCode"))
    for how in (*LOUD, ("apply", "--auto-approve"), ("show", "own.connection")):
        result = examples.run(*how)
        assert result.code == 0
        assert "VARSECRET9" not in result.out + result.err + written(examples)


def test_what_is_known_to_be_harmless_is_shown_and_compared(examples: Workspace) -> None:
    params = json.dumps({"connectionString": "x", "enabled": True, **HARMLESS})
    examples.write("connections/own.yaml", spec(params))
    examples.apply()
    applied = examples.lockfile["entries"]["own.connection"]["applied"]["auth"]["params"]
    assert applied == {"enabled": True, **HARMLESS}
    shown = examples.run("show", "own.connection").out
    assert "https://login.example/token" in shown
    assert "auth.params.connectionString: (sensitive)" in shown
    examples.edit("connections/own.yaml", "login.example", "other.example")
    (change,) = examples.plan().json["changes"]
    assert [(each["before"], each["after"]) for each in change["attributes"]] == [
        ("https://login.example/token", "https://other.example/token")
    ]


def test_live_values_of_undescribed_parameters_are_never_shown(examples: Workspace, platform: Platform) -> None:
    examples.write("connections/own.yaml", OWN)
    examples.apply("--var", "k=VARSECRET9")
    live = platform.one("connections", "Own")
    patch = [
        {"op": "replace", "path": "/auth/params/servicePrincipalKey", "value": "LIVESECRET1"},
        {"op": "add", "path": "/auth/params/apiKey", "value": "LIVESECRET2"},
    ]
    path = f"/data/foundation/flowservice/connections/{live['id']}"
    platform.request("PATCH", path, json=patch, headers={"If-Match": live["etag"]}).raise_for_status()
    output = ""
    for how in (
        *LOUD,
        ("show", "own.connection"),
        ("show", "own.connection", "--format", "json"),
        ("apply", "--auto-approve"),
    ):
        result = examples.run(*how, "--var", "k=VARSECRET9")
        output += result.out + result.err
    examples.edit("connections/own.yaml", '    servicePrincipalKey: "${var:k}"\n', "")
    for how in LOUD:
        output += examples.run(*how).out
    assert "LIVESECRET" not in output + written(examples)
    assert "(sensitive) -> (removed)" in output


def test_a_secret_that_an_older_release_recorded_leaves_the_lockfile(examples: Workspace) -> None:
    examples.write("connections/own.yaml", OWN)
    examples.apply("--var", "k=VARSECRET9")
    path = examples.root / "flowctl.dev.lock"
    now = examples.lockfile
    entry = now["entries"]["own.connection"]
    digest = entry["secretDigests"].pop("auth.params.servicePrincipalKey")
    entry["applied"]["auth"]["params"]["servicePrincipalKey"] = "VARSECRET9"
    path.write_text(json.dumps(now))
    output = ""
    for how in (*LOUD, ("show", "own.connection"), ("plan", "--destroy")):
        result = examples.run(*how, "--var", "k=OTHERSECRET")
        output += result.out + result.err
    assert "SECRET" not in output
    assert examples.plan("--var", "k=VARSECRET9").json["changes"] == []
    assert "VARSECRET9" in path.read_text()
    examples.apply("--var", "k=VARSECRET9")
    assert "VARSECRET9" not in path.read_text()
    assert examples.lockfile["entries"]["own.connection"]["secretDigests"]["auth.params.servicePrincipalKey"] == digest


def test_a_digest_of_what_is_no_secret_any_more_leaves_the_lockfile(examples: Workspace) -> None:
    examples.write("connections/own.yaml", spec('{connectionString: x, accessTokenUrl: "https://a.example"}'))
    examples.apply()
    path = examples.root / "flowctl.dev.lock"
    now = examples.lockfile
    now["entries"]["own.connection"]["secretDigests"]["auth.params.accessTokenUrl"] = "ab" * 32
    path.write_text(json.dumps(now))
    assert examples.plan().json["changes"] == []
    examples.apply()
    assert list(examples.lockfile["entries"]["own.connection"]["secretDigests"]) == ["auth.params.connectionString"]


SOURCE = """\
apiVersion: flowctl/v1
kind: Pipeline
metadata: {name: own}
source:
  connection: landing-bucket
  data: {format: json}
  params: %s
dataset: customers
schedule: {startTime: 2036-12-01T00:00:00Z, frequency: hour, interval: 1}
"""


@pytest.mark.parametrize(
    "params",
    [
        "{path: /a, next: 'https://h.example/x?sv=1&sig=VARSECRET9'}",
        "{path: /a, url: 'https://me:VARSECRET9@h.example/a'}",
        "{path: /a, headers: {Authorization: VARSECRET9}}",
        "{path: /a, headers: ['Bearer VARSECRET9']}",
        "{path: /a, apiKey: VARSECRET9}",
    ],
)
def test_a_credential_in_a_source_is_a_secret(examples: Workspace, platform: Platform, params: str) -> None:
    examples.write("pipelines/own.yaml", SOURCE % params)
    output = ""
    for how in (*LOUD, ("apply", "--auto-approve"), ("show", "own.source_connection", "--format", "json")):
        result = examples.run(*how)
        assert result.code == 0, result.out + result.err
        output += result.out + result.err
    assert "VARSECRET9" not in output + written(examples)
    assert "VARSECRET9" in json.dumps(platform.one("sourceConnections", "own source connection"))
    assert examples.plan().json["changes"] == []


def test_a_secret_variable_may_not_stand_in_clear(examples: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWN", "VARSECRET9")
    examples.write("connections/own.yaml", spec("{connectionString: 'Server=${env:HOST};Password=${env:OWN}'}"))
    monkeypatch.setenv("HOST", "db.example")
    examples.write("schemas/own.yaml", CLEAR % "'${env:HOST}'")
    assert examples.run("validate").code == 0
    examples.write("schemas/own.yaml", CLEAR % "'${env:OWN}'")
    for how in LOUD:
        result = examples.run(*how)
        assert result.code == 1
        assert "secret-in-clear" in result.out + result.err
        assert "VARSECRET9" not in result.out + result.err


def test_a_secret_variable_may_stand_where_the_source_keeps_a_secret(
    examples: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OWN", "VARSECRET9")
    examples.write("connections/own.yaml", spec("{connectionString: '${env:OWN}'}"))
    examples.write("pipelines/own.yaml", SOURCE % "{path: /a, apiKey: '${env:OWN}'}")
    assert examples.run("validate").code == 0
    examples.edit("pipelines/own.yaml", "path: /a", "path: '/${env:OWN}'")
    assert "secret-in-clear" in examples.run("validate").out


CLEAR = """\
apiVersion: flowctl/v1
kind: Schema
metadata: {name: own}
title: Own
description: %s
class: https://ns.adobe.com/xdm/context/profile
"""


def test_an_equal_value_elsewhere_is_masked_too(examples: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER", "VARSECRET9")
    examples.write("connections/own.yaml", OWN)
    examples.write("schemas/own.yaml", CLEAR % "'${env:OTHER}'")
    for how in (*LOUD, ("apply", "--auto-approve")):
        result = examples.run(*how, "--var", "k=VARSECRET9")
        assert result.code == 0
        assert "VARSECRET9" not in result.out + result.err


LOOKALIKES = [
    "${ENV:NAME}",
    "${Env:NAME}",
    "${ env:NAME }",
    "${env: NAME}",
    "${env.NAME}",
    "${environment.NAME}",
    "${{ env.NAME }}",
    "${{ secrets.NAME }}",
    "{{ env.NAME }}",
    "{{env:NAME}}",
    '{{ env "NAME" }}',
    "{{ env_var('NAME') }}",
    "$ENV{NAME}",
    "$(env:NAME)",
    "$env:NAME",
    "#{env:NAME}",
    "<%= ENV['NAME'] %>",
]


@pytest.mark.parametrize("text", LOOKALIKES)
@pytest.mark.parametrize("around", ["%s", "Server=a;Password=%s"])
def test_what_looks_like_a_substitution_is_not_sent_as_a_secret(examples: Workspace, text: str, around: str) -> None:
    examples.write("connections/own.yaml", spec(json.dumps({"connectionString": around % text})))
    result = examples.run("validate")
    assert result.code == 1
    assert "Did you mean `${env:NAME}`?" in result.out
    examples.write("connections/own.yaml", spec("{connectionString: x}").replace("Own", json.dumps(text)))
    assert "Did you mean `${env:NAME}`?" in examples.run("validate").out
    examples.write("connections/own.yaml", spec('{connectionString: "${var:k}"}'))
    result = examples.run("validate", "--var", f"k={around % text}")
    assert (result.code, "Did you mean `${env:NAME}`?" in result.out) == (1, True)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("${VAR:name}", "${var:name}"), ("{{ vars.name }}", "${var:name}"), ("$VAR{name}", "${var:name}")],
)
def test_a_variable_is_meant_by_its_name(examples: Workspace, text: str, meant: str) -> None:
    examples.write("connections/own.yaml", spec(json.dumps({"connectionString": text})))
    assert f"Did you mean `{meant}`?" in examples.run("validate").out


@pytest.mark.parametrize("text", ["$NAME", "${NAME}", "%NAME%", "$(NAME)", "{{ NAME }}"])
def test_a_shell_variable_is_not_sent_as_a_secret(examples: Workspace, text: str) -> None:
    examples.write("connections/own.yaml", spec(json.dumps({"connectionString": text})))
    assert "looks-like-substitution" in examples.run("validate").out


def test_what_the_environment_says_is_the_secret_whatever_it_looks_like(
    examples: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OWN", "${ENV:NAME}")
    examples.write("connections/own.yaml", spec('{connectionString: "${env:OWN}"}'))
    assert examples.run("validate").code == 0


@pytest.mark.parametrize("text", [*LOOKALIKES, "$NAME"])
def test_the_client_secret_is_not_sent_as_what_looks_like_a_substitution(examples: Workspace, text: str) -> None:
    examples.edit("flowctl.yaml", "    variables:", f"    auth: {{clientSecret: {json.dumps(text)}}}\n    variables:")
    result = examples.run("plan")
    assert result.code == 1
    assert "${env:NAME}" in result.err


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "--var", "VARSECRET9"),
        ("plan", "--var", "=VARSECRET9"),
        ("plan", "--var", "k", "VARSECRET9"),
        ("plan", "--var", "k=", "VARSECRET9"),
        ("plan", "--var", "k", "=", "VARSECRET9"),
        ("plan", "--vra", "k=VARSECRET9"),
        ("--var", "k=VARSECRET9", "pln"),
        ("plan", "k=VARSECRET9"),
        ("apply", "k=VARSECRET9"),
        ("plan", "-var=k=VARSECRET9"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_wrong_command_line_shows_no_value(examples: Workspace, words: tuple[str, ...], form: str) -> None:
    result = examples.run("--format", form, *words)
    assert result.code == 1
    assert "VARSECRET9" not in result.out + result.err


def test_a_usage_error_still_says_what_is_wrong(examples: Workspace) -> None:
    assert "missing.plan" in examples.run("apply", "--var", "a=VARSECRET9", "missing.plan").err
    assert "jsno" in examples.run("plan", "--format=jsno").err


@pytest.fixture
def proxy(platform: Platform) -> Iterator[FaultProxy]:
    with proxied(platform.url) as proxy:
        yield proxy


def echo(proxy: FaultProxy, method: str, path: str, status: int, body: str) -> None:
    """Answers these requests with a body that quotes what was sent."""
    effect = Effect(forwarded=False, answer=(status, {"Content-Type": "application/json"}, body.encode()))
    proxy.script = lambda asked: effect if (asked.method, asked.path) == (method, path) else NONE


@pytest.fixture
def echoed(examples: Workspace, proxy: FaultProxy, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("OWN", SECRET)
    examples.write("flowctl.yaml", (examples.root / "flowctl.yaml").read_text().replace(platform.url, proxy.url))
    examples.write(
        "connections/own.yaml", spec("{connectionString: 'Server=a;Password=${env:OWN}', key: '${env:OWN}'}")
    )
    return examples


PATIENCE = ("--retry-budget", "0.1", "--run-retry-budget", "1", "--read-timeout", "2")
CONNECTIONS = "/data/foundation/flowservice/connections"


def _run(workspace: Workspace, *arguments: str) -> Result:
    result = workspace.run("-vv", *arguments, *PATIENCE)
    assert "Traceback" not in result.err
    return result


ECHOES = [
    *((method, 400, name) for method in ("POST", "GET") for name in CODINGS),
    # A reply of success that cannot be read is asked for again and again, so these are few.
    *((method, 200, name) for method in ("POST", "GET") for name in ("as it is", "basic header", "HTML decimal")),
]


@pytest.mark.parametrize(("method", "status", "name"), ECHOES)
def test_a_platform_that_echoes_in_any_coding_shows_no_secret(
    echoed: Workspace, proxy: FaultProxy, method: str, status: int, name: str
) -> None:
    target = ("apply", "--auto-approve", "--target", "own.connection")
    if method == "GET":
        assert echoed.run(*target).code == 0
    coded = CODINGS[name](SECRET)
    output = ""
    for form, body in (
        ("text", json.dumps({"message": f"cannot use {coded} here"})),
        ("json", json.dumps({"message": f"cannot use {coded} here"})),
        ("text", f"<b>{coded}</b>"),
        ("json", json.dumps([{"x": coded}])),
    ):
        echo(proxy, method, CONNECTIONS, status, body)
        result = _run(echoed, *target, "--format", form)
        assert result.code == 1, result.out + result.err
        if form == "json":
            json.loads(result.out)
        output += result.out + result.err
    assert "(sensitive)" in output
    assert shown_of(coded, output + written(echoed)) == []


@pytest.mark.parametrize(
    ("status", "longest", "body"),
    [
        (400, 300, '{{"message": "{}"}}'),
        (400, 300, "{}"),
        (200, 200, '{{"items": ["{}"]}}'),
    ],
    ids=["message", "body", "shape"],
)
def test_a_text_is_masked_before_it_is_cut(
    echoed: Workspace,
    proxy: FaultProxy,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    longest: int,
    body: str,
) -> None:
    """Of a number, which has no beginning that gives it away, the cut would leave most digits."""
    echoed.apply()
    for secret in (SECRET, "8271936455"):
        monkeypatch.setenv("OWN", secret)
        for before in range(longest - 30, longest + 2, 4):
            quoted = "y" * before + f" {json.dumps(secret)[1:-1]}"
            echo(proxy, "GET", CONNECTIONS, status, body.format(quoted))
            result = _run(echoed, "plan")
            assert result.code == 1
            assert secret[:4] not in result.out + result.err


def test_a_reply_that_holds_the_secret_is_recorded_without_it(echoed: Workspace, proxy: FaultProxy) -> None:
    body = json.dumps({"id": "5e8c1f2a-1234-4678-9abc-def012345678", "etag": f'"{SECRET}"'})
    echo(proxy, "POST", CONNECTIONS, 201, body)
    result = _run(echoed, "apply", "--auto-approve", "--target", "own.connection")
    assert shown_of(json.dumps(SECRET), result.out + result.err + written(echoed)) == []
    assert shown_of(SECRET, result.out + result.err + written(echoed)) == []


@pytest.mark.parametrize(
    "token", ["tok-7f3a9c2e5b1d", 'odd "quoted"\\ t0ken & more', "t\u00f6ken-\u2713-12345", "x" * 3000 + "-9f2c"]
)
def test_a_token_that_comes_back_is_not_shown(echoed: Workspace, proxy: FaultProxy, token: str) -> None:
    for status, body in (
        (200, {"access_token": token, "expires_in": "never"}),
        (400, {"error_description": f"no more than {token}", "access_token": token}),
        (200, {"access_token": [token]}),
    ):
        echo(proxy, "POST", "/ims/token/v3", status, json.dumps(body))
        result = _run(echoed, "plan")
        assert result.code == 1
        if status == 200:
            assert shown_of(token, result.out + result.err, 8) == []


def test_the_client_secret_that_comes_back_is_not_shown(
    echoed: Workspace, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    echoed.edit("flowctl.yaml", "    variables:", "    auth: {clientSecret: '${env:CLIENT}'}\n    variables:")
    monkeypatch.setenv("CLIENT", PLAIN)
    for coding in CODINGS.values():
        body = json.dumps({"error_description": f"client_secret {coding(PLAIN)} is wrong"})
        echo(proxy, "POST", "/ims/token/v3", 401, body)
        result = _run(echoed, "plan")
        assert shown_of(coding(PLAIN), result.out + result.err) == []


def test_the_log_in_json_masks(capsys: pytest.CaptureFixture[str]) -> None:
    from flowctl.cli.log import begin_log
    from flowctl.cli.streams import surviving_streams

    values = SecretValues()
    values.add(SECRET)
    with surviving_streams(values):
        begin_log(logging.DEBUG, "json")
        logging.getLogger("flowctl.http").debug("sent %s", SECRET)
    assert json.loads(capsys.readouterr().err)["message"] == "sent (sensitive)"


def test_output_goes_through_the_mask_by_every_way(capsys: pytest.CaptureFixture[str]) -> None:
    import sys

    import click

    from flowctl.cli.streams import surviving_streams

    values = SecretValues()
    values.add(SECRET)
    with surviving_streams(values):
        sys.stdout.write(f"{SECRET}\n")
        sys.stdout.writelines([f"{SECRET}\n"])
        click.echo(SECRET)
        click.echo(SECRET, err=True)
        assert not hasattr(sys.stdout, "buffer")
        assert sys.stdout.write(SECRET) == len(SECRET)
    captured = capsys.readouterr()
    assert captured.out == "(sensitive)\n" * 3 + "(sensitive)"
    assert captured.err == "(sensitive)\n"


def test_the_password_of_a_proxy_is_a_secret(examples: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:PROXYSECRET1@proxy.example:8080")
    examples.write("schemas/own.yaml", CLEAR % "PROXYSECRET1")
    result = examples.run("plan")
    assert "PROXYSECRET1" not in result.out + result.err


def test_the_address_with_a_password_is_not_quoted(examples: Workspace) -> None:
    text = (examples.root / "flowctl.yaml").read_text()
    for endpoint in (
        "https://me:PASS/WORD1@h.example",
        "https://me:PASSWORD1@h.example",
        "https://h.example?key=PASSWORD1",
    ):
        lines = [f"    endpoint: {endpoint}" if "endpoint:" in line else line for line in text.splitlines()]
        examples.write("flowctl.yaml", "\n".join(lines) + "\n")
        for how in (("plan",), ("validate",)):
            result = examples.run(*how)
            assert result.code == 1
            assert "PASS" not in result.out + result.err


def test_numbers_in_secrets_are_not_quoted(examples: Workspace) -> None:
    examples.write(
        "connections/own.yaml", spec("{connectionString: 00712, k: 0042421987, l: 123456789012345678901234567}")
    )
    result = examples.run("validate")
    assert (result.code, "leading-zeros" in result.out, "number-not-json" in result.out) == (0, False, False)
    assert [each for each in ("712", "42421", "123456") if each in result.out] == []


@pytest.mark.parametrize("value", ["!Hunter22secret", "!Hunter22secret rest", "!!Hunter22secret", "!<Hunter22secret>"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_password_that_is_read_as_a_tag_is_not_quoted(examples: Workspace, value: str, form: str) -> None:
    examples.write("connections/own.yaml", spec(f"{{connectionString: x, k: [{value} ]}}"))
    examples.write("connections/other.yaml", spec(f"{{connectionString: x, k: {value} }}").replace("own", "other"))
    result = examples.run("--format", form, "validate")
    assert (result.code, "yaml-tag" in result.out + result.err) == (1, True)
    assert "Hunter22" not in result.out + result.err


def test_the_secret_of_the_local_platform_hides_no_words(examples: Workspace) -> None:
    examples.write("connections/own.yaml", spec("{connectionString: Pwd=hunter22secret}"))
    result = examples.run("-e", "local", "plan")
    assert "[literal-secret]" in result.err


def test_a_connection_is_never_kept_in_the_cache(tmp_path: Path) -> None:
    from flowctl.manifest.reading.cache import ManifestCache
    from flowctl.manifest.reading.discover import SMALLEST

    file = tmp_path / "cache.json"
    cache = ManifestCache(file)
    for number in range(SMALLEST):
        cache.put(str(number), [{"kind": "Schema", "metadata": {"name": f"s{number}"}}])
    cache.put("one", [{"kind": "Connection", "auth": {"params": {"key": "VARSECRET9"}}}])
    cache.put("two", [{"kind": "Schema"}, {"kind": "Connection", "auth": {"params": {"key": "VARSECRET9"}}}])
    cache.save()
    assert "VARSECRET9" not in file.read_text()
    assert cache.get("one") is None
    assert ManifestCache(file).get("0") is not None


def test_a_secret_of_a_megabyte_takes_a_moment() -> None:
    """Four times as long a secret takes about four times as long, in every form that is looked for."""

    def seconds(length: int) -> float:
        started = time.process_time()
        values = SecretValues()
        values.add("hostile-token" * length)
        values.masked("an output that holds hostile-" + "x" * 1000)
        return time.process_time() - started

    seconds(1_000)
    assert seconds(80_000) < 16 * max(seconds(20_000), 0.01)
