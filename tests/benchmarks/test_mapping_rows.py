"""The rows that the mapping benchmark measures are mapped by this checkout's own evaluator."""

import json
import subprocess
import sys
from pathlib import Path

from surroundings import ROOT

from benchmarks.mapping import write_rows


def test_rows_are_mapped_with_compiled_mappings(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.csv", 3)
    program = f"""
import sys
sys.argv = ["mapping_rows.py", {str(ROOT)!r}, "rows.csv", "records.ndjson"]
sys.path.insert(0, {str(ROOT)!r})
from benchmarks import mapping_rows
mapping_rows.interpreted = None
mapping_rows.main()
"""
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)
    records = [json.loads(line) for line in (tmp_path / "records.ndjson").read_text(encoding="utf-8").splitlines()]
    assert [record["_id"] for record in records] == ["0", "1", "2"]
    assert all(record["person"]["name"]["firstName"] for record in records)
