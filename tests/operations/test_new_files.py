"""New files: one that appeared after a command had looked is not overwritten, and nothing else is left."""

from pathlib import Path

import pytest

from flowctl.operations.new_files import Unwritten, write_all


def test_a_file_that_is_there_by_now_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "second.yaml").write_text("of a person\n", encoding="utf-8")
    with pytest.raises(Unwritten) as caught:
        write_all(tmp_path, [("new/first.yaml", "1\n"), ("second.yaml", "2\n")], folders=["other"])
    assert caught.value.removed
    assert [path.name for path in tmp_path.rglob("*")] == ["second.yaml"]
    assert (tmp_path / "second.yaml").read_text(encoding="utf-8") == "of a person\n"
