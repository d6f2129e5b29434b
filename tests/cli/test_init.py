"""A new workspace validates, applies and runs on the emulator as it is, for every connector; nothing is replaced."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from surroundings import Platform, Workspace

from flowctl.specs.catalogue import connector_names


@pytest.fixture
def nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """A folder that is no workspace."""
    return Workspace(root=tmp_path, capsys=capsys)


def served(workspace: Workspace, platform: Platform) -> None:
    """Let `local` be a served emulator, which all tests of a worker share."""
    path = workspace.root / "flowctl.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    local = document["environments"]["local"]
    local["endpoint"] = platform.url
    local.pop("sources", None)  # those of the emulator in flowctl
    path.write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize("name", connector_names())
def test_the_workspace_of_a_connector_is_sound(nowhere: Workspace, platform: Platform, name: str) -> None:
    assert nowhere.run("init", "--connector", name).code == 0
    validated = nowhere.run("validate")
    assert (validated.code, validated.out) == (0, "Valid.\n")
    assert (nowhere.run("validate", "-e", "dev").code, nowhere.run("test").code) == (0, 0)
    served(nowhere, platform)
    applied = nowhere.run("apply", "--auto-approve")
    assert applied.code == 0, applied.err
    assert "warning" not in applied.err
    assert nowhere.plan().json["changes"] == []


@pytest.mark.parametrize("name", ["hubspot", "amazon-s3"])
def test_what_it_applies_can_be_run_and_reads_the_sample(nowhere: Workspace, name: str) -> None:
    nowhere.run("init", "--connector", name)
    assert nowhere.run("apply", "--auto-approve").code == 0
    assert nowhere.run("runs", "start", f"{name}-customers").code == 0
    (run,) = nowhere.run("runs", "list", "--format", "json").json["runs"]
    assert (run["status"], run["records"]["read"], run["records"]["written"]) == ("success", 2, 2)
    (part,) = (nowhere.root / ".flowctl" / "local" / "datasets").rglob("*.ndjson")
    first = json.loads(part.read_text(encoding="utf-8").splitlines()[0])
    assert first["personalEmail"] == {"address": "ana@example.com"}


@pytest.mark.parametrize("name", ["hubspot", "amazon-s3", "generic-rest"])
def test_its_pipeline_has_a_preview_of_the_rows_of_its_source(nowhere: Workspace, name: str) -> None:
    nowhere.run("init", "--connector", name)
    assert nowhere.run("apply", "--auto-approve").code == 0
    result = nowhere.run("preview", f"{name}-customers", "--show-values", "--format", "json")
    assert result.code == 0, result.err
    assert (result.json["summary"]["read"], result.json["summary"]["rejected"]) == (2, 0)


def test_a_streaming_source_has_no_rows_to_preview_which_is_told_before_a_request(nowhere: Workspace) -> None:
    nowhere.run("init", "--connector", "event-hubs")
    result = nowhere.run("preview", "event-hubs-customers", "--format", "json")
    (told,) = result.json["diagnostics"]
    assert (result.code, told["code"]) == (1, "no-sample")
    assert "streaming source" in told["summary"]
    assert "--input FILE" in told["detail"]


def test_the_files_are_named_and_those_for_editors_are_there(nowhere: Workspace) -> None:
    written = nowhere.run("init", "shop", "--connector", "shopify", "--format", "json").json
    assert (written["folder"], written["connector"]) == (str(nowhere.root / "shop"), "shopify")
    folder = nowhere.root / "shop"
    assert all((folder / name).exists() for name in written["written"])
    heads = [path.read_text(encoding="utf-8").partition("\n")[0] for path in folder.rglob("*.yaml")]
    assert all(head.startswith("# yaml-language-server: $schema=") for head in heads)
    for path in folder.rglob("*.yaml"):
        named = path.read_text(encoding="utf-8").partition("$schema=")[2].partition("\n")[0]
        assert (path.parent / named).is_file(), path
    assert ".flowctl/\n" in (folder / ".gitignore").read_text(encoding="utf-8")


def test_secrets_are_variables_that_the_sandbox_reads_from_the_environment(nowhere: Workspace) -> None:
    nowhere.run("init", "--connector", "postgresql")
    (connection,) = (nowhere.root / "connections").iterdir()
    assert "${var:postgresqlConnectionString}" in connection.read_text(encoding="utf-8")
    settings = yaml.safe_load((nowhere.root / "flowctl.yaml").read_text(encoding="utf-8"))["environments"]
    assert settings["dev"]["variables"] == {"postgresqlConnectionString": "${env:POSTGRESQL_CONNECTION_STRING}"}
    assert settings["local"]["variables"] == {"postgresqlConnectionString": "local-example"}


@pytest.mark.parametrize("taken", ["flowctl.yaml", ".gitignore", "connections/hubspot.yaml"])
def test_nothing_that_exists_is_replaced(nowhere: Workspace, taken: str) -> None:
    nowhere.write(taken, "mine\n")
    before = sorted(nowhere.root.rglob("*"))
    result = nowhere.run("init")
    assert (result.code, f"`{taken}`" in result.err, "[workspace-exists]" in result.err) == (1, True, True)
    assert (nowhere.root / taken).read_text(encoding="utf-8") == "mine\n"
    assert sorted(nowhere.root.rglob("*")) == before


def test_a_link_that_leads_nowhere_is_not_replaced(nowhere: Workspace) -> None:
    (nowhere.root / ".gitignore").symlink_to("elsewhere")
    assert nowhere.run("init").code == 1
    assert not (nowhere.root / "elsewhere").exists()


def test_a_second_time_says_so(nowhere: Workspace) -> None:
    nowhere.run("init")
    again = nowhere.run("init")
    assert (again.code, "and 6 more already" in again.err or "more already" in again.err) == (1, True)


def test_a_file_in_the_way_of_a_folder_is_named_and_nothing_stays(nowhere: Workspace) -> None:
    nowhere.write("tests", "a file\n")
    result = nowhere.run("init")
    assert (result.code, "[workspace-unwritable]" in result.err, "tests" in result.err) == (1, True, True)
    assert [path.name for path in nowhere.root.iterdir()] == ["tests"]


def test_an_unknown_connector_gets_the_nearest_and_writes_nothing(nowhere: Workspace) -> None:
    result = nowhere.run("init", "new", "--connector", "hubspo")
    assert (result.code, "Did you mean `hubspot`?" in result.err) == (1, True)
    assert list(nowhere.root.iterdir()) == []


def test_the_workflow_of_github_passes_the_secrets_of_the_connector(nowhere: Workspace) -> None:
    nowhere.run("init", "--connector", "postgresql", "--ci", "github")
    text = (nowhere.root / ".github" / "workflows" / "dataflows.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["env"]["POSTGRESQL_CONNECTION_STRING"] == "${{ secrets.POSTGRESQL_CONNECTION_STRING }}"
    assert set(workflow["jobs"]) == {"plan", "apply", "drift"}


def test_the_pipeline_of_gitlab_includes_the_template(nowhere: Workspace) -> None:
    nowhere.run("init", "--ci", "gitlab")
    pipeline = yaml.safe_load((nowhere.root / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    assert pipeline["include"] == [{"local": "ci/flowctl.gitlab-ci.yml"}]
    assert not (nowhere.root / ".github").exists()


def test_a_person_at_a_terminal_is_asked(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "flowctl", "init", str(tmp_path / "new")]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.write(ours, b"amazon-s3\n")
        out, _ = process.communicate(timeout=60)
    assert (process.returncode, b"reads from amazon-s3" in out) == (0, True)
    assert b"Which source?" in os.read(ours, 10_000)
    os.close(ours)
    os.close(theirs)


def test_a_wrong_answer_is_asked_again_with_what_is_near(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "flowctl", "init", str(tmp_path / "new")]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.write(ours, b"amazn-s3\namazon-s3\n")
        out, _ = process.communicate(timeout=60)
    assert (process.returncode, b"reads from amazon-s3" in out) == (0, True)
    asked = os.read(ours, 10_000)
    assert b'There is no connector "amazn-s3". Did you mean `amazon-s3`?' in asked
    assert asked.count(b"Which source?") == 2
    os.close(ours)
    os.close(theirs)


def test_an_empty_connector_is_not_the_default(nowhere: Workspace) -> None:
    result = nowhere.run("init", "--connector", "")
    assert (result.code, 'there is no connector ""' in result.err) == (1, True)
    assert list(nowhere.root.iterdir()) == []


@pytest.mark.parametrize("inside", ["", "/in", "/in/deeper"])
@pytest.mark.parametrize("way", ["file", "link"])
def test_what_is_in_the_way_of_the_folder_is_named(nowhere: Workspace, way: str, inside: str) -> None:
    (nowhere.root / "file").write_text("mine\n", encoding="utf-8")
    (nowhere.root / "link").symlink_to("nowhere")
    result = nowhere.run("init", f"{way}{inside}")
    assert (result.code, "[workspace-unwritable]" in result.err) == (1, True)
    assert f"{nowhere.root / way} cannot be written" in result.err
    assert "removed again" not in result.err
    assert sorted(path.name for path in nowhere.root.iterdir()) == ["file", "link"]


def test_an_empty_folder_is_not_the_current_one(nowhere: Workspace) -> None:
    result = nowhere.run("init", "")
    assert (result.code, "[usage]" in result.err) == (1, True)
    assert list(nowhere.root.iterdir()) == []


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("github", "In .github/workflows/dataflows.yml, replace OWNER and VERSION"),
        ("gitlab", "For .gitlab-ci.yml, copy ci/gitlab/flowctl.gitlab-ci.yml"),
    ],
)
def test_what_is_left_to_do_in_the_file_of_a_code_host_is_told(nowhere: Workspace, host: str, words: str) -> None:
    told = nowhere.run("init", "--ci", host).out
    assert words in told
    assert told.index(words) > told.index("Next:")


def test_without_a_code_host_nothing_is_told_about_one(nowhere: Workspace) -> None:
    told = nowhere.run("init").out
    assert not {"OWNER", "gitlab"} & set(told.split())
