"""What all tests share: a served platform, and the examples as a workspace of its own."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from surroundings import DEV, EXAMPLES, SCHEMAS, Platform, Workspace

from flowctl import emulator
from flowctl.emulator.server import DATABASE_NAME

# Hundreds of processes are started: what one of them, or this one, has compiled serves all.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the cache of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def descriptions_folder() -> Path:
    """The folder with Adobe's published API descriptions. Tests that compare with them have the mark `contract`."""
    folder = os.environ.get("FLOWCTL_OPENAPI_DIR", "")
    if not Path(folder, "flow-service.yaml").is_file():
        pytest.fail(
            "FLOWCTL_OPENAPI_DIR must name the folder with Adobe's API descriptions. "
            'To leave out the tests that compare with them, run pytest with -m "not contract".',
            pytrace=False,
        )
    return Path(folder)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    data = tmp_path_factory.mktemp("platform")
    with emulator.start(specs_dir=SCHEMAS, data_dir=data) as running, httpx.Client(base_url=running.url) as http:
        yield Platform(url=running.url, http=http, database=data / DATABASE_NAME)


@pytest.fixture
def platform(served: Platform) -> Platform:
    served.http.delete("/_emulator/faults").raise_for_status()
    served.reset()
    return served


@pytest.fixture
def examples(tmp_path: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """The examples, with an environment `dev` that is the served platform."""
    root = tmp_path / "workspace"
    shutil.copytree(EXAMPLES, root, ignore=shutil.ignore_patterns(".flowctl", "*.lock*"))
    workspace = Workspace(root=root, capsys=capsys, platform=platform)
    workspace.write("flowctl.yaml", DEV.format(url=platform.url))
    return workspace
