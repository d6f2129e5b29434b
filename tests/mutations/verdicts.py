"""A plugin of pytest: writes which tests were green and which red, each with its seconds, to a file."""

import json
import os
from pathlib import Path

import pytest

FILE = "FLOWCTL_MUTATIONS_VERDICTS"
"""The variable that names the file."""

_seconds: dict[str, float] = {}
_red: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Adds up the phases of each test."""
    if report.failed:
        _red.append(report.nodeid)
    if not report.skipped:
        _seconds[report.nodeid] = _seconds.get(report.nodeid, 0) + report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Writes the file, once for all test processes."""
    if FILE in os.environ and not hasattr(session.config, "workerinput"):
        green = {name: seconds for name, seconds in _seconds.items() if name not in _red}
        Path(os.environ[FILE]).write_text(json.dumps({"green": green, "red": _red}), encoding="utf-8")
