"""`fmt`: files of the workspace get the one form; a check writes nothing; nothing is written by halves."""

from pathlib import Path

import pytest
from surroundings import Workspace


def _some_file(workspace: Workspace) -> str:
    return next(path for path in sorted(workspace.root.glob("pipelines/*.yaml"))).relative_to(workspace.root).as_posix()


def test_the_examples_are_in_form(examples: Workspace) -> None:
    result = examples.run("fmt", "--check")
    assert result.code == 0
    assert result.out.startswith("No change in ")


@pytest.mark.parametrize("connector", ["amazon-s3", "hubspot", "http-api"])
def test_a_new_workspace_is_in_form(tmp_path: Path, capsys: pytest.CaptureFixture[str], connector: str) -> None:
    workspace = Workspace(root=tmp_path, capsys=capsys)
    assert workspace.run("init", "--connector", connector).code == 0
    assert workspace.run("fmt", "--check").code == 0


def test_what_is_out_of_form_is_listed_and_written(examples: Workspace) -> None:
    files = ["flowctl.yaml", _some_file(examples)]
    before = [(examples.root / file).read_bytes() for file in files]
    for file, text in zip(files, before, strict=True):
        (examples.root / file).write_bytes(text.replace(b"\nkind: ", b"\nkind:   "))
    checked = examples.run("fmt", "--check")
    assert (checked.code, checked.err) == (1, "")
    assert checked.out.splitlines()[:-1] == files
    assert b"kind:   " in (examples.root / files[0]).read_bytes()
    document = examples.run("fmt", "--check", "--format", "json").json
    assert (document["files"], document["written"]) == (files, False)
    written = examples.run("fmt")
    assert (written.code, written.out.splitlines()[:-1]) == (0, files)
    assert [(examples.root / file).read_bytes() for file in files] == before
    assert examples.run("fmt").out.startswith("No change")


def test_paths_narrow_it(examples: Workspace) -> None:
    file = _some_file(examples)
    for each in (file, "flowctl.yaml"):
        path = examples.root / each
        path.write_bytes(path.read_bytes().replace(b"\nkind: ", b"\nkind:   "))
    assert examples.run("fmt", str(examples.root / file)).out.splitlines() == [file, "Formatted 1 of 1 file."]
    assert examples.run("fmt", "--check").out.splitlines()[0] == "flowctl.yaml"
    nothing = examples.run("fmt", "nowhere")
    assert nothing.code == 1
    assert "path-not-found" in nothing.err
    assert nothing.out == ""
    for wrong, near in ((file.replace(".yaml", ".yml"), file), ("piplines", "pipelines"), ("/piplines", "pipelines")):
        named = f"{examples.root}{wrong}" if wrong.startswith("/") else wrong
        assert f"Did you mean `{near}`?" in examples.run("fmt", named).err


def test_line_ends_and_a_byte_order_mark_are_kept(examples: Workspace) -> None:
    path = examples.root / _some_file(examples)
    before = b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(before)
    assert examples.run("fmt", "--check").code == 0
    path.write_bytes(before.replace(b"\r\nkind: ", b"\r\nkind:   "))
    assert examples.run("fmt").code == 0
    assert path.read_bytes() == before


def test_a_file_that_cannot_be_formatted_is_named_and_the_others_are_written(examples: Workspace) -> None:
    file = _some_file(examples)
    other = examples.root / "pipelines" / "other.yaml"
    other.write_text("a: 1 # one\u2028b:  2\n", encoding="utf-8")
    broken = examples.root / "pipelines" / "broken.yaml"
    path = examples.root / file
    before = path.read_bytes()
    path.write_bytes(before.replace(b"\nkind: ", b"\nkind:   "))
    result = examples.run("fmt")
    assert (result.code, path.read_bytes()) == (0, before)
    assert "warning: the file is left as it is: it has a line separator of Unicode [not-formatted]" in result.err
    broken.write_text("a: [\n", encoding="utf-8")
    result = examples.run("fmt")
    assert result.code == 1
    assert "yaml-syntax" in result.err


def test_all_files_are_written_or_none(examples: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [examples.root / "flowctl.yaml", examples.root / _some_file(examples)]
    for path in files:
        path.write_bytes(path.read_bytes().replace(b"\nkind: ", b"\nkind:   "))
    before = [path.read_bytes() for path in files]
    replace, done = Path.replace, []

    def full(self: Path, target: Path) -> Path:
        done.append(target)
        if len(done) == 2:
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    result = examples.run("fmt")
    assert (result.code, "manifest-unwritable" in result.err) == (1, True)
    assert [path.read_bytes() for path in files] == before
