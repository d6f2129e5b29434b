"""The JSON Schemas for an editor, from an installed flowctl."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from surroundings import EXAMPLES
from yaml import safe_load_all

from flowctl.cli.main import main


def test_the_written_schemas_stand_alone_and_accept_the_examples(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "deep" / "schemas"
    assert main(["schemas", str(folder)]) == 0
    written = sorted(folder.iterdir())
    assert capsys.readouterr().out.split() == [str(path) for path in written]
    contents = {path.name: json.loads(path.read_text()) for path in written}
    assert {"manifest.schema.json", "workspace.schema.json", "plan.schema.json"} <= contents.keys()
    resources = [(name, Resource.from_contents(content)) for name, content in contents.items()]
    validator = Draft202012Validator(contents["manifest.schema.json"], registry=Registry().with_resources(resources))
    for path in (EXAMPLES / "schemas").glob("*.yaml"):
        for document in safe_load_all(path.read_text()):
            validator.validate(document)
    assert not validator.is_valid({"kind": "Nonsense"})


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["schemas", str(tmp_path / "file" / "below")]) == 1
    assert "output-unwritable" in capsys.readouterr().err
