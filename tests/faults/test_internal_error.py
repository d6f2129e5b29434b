"""A mistake in flowctl itself, or an installation with a part missing: told as data, with where it happened."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from surroundings import EXAMPLES, ROOT, SCHEMAS


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A copy of the package as it is installed."""
    shutil.copytree(ROOT / "flowctl", tmp_path / "flowctl", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(SCHEMAS, tmp_path / "flowctl" / "schemas")
    return tmp_path


def _validated(installed: Path) -> tuple[dict[str, Any], str]:
    """The only problem of `validate` with this package, and what stands on stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "flowctl", "-C", str(EXAMPLES), "validate", "--format", "json"],
        cwd=installed,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (problem,) = json.loads(done.stdout)["diagnostics"]
    return problem, done.stderr


def test_an_unexpected_error_is_one_json_document_and_a_trace(installed: Path) -> None:
    (installed / "flowctl/schemas/pipeline.schema.json").write_text("{")
    problem, trace = _validated(installed)
    assert problem["code"] == "internal-error"
    assert "JSONDecodeError" in problem["summary"]
    assert "published.py" in trace


def test_missing_schemas_are_told_with_a_cure(installed: Path) -> None:
    shutil.rmtree(installed / "flowctl/schemas")
    problem, trace = _validated(installed)
    assert problem["code"] == "installation-incomplete"
    assert "Install flowctl again" in problem["detail"]
    assert trace == ""
