"""Doctor: each part that a run needs is looked at by itself, and each that fails says what to do."""

import json
from typing import Any

import certifi
import pytest
from surroundings import Workspace

from flowctl import __version__
from flowctl.model.diagnostic import Diagnostic
from flowctl.operations.doctor.words import failed
from flowctl.state.local.store import LocalStore

READS = {
    "read base connections": "/data/foundation/flowservice/connections",
    "read schemas": "/data/foundation/schemaregistry/tenant/schemas",
    "read datasets": "/data/foundation/catalog/dataSets",
    "read source connections": "/data/foundation/flowservice/sourceConnections",
    "read target connections": "/data/foundation/flowservice/targetConnections",
    "read mapping sets": "/data/foundation/conversion/mappingSets",
    "read flows": "/data/foundation/flowservice/flows",
    "read runs": "/data/foundation/flowservice/runs",
}


def found(workspace: Workspace, *options: str) -> dict[str, dict[str, Any]]:
    """The findings by part; of a part with several, the worst."""
    result = workspace.run("doctor", "--format", "json", *options)
    findings = result.json["findings"]
    failed = sum(each["health"] == "failed" for each in findings)
    assert (result.code, result.json["failed"]) == (1 if failed else 0, failed)
    assert all(each["action"] for each in findings if each["health"] != "ok")
    worst_last = sorted(findings, key=lambda each: ["ok", "skipped", "warning", "failed"].index(each["health"]))
    return {each["part"]: each for each in worst_last}


def unwell(findings: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {part: each["health"] for part, each in findings.items() if each["health"] != "ok"}


def test_where_nothing_is_wrong_everything_is_ok_and_nothing_is_written(examples: Workspace) -> None:
    examples.begin_applied()
    assert examples.platform is not None
    before = sorted(path.name for path in examples.root.iterdir())
    examples.platform.clear_log()
    findings = found(examples)
    assert unwell(findings) == {}
    assert set(READS) | {"manifests", "settings", "lockfile", "run lock", "sign-in", "clock"} <= set(findings)
    assert findings["flow specs"]["found"].endswith("as in the copies that validate uses")
    assert examples.platform.writes() == []
    assert sorted(path.name for path in examples.root.iterdir()) == before
    assert "0 failed, 0 with a warning" in examples.run("doctor").out


@pytest.mark.parametrize(("part", "path"), READS.items())
def test_a_read_that_is_not_allowed_is_named_and_the_others_go_on(examples: Workspace, part: str, path: str) -> None:
    assert examples.platform is not None
    body = {"title": "No permission", "detail": "The role lacks it"}
    fault = {"match": {"method": "GET", "path": path}, "times": 99, "effect": {"status": 403, "body": body}}
    examples.platform.fault(**fault)
    findings = found(examples)
    assert unwell(findings) == {each: "failed" for each, read in READS.items() if read == path}
    assert ("status and runs need it" in findings[part]["found"]) == (part == "read runs")
    assert findings[part]["found"].count("need it") == 1


@pytest.mark.parametrize(
    ("seconds", "words"), [(3600, "behind"), (-7200, "ahead of"), (75, "behind"), (-75, "ahead of"), (50, "")]
)
def test_a_clock_that_differs_is_told_from_a_minute_on(examples: Workspace, seconds: int, words: str) -> None:
    assert examples.platform is not None
    examples.platform.http.post("/_emulator/clock", json={"advanceSeconds": seconds}).raise_for_status()
    finding = found(examples)["clock"]
    assert finding["health"] == ("warning" if words else "ok")
    assert words in finding["found"]


def test_a_token_that_is_refused_ends_it_there_and_what_was_not_checked_is_named(examples: Workspace) -> None:
    assert examples.platform is not None
    examples.platform.fault(match={"path": "/ims/token/v3"}, times=99, effect={"status": 401})
    findings = found(examples)
    assert unwell(findings) == {"sign-in": "failed", "later checks": "skipped"}
    assert findings["later checks"]["found"] == "not checked for the same reason: reads, clock and specs"
    assert not set(READS) & set(findings)


def test_wrong_manifests_do_not_keep_it_from_the_rest(examples: Workspace) -> None:
    examples.write("pipelines/broken.yaml", "apiVersion: flowctl/v1\nkind: Pipelin\nmetadata: {name: x}\n")
    findings = found(examples)
    assert unwell(findings) == {"manifests": "failed", "flow specs": "skipped"}
    assert findings["manifests"]["action"] == "Run `flowctl validate`."
    assert findings["flow specs"]["found"] == "not compared, because the manifests that use them have errors"
    assert "read flows" in findings


def test_settings_that_lack_something_are_told_and_nothing_is_sent(
    examples: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert examples.platform is not None
    monkeypatch.delenv("DOCTORS_SANDBOX", raising=False)
    text = (examples.root / "flowctl.yaml").read_text(encoding="utf-8")
    examples.write(
        "flowctl.yaml", text.replace("    endpoint:", "    sandbox: ${env:DOCTORS_SANDBOX}\n    endpoint:", 1)
    )
    examples.platform.clear_log()
    findings = found(examples)
    assert unwell(findings) == {"settings": "failed", "sign-in": "skipped"}
    assert "DOCTORS_SANDBOX" in findings["settings"]["found"]
    assert examples.platform.log() == []


def test_a_lockfile_that_cannot_be_read_is_told_once(examples: Workspace) -> None:
    examples.write("flowctl.dev.lock", '{"formatVersion": ')
    findings = found(examples)
    assert unwell(findings) == {"lockfile": "failed", "sign-in": "skipped"}
    assert "lockfile" in findings["sign-in"]["found"]


def test_a_journal_of_an_interrupted_run_is_told_and_stays(examples: Workspace) -> None:
    examples.begin_applied()
    journal = examples.root / "flowctl.dev.lock.journal"
    journal.write_text("", encoding="utf-8")
    findings = found(examples)
    assert unwell(findings) == {"lockfile": "warning"}
    assert journal.exists()


def test_a_proxy_that_cannot_be_used_is_named_and_its_password_is_not_shown(
    examples: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "nonsense:hush-hush@:x")
    for name in ("AEP_ORG_ID", "AEP_CLIENT_ID", "AEP_CLIENT_SECRET"):
        monkeypatch.setenv(name, "x")
    examples.write(
        "flowctl.yaml",
        "apiVersion: flowctl/v1\nkind: Workspace\nenvironments:\n  dev:\n    endpoint: https://platform.adobe.io\n"
        "    organization: x@AdobeOrg\n    sandbox: dev\n"
        "    auth: {clientId: a, clientSecret: '${env:AEP_CLIENT_SECRET}'}\ndefaultEnvironment: dev\n",
    )
    result = examples.run("doctor")
    assert result.code == 1
    assert "https_proxy" in result.out
    assert "hush-hush" not in result.out + result.err


def of_flow_specs(workspace: Workspace) -> list[tuple[str, str]]:
    findings = workspace.run("doctor", "--format", "json").json["findings"]
    return [(each["health"], each["found"]) for each in findings if each["part"] == "flow specs"]


def test_a_flow_spec_that_moved_is_a_warning_and_the_others_are_ok(examples: Workspace) -> None:
    assert examples.platform is not None
    path = "/data/foundation/flowservice/flowSpecs"
    specs = examples.platform.request("GET", path, params={"property": 'name=="CRMToAEP"'}).json()
    assert "minute" in json.dumps(specs)
    moved = json.loads(json.dumps(specs).replace('"minute"', '"fortnight"'))
    fault = {"match": {"path": path}, "nth": 1, "times": 1, "effect": {"status": 200, "body": moved}}
    examples.platform.fault(**fault)
    findings = found(examples)
    assert findings["flow specs"]["health"] == "warning"
    assert "Upgrade flowctl" in findings["flow specs"]["action"]
    examples.platform.fault(**fault)
    (_, warning), (health, others) = of_flow_specs(examples)
    assert "`CRMToAEP` of Experience Platform differs" in warning
    assert (health, "CRMToAEP" in others, others.endswith(": as in the copies that validate uses")) == (
        "ok",
        False,
        True,
    )


def test_each_flow_spec_that_is_gone_fails(examples: Workspace) -> None:
    assert examples.platform is not None
    names = of_flow_specs(examples)[0][1].partition(":")[0].replace(" and ", ", ").split(", ")
    assert len(names) > 1
    examples.platform.fault(
        match={"path": "/data/foundation/flowservice/flowSpecs"},
        times=99,
        effect={"status": 200, "body": {"items": []}},
    )
    assert found(examples)["flow specs"]["health"] == "failed"
    assert of_flow_specs(examples) == [("failed", f"Experience Platform has no flow spec {name}") for name in names]


def test_flow_specs_that_cannot_be_read_fail_once(examples: Workspace) -> None:
    assert examples.platform is not None
    fault = {"status": 403, "body": {"title": "No permission"}}
    examples.platform.fault(match={"path": "/data/foundation/flowservice/flowSpecs"}, times=99, effect=fault)
    ((health, words),) = of_flow_specs(examples)
    assert (health, "403" in words) == ("failed", True)


ODD = """\
apiVersion: flowctl/v1
kind: Connection
metadata: {{name: odd{0}}}
connector: hubspot
auth: {{specName: Nothing such, params: {{}}}}
"""


def test_warnings_of_manifests_are_counted(examples: Workspace) -> None:
    for number in range(2):
        examples.write(f"connections/odd{number}.yaml", ODD.format(number))
    finding = found(examples)["manifests"]
    assert (finding["health"], finding["action"]) == ("warning", "Run `flowctl validate`.")
    assert finding["found"].endswith(", 2 warnings")


def test_the_emulator_in_flowctl_is_named_and_the_release_too(examples: Workspace) -> None:
    assert found(examples)["settings"]["found"].startswith("http://")
    examples.write("flowctl.yaml", "apiVersion: flowctl/v1\nkind: Workspace\nmanifests: [schemas]\n")
    findings = found(examples)
    assert unwell(findings) == {}
    assert findings["settings"]["found"].startswith("the emulator in flowctl, organization ")
    assert findings["flowctl"]["found"].startswith(f"version {__version__}, Python 3.")
    assert {"proxy", "certificates"} & set(findings) == set()


def test_a_run_lock_that_another_run_holds_is_a_warning(examples: Workspace) -> None:
    assert found(examples)["run lock"]["found"] == "free"
    with LocalStore(examples.root, "dev").lock("apply"):
        finding = found(examples)["run lock"]
    assert finding["health"] == "warning"
    assert finding["found"].startswith("held by ")
    assert "`flowctl unlock`" in finding["action"]


def test_a_record_of_another_sandbox_ends_it_there(examples: Workspace) -> None:
    examples.begin_applied()
    examples.edit("flowctl.yaml", "    variables:\n", "    sandbox: other\n    variables:\n")
    findings = found(examples)
    assert unwell(findings) == {"session": "failed", "later checks": "skipped"}
    assert "sandbox" in findings["session"]["found"]
    assert findings["later checks"]["found"] == "not checked for the same reason: sign-in, reads, clock and specs"


def of_https(examples: Workspace, monkeypatch: pytest.MonkeyPatch, **environ: str) -> dict[str, dict[str, Any]]:
    """The findings about an https address where nothing listens, with these environment variables alone."""
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    examples.write(
        "flowctl.yaml",
        "apiVersion: flowctl/v1\nkind: Workspace\nmanifests: [schemas]\nenvironments:\n  dev:\n    endpoint: https://platform.example\n"
        "    organization: x@AdobeOrg\n    sandbox: dev\n"
        "    auth: {clientId: a, clientSecret: '${env:AEP_CLIENT_SECRET}', tokenUrl: 'https://localhost:9/ims/token/v3'}\n"
        "defaultEnvironment: dev\n",
    )
    monkeypatch.setenv("AEP_CLIENT_SECRET", "x")
    return found(examples, "--retry-budget", "0")


def test_no_proxy_and_the_usual_authorities(examples: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = of_https(examples, monkeypatch)
    assert findings["proxy"]["found"] == "none"
    assert findings["certificates"]["found"] == "the usual authorities"


def test_the_proxy_and_the_certificates_in_use_are_named_with_their_variables(
    examples: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {"HTTPS_PROXY": "http://ana:hush-hush@127.0.0.1:9", "SSL_CERT_FILE": certifi.where()}
    findings = of_https(examples, monkeypatch, **environ)
    assert findings["proxy"]["found"] == "127.0.0.1:9, from HTTPS_PROXY"
    assert findings["certificates"]["found"] == "from SSL_CERT_FILE"
    assert findings["sign-in"]["health"] == "failed"
    assert "hush-hush" not in json.dumps(findings)


def test_certificates_that_cannot_be_used_end_it_there(examples: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = of_https(examples, monkeypatch, SSL_CERT_FILE=str(examples.root / "nowhere.pem"))
    assert unwell(findings) == {"certificates": "failed", "sign-in": "skipped"}
    assert "unset SSL_CERT_FILE" in findings["certificates"]["action"]


def test_a_cache_that_is_off_says_by_what(examples: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWCTL_CACHE", "off")
    assert found(examples)["cache"]["found"] == "off: no cache folder, or FLOWCTL_CACHE"


def test_a_cache_folder_below_a_file_is_a_warning(examples: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    examples.write("occupied", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(examples.root / "occupied" / "caches"))
    finding = found(examples)["cache"]
    assert (finding["health"], "FLOWCTL_CACHE=off" in finding["action"]) == ("warning", True)
    assert "cannot be written" in finding["found"]
    monkeypatch.setenv("XDG_CACHE_HOME", str(examples.root / "not" / "there" / "yet"))
    assert found(examples)["cache"]["found"] == str(examples.root / "not" / "there" / "yet" / "flowctl")


def test_a_cache_folder_that_cannot_be_looked_at_is_judged(
    examples: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(examples.root / ("a" * 300)))
    assert found(examples)["cache"]["health"] in ("ok", "warning")


def test_a_platform_that_hangs_is_told_after_one_wait(examples: Workspace) -> None:
    assert examples.platform is not None
    fault = {"match": {"path": "/data/foundation/*"}, "times": 99, "effect": {"delay_ms": 1500}}
    examples.platform.fault(**fault)
    examples.platform.clear_log()
    result = examples.run("doctor", "--read-timeout", "0.5", "--retry-budget", "0")
    assert result.code == 1
    assert "did not reply within 0.5 s" in result.out
    assert "1 failed" in result.out
    assert result.out.count("not checked for the same reason") == 1
    assert " ".join(result.out.split()).count("read runs") == 1
    assert result.out.count("read base connections") == 1, "it is not among those that were not checked"
    assert len([each for each in examples.platform.log() if "/data/" in each["path"]]) <= 1
    assert result.err.splitlines() == [
        "Checking the sign-in (waits up to 0.5 s for a reply)",
        "Checking what the credentials can read",
    ]


def test_a_later_read_without_a_reply_is_one_finding_and_the_others_go_on(examples: Workspace) -> None:
    assert examples.platform is not None
    fault = {"match": {"path": READS["read flows"]}, "times": 99, "effect": {"drop": "before"}}
    examples.platform.fault(**fault)
    findings = found(examples, "--retry-budget", "0")
    assert unwell(findings) == {"read flows": "failed"}
    assert findings["read runs"]["health"] == "ok"
    assert "clock" in findings


def test_replies_that_cannot_be_read_are_no_wrong_sandbox(examples: Workspace) -> None:
    assert examples.platform is not None
    fault = {"match": {"path": "/data/foundation/*"}, "times": 999, "effect": {"status": 200, "body": [1]}}
    examples.platform.fault(**fault)
    findings = found(examples)
    assert "sandbox" not in findings
    assert findings["read flows"]["health"] == findings["read runs"]["health"] == "failed"


def test_a_part_fails_for_its_first_reason_and_the_others_are_counted() -> None:
    reasons = [Diagnostic(code=f"code-{number}", summary=f"reason {number}") for number in (1, 2, 3)]
    assert failed("it", reasons[:1]).found == "reason 1"
    assert failed("it", reasons[:2]).found == "reason 1, and 1 more"
    assert failed("it", reasons).found == "reason 1, and 2 more"
    assert failed("it", reasons).action == "Run `flowctl explain code-1`."
    told = Diagnostic(code="code", summary="reason", detail=" The detail. ", hint="Do this.")
    assert (failed("it", [told]).found, failed("it", [told]).action) == ("reason (The detail)", "Do this.")


def test_what_is_checked_is_told_unless_the_output_is_for_a_script(examples: Workspace) -> None:
    assert "Checking specs" in examples.run("doctor").err
    assert examples.run("doctor", "-q").err == ""
    assert examples.run("doctor", "--format", "json").err == ""


def test_a_wrong_sandbox_is_one_finding_and_names_what_was_not_checked(examples: Workspace) -> None:
    examples.edit("flowctl.yaml", "    variables:\n", "    sandbox: typo\n    variables:\n")
    findings = found(examples)
    assert unwell(findings) == {"sandbox": "failed", "later checks": "skipped"}
    skipped = findings["later checks"]
    assert skipped["found"] == "not checked for the same reason: clock and specs"
    assert skipped["action"] == "Correct that, then run `flowctl doctor` again."
    assert findings["sandbox"]["found"].startswith("nothing can be read in sandbox typo (HTTP 40")
    assert "`sandbox`" in findings["sandbox"]["action"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (91705500, "1061 days behind"),
        (-8 * 3600, "8 hours ahead of"),
        (3660, "61 minutes behind"),
        (100, " s behind"),
    ],
)
def test_a_clock_that_differs_is_told_in_units_that_a_person_reads(
    examples: Workspace, seconds: int, words: str
) -> None:
    assert examples.platform is not None
    examples.platform.http.post("/_emulator/clock", json={"advanceSeconds": seconds}).raise_for_status()
    assert f"{words} the clock of Experience Platform" in examples.run("doctor").out
