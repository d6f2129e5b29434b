"""A mistake in flowctl itself, or an installation with a part missing: told as data, with where it happened."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from surroundings import EXAMPLES, ROOT


def test_what_nobody_expected_is_one_json_document_and_a_trace(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "flowctl", tmp_path / "flowctl", ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run(
        [sys.executable, "-m", "flowctl", "-C", str(EXAMPLES), "validate", "--format", "json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (problem,) = json.loads(done.stdout)["diagnostics"]
    assert problem["code"] == "internal-error"
    assert "FileNotFoundError" in problem["summary"]
    assert "schemas_dir" in done.stderr
