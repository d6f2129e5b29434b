"""Specs in a folder that belongs to no workspace."""

from pathlib import Path

from flowctl.manifest.reading.own_specs import own_specs_of


def test_a_problem_names_the_file_in_the_folder(tmp_path: Path) -> None:
    wrong = tmp_path / "connection_specs" / "wrong.json"
    for folder in ("connection_specs", "flow_specs"):
        (tmp_path / folder).mkdir()
    wrong.write_text("{", encoding="utf-8")
    _, problems = own_specs_of(tmp_path)
    assert wrong.as_posix() in {problem.span.file for problem in problems if problem.span}
