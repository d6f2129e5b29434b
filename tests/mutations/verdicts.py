"""A plugin of pytest: writes which test was red first, and how long it took, to a file."""

import json
import os
from pathlib import Path

import pytest

FILE = "FLOWCTL_MUTATIONS_VERDICTS"
"""The variable that names the file."""

_red: list[tuple[str, float]] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Notes each red test."""
    if report.failed:
        _red.append((report.nodeid, report.duration))


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Notes each file that cannot be imported: what it tries has changed."""
    if report.failed:
        _red.append((report.nodeid, 0.0))


def pytest_sessionfinish() -> None:
    """Writes the file."""
    if FILE in os.environ:
        Path(os.environ[FILE]).write_text(json.dumps(_red), encoding="utf-8")
