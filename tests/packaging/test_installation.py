"""What people install: the name of the distribution, the pages about it, and the steps of the container file."""

import re
import subprocess
import sys
import tomllib

from surroundings import ROOT

import flowctl

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
JOBS = [ROOT / "action.yml", *sorted((ROOT / "ci").rglob("*.yml")), ROOT / "Containerfile"]


def test_the_distribution_has_its_own_name_and_the_command_keeps_its() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (project["name"], list(project["scripts"])) == ("aep-flowctl", ["flowctl"])


def test_nothing_tells_anyone_to_install_the_name_of_another_project() -> None:
    wrong = re.compile(r"(?:pip|pipx|uv tool) install (?:-\S+ )*[\"']?flowctl\b(?!/)")
    for path in (*PAGES, *JOBS):
        assert not wrong.search(path.read_text(encoding="utf-8")), path


def test_the_page_warns_of_the_name() -> None:
    text = (ROOT / "docs" / "guides" / "installing.md").read_text(encoding="utf-8")
    assert "Flowdapt" in text
    assert "installing.md" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_version_has_the_day_of_the_specs() -> None:
    command = [sys.executable, "-m", "flowctl", "--version"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert told == f"flowctl {flowctl.__version__} (specs of {flowctl.__specs_date__})\n"


def test_the_container_file_copies_and_runs_what_there_is() -> None:
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    steps = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    assert [name for name, _ in steps] == [
        *("FROM", "COPY", "RUN", "FROM", "COPY", "RUN", "USER", "WORKDIR", "ENTRYPOINT"),
    ]
    # The steps that need no image: an environment, the checkout in it, and the command that it gets.
    built, installed = steps[2][1], steps[5][1]
    assert "pip install --no-cache-dir -q /source" in built
    assert "/opt/flowctl/bin/flowctl" in installed
    assert steps[-1][1] == '["flowctl"]'
