"""A plugin of pytest: runs the nearest tests first, and writes which were red to a file."""

import inspect
import json
import os
from pathlib import Path

import pytest

from tests.mutations.nearness import common

FILE = "FLOWCTL_MUTATIONS_VERDICTS"
"""The variable that names the file."""
NEAR = "FLOWCTL_MUTATIONS_NEAR"
"""The variable with how many tests to run, and the weight of each word that a near test has, as JSON."""

_red: list[str] = []


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Puts the nearest tests first, and leaves out those beyond the number."""
    if NEAR not in os.environ:
        return
    number, weights = json.loads(os.environ[NEAR])
    items.sort(key=lambda item: -common(_text(item), weights))
    config.hook.pytest_deselected(items=items[number:])
    del items[number:]


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
