"""The first hour in the checkout; `.ci/run` plays it with the built wheel."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from surroundings import Workspace


@pytest.fixture
def first_hour() -> ModuleType:
    """The script, which needs nothing of the checkout."""
    spec = importlib.util.spec_from_file_location("first_hour", Path(__file__).with_name("first_hour.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["first_hour"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("connector", ["postgresql", "amazon-s3", "event-hubs"])
def test_the_first_hour_needs_no_page(
    first_hour: ModuleType,
    connector: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run(folder: Path, arguments: tuple[str, ...]) -> object:
        monkeypatch.chdir(folder)
        done = Workspace(root=folder, capsys=capsys).run(*arguments)
        return first_hour.Said(done.code, done.out, done.err)

    first_hour.play(run, tmp_path, connector)
