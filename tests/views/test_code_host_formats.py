"""Formats for code hosts: problems at their lines on GitHub and GitLab, and in SARIF."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft4Validator
from surroundings import EXAMPLES, Platform, Workspace

from flowctl.cli.main import main
from flowctl.model.address import Address
from flowctl.model.codes import CODES
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan
from flowctl.model.plan import Drift, DriftedAttribute, Plan
from flowctl.model.result import Data, NoResult, Result, Validation, WrongUsage
from flowctl.views.formats import Format
from flowctl.views.output import Output, RenderOptions
from flowctl.views.render import render

SCHEMA = Draft4Validator(json.loads((Path(__file__).parent / "data/sarif-schema-2.1.0.json").read_text("utf-8")))
FILE_FORMATS = ("gitlab", "sarif")
ALL = ("github", *FILE_FORMATS)
HOSTILE = "`|@user <script>]]>::error::##[error]%0A,:\u202e\x1b[31m\r\n::warning::[x](https://example.com){0}"
PLAN = Plan(
    environment="dev", organization="O", sandbox="s", lineage="l", serial=1, manifest_digest="d", changes=()
)  # fmt: skip


def problem(line: int = 3, **members: Any) -> Diagnostic:
    given = {"code": "unknown-key", "summary": "the key schedul is unknown", "detail": "Known: a.", "hint": "Fix it."}
    return Diagnostic(**{**given, "span": SourceSpan(file="pipelines/a.yaml", line=line, column=5), **members})


def rendered(form: str, *diagnostics: Diagnostic, data: "Data | None" = None, folder: str = "", **how: Any) -> Output:
    result = Result(command="validate", data=data or Validation(), diagnostics=diagnostics)
    return render(result, Format(form), RenderOptions(folder=lambda: folder, **how))


def run_of(text: str) -> dict[str, Any]:
    """The only run of a SARIF log that is valid against the official schema, and against what the schema leaves out."""
    document = json.loads(text)
    assert [f"{error.json_path}: {error.message}" for error in SCHEMA.iter_errors(document)] == []
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [result["ruleId"] for result in run["results"]] == [
        rules[result["ruleIndex"]]["id"] for result in run["results"]
    ]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert {rule["id"] for rule in rules} == {result["ruleId"] for result in run["results"]}
    for result in run["results"]:
        (location,) = result["locations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9_.~/-]+|(?:%[0-9A-F]{2}|[A-Za-z0-9_.~/-])+", uri)
        assert not uri.startswith("/")
    return dict(run)


def issues_of(text: str) -> list[dict[str, Any]]:
    """The issues of a Code Quality report, each with exactly the members that GitLab reads."""
    issues: list[dict[str, Any]] = json.loads(text)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1
        assert not issue["location"]["path"].startswith(("/", "./"))
    return issues


@dataclass(frozen=True)
class Command:
    """A workflow command as GitHub's runner reads it."""

    name: str
    properties: dict[str, str]
    message: str


def commands_of(text: str) -> list[Command]:
    return [command for line in text.splitlines() if (command := _command(line))]


def _command(line: str) -> Command | None:
    found = re.match(r"\s*::(?P<name>[^ :]+) ?(?P<given>.*?)::(?P<message>.*)\Z", line)
    if found is None:
        return None
    given = dict(pair.split("=", 1) for pair in found["given"].split(",")) if found["given"] else {}
    return Command(
        found["name"], {key: _unescaped(value) for key, value in given.items()}, _unescaped(found["message"])
    )


def _unescaped(text: str) -> str:
    for escape, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, sign)
    return text


# GitHub.


def test_an_annotation_is_a_workflow_command() -> None:
    assert rendered("github", problem()).text == (
        "::error file=pipelines/a.yaml,line=3,col=5,title=Unknown key::"
        "pipelines/a.yaml:3:5: the key schedul is unknown [unknown-key]%0AKnown: a.%0AFix it.\n"
        "1 error, 0 warnings\n"
    )


def test_what_has_no_place_is_annotated_without_a_file() -> None:
    (command,) = commands_of(rendered("github", problem(span=None, severity=Severity.WARNING, code="http-403")).text)
    assert (command.name, command.properties) == ("warning", {"title": "Request rejected by Experience Platform"})
    assert command.message.startswith("the key schedul is unknown [http-403]\n")


def test_a_code_that_the_table_lacks_is_its_own_title() -> None:
    (command,) = commands_of(rendered("github", problem(code="x")).text)
    assert command.properties["title"] == "x"


def test_signs_that_mean_something_to_the_runner_are_escaped() -> None:
    span = SourceSpan(file="a,b:c%0A\n::error::.yaml", line=1)
    text = rendered("github", problem(span=span, summary=HOSTILE, detail=HOSTILE)).text
    line, end = text.splitlines()
    command = _command(line)
    assert command is not None
    assert (command.name, end) == ("error", "1 error, 0 warnings")
    assert command.properties["file"] == "a,b:c%0A\\n::error::.yaml"
    assert list(command.properties) == ["file", "line", "col", "title"]
    assert "file=a%2Cb%3Ac%250A" in line
    assert "%0A,:\\u202e\\x1b[31m\\r\\n::warning::" in command.message
    assert "##[" not in line
    assert line.isprintable()


def test_the_worst_come_first_and_the_rest_is_counted_and_listed() -> None:
    warnings = [problem(n, severity=Severity.WARNING, summary=f"w{n}") for n in range(1, 12)]
    errors = [problem(n, summary=f"e{n}") for n in range(101, 113)]
    lines = rendered("github", *warnings, *errors).text.splitlines()
    commands = [_command(line) for line in lines]
    names = [command.name for command in commands if command]
    assert names == ["error"] * 10 + ["warning"] * 10 + ["notice"]
    assert lines[0].startswith("::error file=pipelines/a.yaml,line=101,")
    assert lines[20] == "::notice title=flowctl::2 more errors and 1 more warning: see the log of this step"
    assert [line for line in lines[21:] if "[unknown-key]" in line] == [
        "pipelines/a.yaml:111:5: error: e111 [unknown-key]",
        "pipelines/a.yaml:112:5: error: e112 [unknown-key]",
        "pipelines/a.yaml:11:5: warning: w11 [unknown-key]",
    ]
    assert lines[-1] == "12 errors, 11 warnings"


def test_ten_of_a_severity_leave_nothing_to_count() -> None:
    text = rendered("github", *(problem(n, summary=f"e{n}") for n in range(1, 11))).text
    assert [command.name for command in commands_of(text)] == ["error"] * 10


def test_a_valid_workspace_has_no_annotation() -> None:
    assert rendered("github").text == "Valid.\n"
    assert (rendered("github", quiet=True).text, [*rendered("github", quiet=True).lines]) == ("", [])
    assert rendered("github", problem(), quiet=True).text.endswith("\n1 error, 0 warnings\n")


# GitLab.


def test_an_issue_of_code_quality() -> None:
    (issue,) = issues_of(rendered("gitlab", problem()).text)
    assert issue.pop("fingerprint")
    assert issue == {
        "description": "the key schedul is unknown. Known: a. Fix it.",
        "check_name": "unknown-key",
        "severity": "major",
        "location": {"path": "pipelines/a.yaml", "lines": {"begin": 3}},
    }
    (issue,) = issues_of(rendered("gitlab", problem(severity=Severity.WARNING)).text)
    assert issue["severity"] == "minor"


# SARIF.


def test_a_result_of_sarif() -> None:
    run = run_of(rendered("sarif", problem(), problem(severity=Severity.WARNING, code="drift", span=None)).text)
    first, second = run["results"]
    marks = first.pop("partialFingerprints")
    assert list(marks) == ["flowctl/v1", "primaryLocationLineHash"]
    assert first == {
        "ruleId": "unknown-key",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "the key schedul is unknown\nKnown: a.\nFix it."},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "pipelines/a.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 3, "startColumn": 5},
                }
            }
        ],
    }
    assert (second["ruleId"], second["level"]) == ("drift", "warning")
    assert run["invocations"] == [{"executionSuccessful": True}]
    assert "%SRCROOT%" in run["originalUriBaseIds"]


def test_a_rule_is_the_row_of_its_code() -> None:
    (rule,) = run_of(rendered("sarif", problem(code="duplicate-object", span=None)).text)["tool"]["driver"]["rules"]
    row = CODES["duplicate-object"]
    assert rule["shortDescription"] == {"text": row.title}
    assert rule["fullDescription"] == {"text": row.meaning}
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert rule["help"]["markdown"].startswith("Add it to the lockfile with `flowctl state repair`")
    assert rule["help"]["markdown"].endswith("See State.")
    assert "`" not in rule["help"]["text"]


def test_every_code_makes_a_valid_rule() -> None:
    found = [problem(code=code.replace("STATUS", "503"), summary=code) for code in (*CODES, "no-such-code")]
    run = run_of(rendered("sarif", *found).text)
    levels = {rule["id"]: rule.get("defaultConfiguration", {}).get("level") for rule in run["tool"]["driver"]["rules"]}
    assert (levels["drift"], levels["http-503"], levels["no-such-code"]) == ("warning", "error", None)
    assert "](" not in json.dumps(run["tool"])
    assert len(levels) == len(CODES) + 1


def test_no_name_becomes_a_link_in_a_message() -> None:
    ((result,),) = [run_of(rendered("sarif", problem(summary="[x](https://example.com)")).text)["results"]]
    assert result["message"]["text"].startswith("[x] (https://example.com)\n")


# What they share.


def test_errors_come_before_warnings_each_in_the_order_of_files() -> None:
    found = [problem(3, severity=Severity.WARNING), problem(8), problem(2)]
    assert [issue["location"]["lines"]["begin"] for issue in issues_of(rendered("gitlab", *found).text)] == [2, 8, 3]
    results = run_of(rendered("sarif", *found).text)["results"]
    lines = [result["locations"][0]["physicalLocation"]["region"]["startLine"] for result in results]
    assert lines == [2, 8, 3]


@pytest.mark.parametrize("form", FILE_FORMATS)
def test_what_goes_into_a_file_is_told_too(form: str) -> None:
    told = [line.text for line in rendered(form, problem()).messages]
    assert told[0] == "pipelines/a.yaml:3:5: error: the key schedul is unknown [unknown-key]"
    assert [*rendered(form).messages] == []


def test_nothing_found_is_an_empty_report() -> None:
    assert issues_of(rendered("gitlab").text) == []
    run = run_of(rendered("sarif").text)
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


def test_what_has_no_place_is_in_the_file_of_the_workspace() -> None:
    (issue,) = issues_of(rendered("gitlab", problem(span=None), folder="flows/").text)
    assert issue["location"] == {"path": "flows/flowctl.yaml", "lines": {"begin": 1}}
    (result,) = run_of(rendered("sarif", problem(span=None), folder="flows/").text)["results"]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "flows/flowctl.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 1, "startColumn": 1},
    }


def fingerprints(*diagnostics: Diagnostic, **how: Any) -> list[str]:
    """The fingerprints of both formats, which are the same."""
    marks = [issue["fingerprint"] for issue in issues_of(rendered("gitlab", *diagnostics, **how).text)]
    results = run_of(rendered("sarif", *diagnostics, **how).text)["results"]
    assert [set(result["partialFingerprints"].values()) for result in results] == [{mark} for mark in marks]
    return marks


def test_a_fingerprint_survives_moved_lines() -> None:
    one = problem(3, summary="the key a is also in line 2")
    assert fingerprints(one) == fingerprints(replace(problem(30), summary="the key a is also in line 29"))


@pytest.mark.parametrize(
    "other",
    [
        problem(code="wrong-type"),
        problem(summary="the key schedul2 is unknown"),
        problem(address=Address("a.flow")),
        problem(span=SourceSpan(file="pipelines/b.yaml", line=3, column=5)),
    ],
    ids=["code", "words", "address", "file"],
)
def test_another_problem_has_another_fingerprint(other: Diagnostic) -> None:
    one = replace(other, summary="the key schedul1 is unknown") if "schedul2" in other.summary else problem()
    assert fingerprints(one) != fingerprints(other)


def test_the_same_problem_at_two_lines_has_two_fingerprints() -> None:
    assert len(set(fingerprints(problem(3), problem(4)))) == 2


def test_a_fingerprint_tells_nothing_of_a_secret() -> None:
    def masked(text: str) -> str:
        return re.sub("hunter[a-z]", "(sensitive)", text)

    one, other = problem(summary="found huntera"), problem(summary="found hunterb")
    assert fingerprints(one, masked=masked) == fingerprints(other, masked=masked)
    assert fingerprints(one) != fingerprints(other)


@pytest.mark.parametrize("form", ALL)
def test_a_command_that_fails_has_its_problems_too(form: str) -> None:
    usage = WrongUsage(command="flowctl plan"), "Run `flowctl plan --help`"
    for data, words in ((NoResult(), "Fix it."), usage):
        output = rendered(form, problem(), data=data)
        assert words in output.text
        if form == "sarif":
            assert run_of(output.text)["invocations"] == [{"executionSuccessful": False}]


@pytest.mark.parametrize("form", ALL)
def test_drift_is_a_warning_without_values(form: str) -> None:
    changed = DriftedAttribute(steps=("name",), recorded="old-value", observed="new-value")
    drift = (Drift(address=Address("p.flow"), attributes=(changed,)), Drift(address=Address("q.flow"), missing=True))
    output = rendered(form, data=replace(PLAN, drift=drift, diagnostics=(problem(),)))
    words = ["p.flow was changed outside flowctl: name", "q.flow is not found (deleted, or hidden by access labels)"]
    if form == "github":
        commands = commands_of(output.text)
        assert [command.name for command in commands] == ["error", "warning", "warning"]
        assert [command.message.partition(" [")[0] for command in commands[1:]] == words
    elif form == "gitlab":
        issues = issues_of(output.text)
        assert [issue["severity"] for issue in issues] == ["major", "minor", "minor"]
        assert [issue["description"].partition(". ")[0] for issue in issues[1:]] == words
    else:
        results = run_of(output.text)["results"]
        assert [result["level"] for result in results] == ["error", "warning", "warning"]
        assert [result["message"]["text"].partition("\n")[0] for result in results[1:]] == words
    if form != "github":
        assert "old-value" not in output.text


@pytest.mark.parametrize("form", ALL)
@pytest.mark.parametrize("length", [1, 10_000 // len(HOSTILE)])
def test_hostile_words_leave_each_format_valid(form: str, length: int) -> None:
    words = HOSTILE * length
    span = SourceSpan(file=f"pipelines/{HOSTILE}\udcff.yaml", line=2)
    text = rendered(form, problem(summary=words, detail=words, hint=words, span=span), folder="a b/").text
    assert text.replace("\n", "").isprintable()
    if form == "github":
        (command,) = commands_of(text)
        assert command.message.count("@user") == 3 * length + 1
    elif form == "gitlab":
        (issue,) = issues_of(text)
        assert issue["location"]["path"].startswith(f"a b/pipelines/{HOSTILE}")
        assert issue["description"].count("\\u202e") == 3 * length
    else:
        (result,) = run_of(text)["results"]
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert unquote(uri) == f"a b/pipelines/{HOSTILE}?.yaml"


# Through the command line.


@pytest.fixture
def broken(examples: Workspace) -> Workspace:
    examples.edit("pipelines/shop-customers.yaml", "frequency: hour", "frequency: never")
    return examples


def paths(form: str, text: str) -> Iterator[str]:
    """The files that a report names."""
    if form == "github":
        yield from (command.properties["file"] for command in commands_of(text) if "file" in command.properties)
    elif form == "gitlab":
        yield from (issue["location"]["path"] for issue in issues_of(text))
    else:
        for result in run_of(text)["results"]:
            yield unquote(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])


@pytest.mark.parametrize("form", ALL)
@pytest.mark.parametrize("command", ["validate", "plan"])
@pytest.mark.parametrize("repository", ["", "folder", "file", "root"])
def test_files_are_relative_to_the_root_of_the_repository(
    broken: Workspace, form: str, command: str, repository: str
) -> None:
    marker = (broken.root if repository == "root" else broken.root.parent) / ".git"
    if repository == "file":
        marker.write_text("gitdir: elsewhere\n", encoding="utf-8")
    elif repository:
        marker.mkdir()
    folder = "workspace/" if repository in ("folder", "file") else ""
    inner = Workspace(root=broken.root / "pipelines", capsys=broken.capsys)
    for workspace in (broken, inner):
        result = workspace.run(command, "--format", form)
        assert (result.code, set(paths(form, result.out))) == (1, {f"{folder}pipelines/shop-customers.yaml"})


def test_a_command_that_fails_finds_the_repository_by_the_last_folder_it_names(
    broken: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (broken.root.parent / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    for arguments in (("-C", ".", f"-C{broken.root}"), (f"-C{tmp_path}", "-C", "workspace")):
        broken.capsys.readouterr()
        assert main([*arguments, "plan", "--format", "gitlab"]) == 1
        assert set(paths("gitlab", broken.capsys.readouterr().out)) == {"workspace/pipelines/shop-customers.yaml"}


def test_a_link_to_a_workspace_leads_to_the_path_in_the_repository(broken: Workspace) -> None:
    (broken.root.parent / ".git").mkdir()
    link = broken.root.parent / "link"
    link.symlink_to(broken.root, target_is_directory=True)
    result = Workspace(root=link, capsys=broken.capsys).run("validate", "--format", "gitlab")
    assert set(paths("gitlab", result.out)) == {"workspace/pipelines/shop-customers.yaml"}


def test_a_folder_without_a_workspace_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = Workspace(root=tmp_path, capsys=capsys).run("validate", "--format", "gitlab")
    assert (result.code, list(paths("gitlab", result.out))) == (1, ["flowctl.yaml"])


@pytest.mark.parametrize("form", ALL)
def test_exit_codes_are_those_of_text(examples: Workspace, form: str) -> None:
    for arguments in (("validate",), ("plan",), ("plan", "--detailed-exitcode"), ("plan", "-e", "none")):
        assert examples.run(*arguments, "--format", form).code == examples.run(*arguments).code


def test_a_plan_for_github_prints_the_plan_below_its_annotations(examples: Workspace) -> None:
    shown = examples.run("plan").out
    result = examples.run("plan", "--format", "github")
    assert result.out.endswith(shown)
    assert "Plan:" in shown


@pytest.mark.parametrize("form", FILE_FORMATS)
def test_the_changes_of_a_plan_are_no_problems(examples: Workspace, form: str) -> None:
    assert list(paths(form, examples.run("plan", "--format", form).out)) == []


@pytest.mark.parametrize("form", FILE_FORMATS)
def test_drift_on_the_platform_is_reported(examples: Workspace, platform: Platform, form: str) -> None:
    examples.begin_applied()
    flow = platform.one("flows", "Shop customers")
    platform.request(
        "PATCH",
        f"/data/foundation/flowservice/flows/{flow['id']}",
        json=[{"op": "replace", "path": "/name", "value": "Somebody's"}],
        headers={"If-Match": flow["etag"]},
    ).raise_for_status()
    result = examples.run("plan", "--format", form)
    assert (result.code, list(paths(form, result.out))) == (0, ["flowctl.yaml"])
    assert "shop-customers.flow was changed outside flowctl: name" in result.out


@pytest.mark.parametrize("form", ALL)
def test_no_secret_is_in_a_report(examples: Workspace, form: str) -> None:
    examples.edit("pipelines/shop-customers.yaml", "frequency: hour", "frequency: canary-rest")
    result = examples.run("validate", "--format", form)
    assert "canary-rest" not in result.out + result.err
    assert "(sensitive)" in result.out
    assert list(paths(form, result.out)) == ["pipelines/shop-customers.yaml"]


@pytest.mark.parametrize("command", ["validate", "plan"])
def test_another_secret_has_the_same_fingerprint(examples: Workspace, command: str) -> None:
    marks = []
    named = "shop-database"
    for secret in ("Zq7SECRETval9xKw", "Kp4OTHERsecret8yLv"):
        examples.edit("pipelines/shop-customers.yaml", f"connection: {named}", f"connection: {secret}")
        result = examples.run(command, "--format", "gitlab", "--var", f"restPassword={secret}")
        marks.append([issue["fingerprint"] for issue in issues_of(result.out)])
        assert "(sensitive)" in issues_of(result.out)[0]["description"].partition(". ")[0]
        named = secret
    assert marks[0] == marks[1]


@pytest.mark.parametrize("form", ALL)
@pytest.mark.parametrize("command", ["state list", "apply", "unlock", "version"])
def test_a_command_without_these_formats_names_the_ones_it_has(examples: Workspace, command: str, form: str) -> None:
    result = examples.run(*command.split(), "--format", form)
    assert result.code == 1
    assert f"`{command}` has no format `{form}`; expected `text`, `json` or `markdown`" in result.out
    assert result.err.startswith("error: ") or form == "github"


@pytest.mark.parametrize("form", ALL)
def test_a_saved_plan_is_shown_as_it_was_planned(examples: Workspace, form: str) -> None:
    (examples.root / ".git").mkdir()

    saved = str(examples.root / "plan.json")
    planned = examples.run("plan", "--out", saved, "--format", form)
    assert planned.code == 0
    assert examples.run("show", saved, "--format", form).out == planned.out


@pytest.mark.parametrize("form", ALL)
@pytest.mark.parametrize("what", [(), ("shop-customers.flow",)], ids=["everything", "an address"])
def test_what_is_recorded_has_no_problems_to_show(examples: Workspace, what: tuple[str, ...], form: str) -> None:
    examples.begin_applied()
    result = examples.run("show", *what, "--format", form)
    assert result.code == 1
    assert f"`show` has no format `{form}` without a plan file; expected `text`, `json` or `markdown`" in result.out


@pytest.mark.parametrize("form", ALL)
def test_what_these_formats_need_is_imported_only_for_problems(form: str) -> None:
    program = "import sys; from flowctl.cli.main import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", program, "-C", str(EXAMPLES), "validate", "--format", form],
        capture_output=True,
        text=True,
        check=True,
    )
    modules = set(done.stderr.split())
    assert not modules & {"flowctl.model.plan", "flowctl.kinds.registry", "flowctl.views.plan_text", "httpx"}
    assert form == "sarif" or "flowctl.model.codes.code" not in modules
