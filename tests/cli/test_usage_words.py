"""What is wrong with a command line is said in flowctl's own words, with names in back-ticks and input in quotes."""

import re
from pathlib import Path

import pytest
from surroundings import Workspace

from flowctl.views.formats import Format

WORDS = {
    ("plann",): 'no such command "plann"; did you mean `plan`?',
    ("plan", "--frmat", "json"): "no such option `--frmat`; did you mean `--format`?",
    ("plan", "--wrong-thing"): "no such option `--wrong-thing`",
    ("validate", "--log-format", "xml"): 'invalid value for `--log-format`: expected `text` or `json`, found "xml"',
    ("plan", "--parallelism", "999"): (
        'invalid value for `--parallelism`: expected an integer from 1 to 256, found "999"'
    ),
    ("plan", "--var", "name"): "invalid value for `--var`: expected `NAME=VALUE`",
    ("plan", "--out"): "`--out` needs a value",
    ("plan", "--destroy=yes"): "`--destroy` does not accept a value",
    ("state", "show"): "missing argument `ADDRESS`",
    ("plan", "extra"): 'unexpected argument "extra"',
    ("apply", "--format", "junit"): "`apply` has no format `junit`; expected `text`, `json` or `markdown`",
    ("preview",): "missing argument `PIPELINE`",
    ("test", "--record", "a.csv"): (
        "`--record` needs the name of one pipeline, and cannot be combined with another option of `test`"
    ),
}


@pytest.mark.parametrize(("arguments", "words"), WORDS.items(), ids=[" ".join(key) for key in WORDS])
def test_wrong_usage_is_said(examples: Workspace, arguments: tuple[str, ...], words: str) -> None:
    result = examples.run(*arguments)
    assert result.code == 1
    text = result.out + result.err
    assert text.startswith(f"error: {words} [usage]\n")
    assert " --help` to see what it accepts.\n" in text


def test_a_help_lists_the_formats_of_its_command(examples: Workspace) -> None:
    formats = "text|json|markdown"
    assert f"--format {formats}\n" in examples.run("apply", "--help").out
    assert f"--format {formats}|github|gitlab|sarif|html\n" in examples.run("plan", "--help").out
    assert f"--format {formats}|mermaid|dot|svg\n" in examples.run("graph", "--help").out
    assert f"--format {formats}|github|gitlab|sarif|junit\n" in examples.run("test", "--help").out
    assert f"--format {formats}|github|gitlab|sarif|" not in examples.run("validate", "--help").out
    known = re.search(r"--format (\S+)\n", examples.run("--help").out)
    assert known is not None
    assert known[1].split("|") == [form.value for form in Format]


@pytest.mark.parametrize("command", [("preview",), ("runs", "start"), ("runs", "watch")])
def test_a_missing_pipeline_lists_those_of_the_manifests(examples: Workspace, command: tuple[str, ...]) -> None:
    found = examples.run(*command)
    assert "Known pipelines: `hubspot-contacts`, `partner-files`, `shop-customers`" in found.err


def test_a_missing_connection_lists_those_of_the_manifests(examples: Workspace) -> None:
    err = examples.run("explore").err
    assert "Known connections: `hubspot`, `landing-bucket`" in err
    for number in range(9):
        examples.write(f"connections/another{number}.yaml", ANOTHER.format(number))
    (known,) = [line for line in examples.run("explore").err.splitlines() if "Known" in line]
    assert (known.count("`"), known.endswith(" and 9 more.")) == (10, True), known
    examples.write("connections/broken.yaml", "a: [")
    assert "missing argument `CONNECTION`" in examples.run("explore").err


def test_without_a_workspace_a_missing_pipeline_is_told_as_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    err = Workspace(root=tmp_path, capsys=capsys).run("preview").err
    assert "Known" not in err
    assert err.startswith("error: missing argument `PIPELINE` [usage]\n")


ANOTHER = """apiVersion: flowctl/v1
kind: Connection
metadata: {{name: zz-another-{0}}}
connector: hubspot
"""
