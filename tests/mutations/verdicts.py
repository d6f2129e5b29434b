"""A plugin of pytest: runs the nearest tests first, and writes which were red to a file."""

import inspect
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutations.nearness import common

FILE = "FLOWCTL_MUTATIONS_VERDICTS"
"""The variable that names the file."""
NEAR = "FLOWCTL_MUTATIONS_NEAR"
"""The variable with the weight of each word that a near test has, as JSON."""
SECONDS = "FLOWCTL_MUTATIONS_SECONDS"
"""The variable with how many seconds of the processor tests may take; the test that exceeds them is the last."""

_red: list[str] = []


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the nearest tests first."""
    if NEAR in os.environ:
        weights = json.loads(os.environ[NEAR])
        items.sort(key=lambda item: -common(_text(item), weights))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Ends the run if the time is over."""
    result = yield
    if time.process_time() > float(os.environ.get(SECONDS, "inf")):
        item.session.shouldstop = "the time is over"
    return result


def _text(item: pytest.Item) -> str:
    source = inspect.getsource(item.function) if isinstance(item, pytest.Function) else ""
    return f"{item.name} {source}"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Notes each red test."""
    if report.failed:
        _red.append(report.nodeid)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Notes each file that cannot be imported: what it tries has changed."""
    if report.failed:
        _red.append(report.nodeid)


def pytest_sessionfinish() -> None:
    """Writes the file."""
    if FILE in os.environ:
        Path(os.environ[FILE]).write_text(json.dumps(_red), encoding="utf-8")
