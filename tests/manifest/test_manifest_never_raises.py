"""Whatever stands in a file, loading it gives documents and diagnostics, never an exception."""

# ruff: noqa: E501 - tables read better in long lines

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from manifest_texts import CONTRACT, CREDENTIALS, WORKSPACE

from flowctl.manifest.reading.load import load
from flowctl.manifest.times import epoch_seconds
from flowctl.model.errors import ManifestError
from flowctl.settings.workspace import environment, find, parse

ROOT = Path(tempfile.mkdtemp(prefix="flowctl-"))
VALUES = ["[]", "{}", "5", "''", "~", "true", "{id: 5}", "{id: {}}", "[[]]", "[{}]", "[5]", "{a: {b: c}}", "'${env:X}'",
          "'${var:X}'", "'${env:'", "!x y", "&a b", "*a", "[*a]", "{<<: {}}", "0x1", "2026-01-01", "|-\n    x", "{", "]",
          "hubspot", "{connector: 5}", "{connectionSpec: 5}", "{connectionSpec: {id: []}}", "{specName: [], params: {a: {}}}",
          "{format: []}", "{schema: []}", "{startTime: {}, frequency: []}", "[{source: [], destination: {}}]"]  # fmt: skip


def run(data: bytes) -> None:
    (ROOT / "flowctl.yaml").write_text(WORKSPACE)
    (ROOT / "a.yaml").write_bytes(data)
    manifests = load(find(ROOT), variables={"v": 5}, environ=CREDENTIALS)
    for found in manifests.diagnostics:
        assert found.code
        assert found.summary
        assert found.span is not None
        assert found.span.line >= 1
        assert found.span.column >= 1


@settings(max_examples=400, deadline=None)
@given(st.text())
def test_any_text(text):
    run(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=200, deadline=None)
@given(st.binary())
def test_any_bytes(data):
    run(data)


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("abc:- \n\t{}[],&*!|>'\"%@`#?~<$0123.xo\ufeff\u2028é"))))
def test_any_text_of_yaml_signs(text):
    run(text.encode())


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_the_contracts_example_with_other_values(data):
    lines = CONTRACT.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        key, colon, _ = lines[place].partition(":")
        change = data.draw(st.sampled_from(["value", "drop", "cut", "indent"]))
        if change == "value" and colon and "{" not in key:
            lines[place] = f"{key}: {data.draw(st.sampled_from(VALUES))}"
        elif change == "drop":
            lines[place] = ""
        elif change == "cut":
            lines[place] = lines[place][: data.draw(st.integers(0, len(lines[place])))]
        else:
            lines[place] = " " * data.draw(st.integers(0, 4)) + lines[place].strip()
    run("\n".join(lines).encode())


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(), st.sampled_from(VALUES).map(lambda v: f"{WORKSPACE}environments: {v}\n".encode()),
                 st.sampled_from(VALUES).map(lambda v: f"{WORKSPACE}environments:\n  dev: {v}\n".encode()),
                 st.sampled_from(VALUES).map(lambda v: f"{WORKSPACE}environments:\n  dev: {{auth: {v}}}\n".encode()),
                 st.sampled_from(VALUES).map(lambda v: f"{WORKSPACE}environments:\n  dev:\n    endpoint: {v}\n".encode()),
                 st.sampled_from(VALUES).map(lambda v: f"{WORKSPACE}manifests: {v}\n".encode())))  # fmt: skip
def test_any_workspace_file_raises_only_its_error(data):
    try:
        workspace = parse(data, ROOT)
        for name in workspace.environments:
            environment(workspace, name, {})
    except ManifestError as error:
        said = [found.summary for found in error.diagnostics]
    else:
        said = ["nothing"]
    assert said
    assert all(said)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.datetimes().map(str),
                 st.datetimes().map(lambda moment: moment.isoformat() + "Z")))  # fmt: skip
def test_any_start_time_is_seconds_or_words(value):
    try:
        found = str(epoch_seconds(value))
    except ValueError as error:
        found = str(error)
    assert found
    assert not found.startswith("-")
