"""The Rego rules that the guide shows, over the JSON of real plans: by an interpreter of Rego, and by conftest itself.

FLOWCTL_CONFTEST names the program: `go install github.com/open-policy-agent/conftest@v0.71.1` makes it.
"""

import json
import os
import re
import subprocess
import sys

import pytest
from regopy import Interpreter
from surroundings import ROOT, Workspace

VARIABLE = "FLOWCTL_CONFTEST"
DELETED = "support-tickets.flow would be deleted"
UNLABELED = "pipelines/shop-customers.yaml:26: shop-customers.flow has no label `team`"


def _guide() -> str:
    return (ROOT / "docs" / "guides" / "policies.md").read_text(encoding="utf-8")


def _rules() -> str:
    found = re.search(r"```rego\n(.*?)```", _guide(), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def broken(examples: Workspace) -> Workspace:
    """A workspace whose plan breaks both rules, and none for the other pipelines."""
    examples.begin_applied()
    examples.edit("pipelines/shop-customers.yaml", "  labels: {team: shop}\n", "")
    examples.edit("pipelines/shop-customers.yaml", "frequency: hour", "frequency: day")
    examples.edit("pipelines/partner-files.yaml", "frequency: day", "frequency: week")
    (examples.root / "pipelines" / "support-tickets.yaml").unlink()
    return examples


def _denied(plan: str) -> list[str]:
    interpreter = Interpreter()
    interpreter.add_module("flowctl", _rules())
    interpreter.set_input(json.loads(plan))
    (denied,) = json.loads(str(interpreter.query("data.main.deny")))["expressions"]
    return sorted(denied)


def test_the_rules_deny_what_the_guide_says(broken: Workspace) -> None:
    assert _denied(broken.plan().out) == [UNLABELED, DELETED]


def test_a_good_plan_keeps_the_rules(examples: Workspace) -> None:
    assert _denied(examples.plan().out) == []


@pytest.mark.skipif(VARIABLE not in os.environ, reason=f"{VARIABLE} is not set")
def test_conftest_reads_the_plan_from_the_pipe(broken: Workspace) -> None:
    path = broken.root / "rego" / "flowctl.rego"
    path.parent.mkdir()
    path.write_text(_rules(), encoding="utf-8")
    (command,) = re.findall(r"^flowctl (.*) \| conftest (.*)$", _guide(), re.MULTILINE)
    flowctl = f"'{sys.executable}' -m flowctl {command[0]}"
    piped = f"{flowctl} | '{os.environ[VARIABLE]}' {command[1]} --no-color --output json"
    done = subprocess.run(["bash", "-c", piped], cwd=broken.root, capture_output=True, text=True, check=False)
    (result,) = json.loads(done.stdout)
    assert done.returncode == 1
    assert sorted(failure["msg"] for failure in result["failures"]) == [UNLABELED, DELETED]
