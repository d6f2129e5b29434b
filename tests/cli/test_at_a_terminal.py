"""A plan and an apply at a terminal: within its width, with and without color."""

import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from other_people import Someone
from surroundings import ROOT, Workspace

WRONG_SANDBOX = """\
apiVersion: flowctl/v1
kind: Workspace
environments: {local: {sandbox: a-sandbox-that-nobody-has-made-yet}}
"""
_COLOR = re.compile(r"\x1b\[[0-9;]*m")


def at_a_terminal(folder: Path, *arguments: str, **environ: str) -> str:
    """What a command writes to the terminal that is its input and its output."""
    own, terminal = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **environ}
    env = {name: value for name, value in env.items() if name != "NO_COLOR" or "NO_COLOR" in environ}
    command = [sys.executable, "-m", "flowctl", *arguments]
    said = b""
    with subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, cwd=folder, env=env):
        os.close(terminal)
        with suppress(OSError):
            while part := os.read(own, 65536):
                said += part
    os.close(own)
    return said.decode()


@pytest.mark.parametrize("columns", [50, 120])
def test_a_plan_fits_the_terminal_and_its_colors_add_nothing(examples: Workspace, columns: int) -> None:
    colored = at_a_terminal(examples.root, "plan", COLUMNS=str(columns))
    plain = at_a_terminal(examples.root, "plan", COLUMNS=str(columns), NO_COLOR="1")
    assert "\x1b[1;32m" in colored
    assert not re.search("\x1b", plain)
    assert _COLOR.sub("", colored) == plain
    lines = plain.split("\r\n")
    assert [line for line in lines if len(line) > columns] == []
    assert max(map(len, lines)) > columns - 30


def test_an_empty_no_color_is_none(examples: Workspace) -> None:
    assert "\x1b[1;32m" in at_a_terminal(examples.root, "plan", NO_COLOR="")
    assert "\x1b[" in at_a_terminal(examples.root, "plan", "-e", "nowhere", NO_COLOR="")


def test_the_first_run_is_told_in_full_in_a_narrow_terminal(examples: Workspace) -> None:
    shown = at_a_terminal(examples.root, "plan", COLUMNS="60", NO_COLOR="1")
    schedules = re.findall(r"schedule +(every .*)\r\n", shown)
    assert schedules
    assert [words for words in schedules if not re.search(r" from \d{4}-\d\d-\d\d \d\d:\d\d UTC,?$", words)] == []
    assert "with backfill" in shown


@pytest.mark.parametrize("columns", [56, 80, 200])
@pytest.mark.parametrize(
    "words", [["doctor"], ["explain", "unknown-connector"], ["explain", "Connection"], ["plan", "--help"]], ids=" ".join
)
def test_sentences_are_wrapped_between_words(examples: Workspace, columns: int, words: list[str]) -> None:
    examples.write("flowctl.yaml", WRONG_SANDBOX)
    shown = _COLOR.sub("", at_a_terminal(examples.root, *words, COLUMNS=str(columns)))
    lines = shown.split("\r\n")
    verbatim = re.compile(r"See /|ok +cache +/| *params: | *\S+$")
    long = [line for line in lines if len(line) > columns and not verbatim.match(line)]
    assert long == []
    assert max(map(len, lines)) > min(columns, 80) - 30


def _fail_a_run(examples: Workspace) -> None:
    platform = examples.platform
    assert platform is not None
    platform.http.post("/_emulator/settings", json={"runOutcome": "failed"}).raise_for_status()
    flow = examples.lockfile["entries"]["shop-customers.flow"]["id"]
    platform.http.post("/_emulator/runs", json={"flowId": flow}).raise_for_status()


TABLES = [
    ["connectors"],
    ["connectors", "azure-blob"],
    ["explain"],
    ["env", "list"],
    ["state", "list"],
    ["status"],
    ["runs", "list"],
    ["preview", "shop-customers"],
    ["explore", "shop-database", "public.customers"],
]


@pytest.mark.parametrize("words", TABLES, ids=" ".join)
def test_a_table_is_broken_only_between_words_and_values(examples: Workspace, words: list[str]) -> None:
    examples.begin_applied()
    _fail_a_run(examples)
    shown = at_a_terminal(examples.root, *words, COLUMNS="60", NO_COLOR="1").split("\r\n")
    assert [line for line in shown if len(line) > 60 and re.search(r"\S  ", line)] == []
    if words[0] in ("runs", "status", "env") or words == ["connectors"]:
        assert [line for line in shown if len(line) > 60] == []


def test_the_words_of_a_table_are_wrapped_in_their_columns(examples: Workspace) -> None:
    examples.begin_applied()
    _fail_a_run(examples)
    connectors = at_a_terminal(examples.root, "connectors", COLUMNS="100", NO_COLOR="1").split("\r\n")
    assert re.fullmatch("NAME +TITLE +CATEGORY +FORMATS +FLOW SPECS", connectors[0])
    assert [line.strip() for line in connectors[2:4]] == [
        "Lake Storage                           json,",
        "Gen2                                   parquet",
    ]
    runs = at_a_terminal(examples.root, "runs", "list", COLUMNS="140", NO_COLOR="1").split("\r\n")
    assert re.match("STARTED +PIPELINE .*RUN +ERRORS$", runs[0])
    assert [line.split()[-1] for line in runs[1:3]] == ["CONNECTOR-2001-500,", "MAPPER-3700-400"]


def test_a_row_of_a_preview_stands_above_its_record_only_in_a_narrow_terminal(examples: Workspace) -> None:
    """Beside it in a pipe, however long they are."""
    examples.write("rows.csv", f"id,first_name,email,updated_at\n1,{'x' * 60},a@b.c,2026-01-01\n")
    words = ["preview", "shop-customers", "--input", str(examples.root / "rows.csv"), "--show-values"]
    shown = at_a_terminal(examples.root, *words, COLUMNS="90", NO_COLOR="1")
    assert f'\r\n  first_name: "{"x" * 60}"\r\n' in shown
    assert f'\r\n  -> person.name.firstName: "{"x" * 60}"\r\n' in shown
    piped = examples.run(*words).out
    assert " -> " not in piped
    assert f'…  person.name.firstName: "{"x" * 60}"\n' in piped


@pytest.mark.parametrize("words", [["connectors"], ["status"]], ids=" ".join)
def test_a_pipe_has_whole_rows_whatever_COLUMNS_says(examples: Workspace, words: list[str]) -> None:
    examples.begin_applied()
    env = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    command = [sys.executable, "-m", "flowctl", *words]
    narrow, usual = (
        subprocess.run(command, cwd=examples.root, env={**env, "PYTHONPATH": str(ROOT), **more}, capture_output=True)
        for more in ({"COLUMNS": "60"}, {})
    )
    assert (narrow.returncode, narrow.stdout) == (usual.returncode, usual.stdout)


POLICY = """\
apiVersion: flowctl/v1
kind: Policy
metadata: {name: ours}
rules:
  - id: owner-in-the-description
    message: A dataflow names its owner in the description, so that someone can be asked at night
    severity: warning
    match: {kind: flow, labels: {team: crm}, environment: [dev, prod]}
    require: {description: {pattern: "owner: [a-z]+"}}
"""
BROKEN = """\
apiVersion: flowctl/v1
kind: Pipeline
metadata: {name: Nobody's, titel: x, description: Customers that partners deliver to the landing bucket, labls: {}}
"""
SENTENCES = (
    *("validate", "drift", "graph", "policy list", "runs retry nothing", "plan -v", "show partner-files.flow"),
    "validate --select nobodys-pipeline",
)


def _prepare_sentences(examples: Workspace) -> None:
    examples.begin_applied()
    assert examples.platform is not None
    someone = Someone(examples.platform)
    long = "Customers that partners deliver to the landing bucket, twice a month, and that nobody looks at"
    someone.patch("flows", "Partner files", scheduleParams__frequency="week", description=long)
    someone.delete_flow("Shop customers")
    examples.write("policies/ours.yaml", POLICY)


def _compare_with_a_pipe(examples: Workspace, words: list[str], columns: int) -> None:
    shown = at_a_terminal(examples.root, *words, COLUMNS=str(columns), NO_COLOR="1").split("\r\n")
    piped = examples.run(*words)
    is_source = re.compile(r" +(\d+ )?\| ").match
    sentences = [line for line in shown if not is_source(line)]
    whole = [line for text in (piped.out, piped.err) for line in text.splitlines() if not is_source(line)]
    assert sorted(" ".join(sentences).split()) == sorted(" ".join(whole).split()), words
    assert [line for line in sentences if len(line) > columns and len(line.split()) > 1] == []
    assert [line for line in shown if len(line) > columns and is_source(line)] == []


@pytest.mark.parametrize("columns", [44, 80])
def test_a_terminal_shows_the_words_of_a_pipe_and_breaks_none(examples: Workspace, columns: int) -> None:
    _prepare_sentences(examples)
    for command in SENTENCES:
        _compare_with_a_pipe(examples, command.split(), columns)
    examples.write("pipelines/broken.yaml", BROKEN)
    _compare_with_a_pipe(examples, ["validate"], columns)


def test_the_sentences_of_a_preview_and_of_tests_fit_a_terminal(examples: Workspace) -> None:
    rows = f"id,first_name,email,{','.join(f'column_{number}' for number in range(9))}\n1,Ana\n"
    examples.write("rows.csv", rows)
    examples.edit("tests/shop-customers.yaml", "ana@example.com", "benedict@example.com")
    for words in (["preview", "shop-customers", "--input", str(examples.root / "rows.csv")], ["test"]):
        shown = at_a_terminal(examples.root, *words, COLUMNS="50", NO_COLOR="1").split("\r\n")
        assert len(shown) > 5
        assert [line for line in shown if len(line) > 50 and len(line.split()) > 1] == []


def test_an_apply_moves_its_lines_and_leaves_one_for_each_pipeline(examples: Workspace) -> None:
    shown = at_a_terminal(examples.root, "apply", "--auto-approve", COLUMNS="100")
    lines = [line for line in re.split(r"\r\n|\r", _COLOR.sub("", shown)) if re.search(r"\[\d+/31\] ", line)]
    assert len(lines) == 13
    assert sum("partner-files:" in line and "4 created" in line for line in lines) == 1
    assert not re.search("[0-9a-f]{8}-[0-9a-f]{4}", "".join(lines))
