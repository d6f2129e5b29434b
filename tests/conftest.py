"""What all tests share: a served platform, and the examples as a workspace of its own."""

import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers
from surroundings import DEV, EXAMPLES, SCHEMAS, Platform, Workspace

from flowctl import emulator
from flowctl.emulator import database

# Hundreds of processes are started: what one of them, or this one, has compiled serves all.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A change is judged by the same generated values on each machine; `--hypothesis-profile=search` looks for new ones.
settings.register_profile("repeatable", derandomize=True, database=None)
settings.register_profile("search", derandomize=False, print_blob=True)
settings.load_profile("repeatable")


# Every record is flushed to the disk, again and again: a disk in memory is flushed at once. TMPDIR says otherwise.
_MEMORY, _ENOUGH = "/dev/shm", 2 * 1024**3


def _is_good(folder: str) -> bool:
    """Whether there is room in it, and programs may be started from it."""
    if not os.access(folder, os.W_OK) or shutil.disk_usage(folder).free < _ENOUGH:
        return False
    return not os.statvfs(folder).f_flag & os.ST_NOEXEC


if "TMPDIR" not in os.environ and _is_good(_MEMORY):
    os.environ["TMPDIR"], tempfile.tempdir = _MEMORY, None


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the cache of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _repeatable_values() -> Iterator[None]:
    """Hypothesis draws no constants of loaded modules: which are loaded depends on the tests that ran before."""
    with pytest.MonkeyPatch.context() as patch:
        if settings.get_current_profile_name().startswith("repeatable"):
            patch.setattr(providers, "_get_local_constants", lambda: providers._local_constants)
        yield


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """With `-n auto`, three workers for two processors: many tests wait for a clock, and meanwhile another can run."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors + (processors + 1) // 2


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
        yield Platform(url=running.url, http=http, database=data / database.NAME)


@pytest.fixture
def platform(served: Platform) -> Platform:
    served.reset()
    return served


_MOST_REQUESTS = 100
"""How many requests are shown of a test that failed."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure is reported with the last requests: what was sent twice had a reply, or had none."""
    report = yield
    used = getattr(item, "funcargs", {}).get("platform")
    if call.when == "call" and report.failed and isinstance(used, Platform):
        with suppress(httpx.HTTPError):
            lines = [f"{each['method']} {each['path']} {each['status'] or 'no reply'}" for each in used.log()]
            report.sections.append(("Last requests since the log was cleared", "\n".join(lines[-_MOST_REQUESTS:])))
    return report


@pytest.fixture
def examples(tmp_path: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """The examples, with an environment `dev` that is the served platform."""
    workspace = Workspace(root=tmp_path / "workspace", capsys=capsys, platform=platform)
    shutil.copytree(EXAMPLES, workspace.root, ignore=shutil.ignore_patterns(".flowctl", "*.lock*"))
    workspace.write("flowctl.yaml", DEV.format(url=platform.url))
    return workspace
