"""Without the API descriptions the tests that compare with them fail, unless they are left out by name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = [
    "tests/contract/test_requests_match_openapi.py",
    "tests/emulator/test_official_contract.py",
    "tests/emulator/test_client_schemathesis.py",
    "tests/emulator/test_description_examples.py",
    "tests/emulator/test_ruled_out_writes.py",
    "tests/kinds/test_every_kind.py",
    "tests/recording/test_recorded_words.py",
]


def run(chosen: str, folder: str | None, *modules: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "FLOWCTL_OPENAPI_DIR"}
    if folder is not None:
        environment["FLOWCTL_OPENAPI_DIR"] = folder
    command = [sys.executable, "-m", "pytest", "-n", "0", "-m", chosen, *modules]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("folder", [None, "", "/nowhere"])
def test_they_fail_and_say_how_to_leave_them_out(folder: str | None) -> None:
    done = run("contract", folder, "tests/emulator/test_official_contract.py")
    assert done.returncode == 1
    assert "FLOWCTL_OPENAPI_DIR must name the folder" in done.stdout
    assert '-m "not contract"' in done.stdout
    assert "skipped" not in done.stdout


def test_the_mark_is_on_every_test_that_reads_them() -> None:
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        is_reader = "descriptions_folder" in text or "import official" in text
        name = path.relative_to(ROOT).as_posix()
        if path != Path(__file__):
            assert (name in MODULES) == is_reader, name
            assert ("mark.contract" in text) == is_reader, name


def test_the_readmes_command_leaves_them_out_and_the_whole_check_runs_them() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = readme.partition("<!-- test command -->")[2].split("```")[1]
    assert command.strip().endswith('pytest -n auto -m "not contract"')
    whole = ROOT / ".ci" / "run"
    if whole.is_file():  # it is not in the source distribution
        assert "pytest -n auto -m contract " in whole.read_text(encoding="utf-8")
