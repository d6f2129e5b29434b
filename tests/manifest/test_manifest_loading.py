"""Files: which are read, in which order, and what is said about all of them in one run."""

import os
from pathlib import Path

import pytest

from flowctl.manifest.reading.load import load
from flowctl.settings.workspace import find

SCHEMA = "apiVersion: flowctl/v1\nkind: Schema\nmetadata: {name: %s}\nclass: c\n"
GOLDEN = """\
a/connections.yaml:4:1: error unknown-key
a/connections.yaml:5:18: warning unknown-auth-spec
a/pipelines.yml:3:18: error invalid-name
a/pipelines.yml:4:21: error unknown-connector
a/pipelines.yml:4:42: error missing-reference
a/pipelines.yml:5:10: error missing-reference
a/pipelines.yml:6:66: error duplicate-destination
a/pipelines.yml:7:23: error invalid-value
a/pipelines.yml:8:1: error unknown-key
b.yaml:1:5: error yaml-syntax
c.yaml:3:18: error duplicate-name
c.yaml:5:1: error duplicate-key
z.yaml:1:1: error not-utf-8"""


def test_every_problem_of_every_file_in_one_run_and_in_order(loaded):
    files = {
        "a/connections.yaml": """\
            apiVersion: flowctl/v1
            kind: Connection
            metadata: {name: account}
            conector: hubspot
            auth: {specName: Basic}
            connector: hubspot
            """,
        "a/pipelines.yml": """\
            apiVersion: flowctl/v1
            kind: Pipeline
            metadata: {name: P}
            source: {connector: hubspit, connection: acount}
            dataset: nothing
            mappings: [{source: a, destination: b}, {source: c, destination: b}]
            schedule: {frequency: dayly, startTime: 1}
            shedule: {}
            """,
        "b.yaml": "a: b: c\n",
        "a/schema.yaml": SCHEMA % "two",
        "c.yaml": SCHEMA % "two" + "class: d\n---\n",
        "z.yaml": b"\xff",
    }
    manifests = loaded(files)
    lines = [f"{d.span.file}:{d.span.line}:{d.span.column}: {d.severity} {d.code}" for d in manifests.diagnostics]
    assert "\n".join(lines) == GOLDEN


def test_the_contracts_examples_are_valid(loaded, contract):
    manifests = loaded({"a.yaml": contract})
    assert manifests.diagnostics == ()
    assert [(document.kind, document.name) for document in manifests.documents] == [
        ("Connection", "hubspot"),
        ("Schema", "crm-contact"),
        ("Dataset", "contacts"),
        ("Pipeline", "hubspot-contacts"),
    ]


def test_places_of_values_and_keys(loaded, contract):
    pipeline = loaded({"a.yaml": contract}).documents[3]
    place = pipeline.span("mappings", 1, "destination")
    assert (place.file, place.line, place.column) == ("a.yaml", 39, 55)
    assert pipeline.key_span("schedule").line == 43
    assert pipeline.span("schedule").line == 44
    assert pipeline.span("schedule", "nothing", "below").line == 44
    assert pipeline.key_span("schedule", "nothing").line == 43
    assert pipeline.span("mappings", 99).line == 38
    assert pipeline.span().line == 22


def test_files_are_read_sorted_and_hidden_ones_never(loaded):
    files = {
        "b/x.yaml": SCHEMA % "b",
        "a/z.yml": SCHEMA % "a",
        ".flowctl/local/x.yaml": "nonsense",
        ".github/x.yaml": "nonsense",
        "a/.hidden.yaml": "nonsense",
        "a/notes.txt": "nonsense",
        "flowctl.dev.lock": "{}",
    }
    manifests = loaded(files)
    assert manifests.diagnostics == ()
    assert [document.file for document in manifests.documents] == ["a/z.yml", "b/x.yaml"]


def test_only_the_named_folders_are_read(loaded):
    workspace = "apiVersion: flowctl/v1\nkind: Workspace\nmanifests: [one, one/two, ./one]\n"
    files = {"flowctl.yaml": workspace, "one/two/a.yaml": SCHEMA % "a", "other/b.yaml": "nonsense"}
    manifests = loaded(files)
    assert [document.file for document in manifests.documents] == ["one/two/a.yaml"]
    assert manifests.diagnostics == ()


@pytest.mark.parametrize(
    ("entry", "code"),
    [("..", "outside-workspace"), ("/etc", "outside-workspace"), ("a/../..", "outside-workspace"),
     ("nothing", "manifests-folder"), ("flowctl.yaml", "manifests-folder"), (".flowctl", "manifests-folder")],
)  # fmt: skip
def test_a_folder_that_cannot_be_read_is_named_at_its_place(loaded, entry, code):
    workspace = f"apiVersion: flowctl/v1\nkind: Workspace\nmanifests:\n  - one\n  - {entry}\n"
    files = {"flowctl.yaml": workspace, "one/a.yaml": SCHEMA % "a", ".flowctl/a.yaml": ""}
    (found,) = loaded(files).diagnostics
    assert (found.code, found.span.file, found.span.line, found.span.column) == (code, "flowctl.yaml", 5, 5)


def test_links_out_of_the_workspace_are_refused_and_inside_read_once(workspace_of, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.yaml").write_text(SCHEMA % "x")
    root = workspace_of({}) / "workspace"
    (root / "a").mkdir(parents=True)
    (root / "flowctl.yaml").write_text("apiVersion: flowctl/v1\nkind: Workspace\n")
    (root / "a" / "one.yaml").write_text(SCHEMA % "one")
    (root / "b.yaml").symlink_to(root / "a" / "one.yaml")
    (root / "c").symlink_to(root / "a")
    (root / "a" / "loop").symlink_to(root)
    (root / "d").symlink_to(outside)
    (root / "e.yaml").symlink_to(outside / "x.yaml")
    (root / "f.yaml").symlink_to(root / "nothing.yaml")
    manifests = load(find(root), variables={}, environ={})
    assert [document.name for document in manifests.documents] == ["one"]
    assert [(found.code, found.span.file) for found in manifests.diagnostics] == [
        ("outside-workspace", "d"),
        ("outside-workspace", "e.yaml"),
        ("unreadable-file", "f.yaml"),
    ]


def test_a_pipe_is_refused_and_not_waited_for(workspace_of):
    root = workspace_of({"a.yaml": SCHEMA % "a"})
    os.mkfifo(root / "b.yaml")
    (found,) = load(find(root), variables={}, environ={}).diagnostics
    assert (found.code, found.span.file) == ("unreadable-file", "b.yaml")


def test_an_empty_workspace_is_an_error(loaded):
    (found,) = loaded({}).diagnostics
    assert (found.code, found.severity) == ("no-manifests", "error")


def test_paths_narrow_what_is_reported_not_what_is_referred_to(loaded, tmp_path):
    files = {
        "one/s.yaml": SCHEMA % "s" + "titel: a\n",
        "two/d.yaml": "apiVersion: flowctl/v1\nkind: Dataset\nmetadata: {name: d}\nschema: s\n",
        "two/e.yaml": "apiVersion: flowctl/v1\nkind: Dataset\nmetadata: {name: e}\nschema: t\n",
    }
    assert [d.span.file for d in loaded(files).diagnostics] == ["one/s.yaml", "two/e.yaml"]
    narrowed = loaded(files, paths=(tmp_path / "two",))
    assert [d.span.file for d in narrowed.diagnostics] == ["two/e.yaml"]
    assert len(narrowed.documents) == 3
    assert loaded(files, paths=(tmp_path / "two" / "d.yaml",)).diagnostics == ()
    assert [d.span.file for d in loaded(files, paths=(Path("one/s.yaml"),)).diagnostics] == ["one/s.yaml"]


@pytest.mark.parametrize("path", ["nothing.yaml", "flowctl.yaml", "/etc/hosts"])
def test_a_path_without_manifests_is_an_error(loaded, tmp_path, path):
    (found,) = loaded({"a.yaml": SCHEMA % "a"}, paths=(tmp_path / path,)).diagnostics
    assert found.code == "path-not-found"


def test_a_workspace_below_another_is_named(loaded):
    files = {"a.yaml": SCHEMA % "a", "below/flowctl.yaml": "apiVersion: flowctl/v1\nkind: Workspace\n"}
    (found,) = loaded(files).diagnostics
    assert (found.code, found.span.file) == ("misplaced-workspace", "below/flowctl.yaml")
