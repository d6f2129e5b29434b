"""The files for code hosts are valid by the schemas that are published for them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from surroundings import ROOT

FILES = {
    "action.yml": "vendor.github-actions",
    "ci/gitlab/flowctl.gitlab-ci.yml": "vendor.gitlab-ci",
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_valid(name: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", FILES[name], str(ROOT / name)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


SHOWN = {
    "docs/guides/github.md": ("a workflow of GitHub", "vendor.github-workflows"),
    "docs/guides/gitlab.md": ("a pipeline of GitLab", "vendor.gitlab-ci"),
}


@pytest.mark.parametrize("page", SHOWN)
def test_what_a_guide_shows_is_valid(page: str, tmp_path: Path) -> None:
    comment, schema = SHOWN[page]
    text = (ROOT / page).read_text(encoding="utf-8")
    block = re.search(f"<!-- {comment} -->\n```yaml\n(.*?)```", text, re.DOTALL)
    assert block is not None
    path = tmp_path / "shown.yml"
    path.write_text(block[1], encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("script", sorted((ROOT / "ci" / "github").glob("*.sh")), ids=lambda path: path.name)
def test_a_script_can_be_read(script) -> None:
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


def test_hooks_run_commands_that_there_are() -> None:
    from flowctl.cli.command_table import COMMANDS

    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["flowctl-validate", "flowctl-fmt", "flowctl-policy-test"]
    for hook in hooks:
        program, command, *_ = hook["entry"].split()
        assert program == "flowctl"
        assert command in COMMANDS
        assert hook["language"] == "python"
        assert hook["pass_filenames"] is False
