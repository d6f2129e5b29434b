"""Every response against Adobe's official OpenAPI files, with an exact list of known deviations."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from . import coverage, official
from .deviations import KNOWN
from .tour import Recorder, walk

pytestmark = [pytest.mark.contract, pytest.mark.usefixtures("descriptions_folder")]


@pytest.fixture
def exchanges(emulator):
    with Recorder(emulator.url) as recorder:
        walk(recorder)
        return [exchange for exchange in recorder.exchanges if exchange.path.startswith("/data/")]


def test_responses_are_as_described_but_for_known_deviations(exchanges):
    used, unknown = set(), set()
    for exchange in exchanges:
        operation = official.find(exchange.method, exchange.path)
        assert operation is not None, f"{exchange.method} {exchange.path}"
        for deviation in official.deviations(operation, exchange.status, exchange.body):
            matching = [pattern for pattern in KNOWN if fnmatchcase(deviation, pattern)]
            used.update(matching)
            if not matching:
                unknown.add(deviation)
    assert sorted(unknown) == []
    assert sorted(set(KNOWN) - used) == [], "deviations that no longer occur"


def test_the_tour_uses_every_operation(exchanges):
    used = {str(official.find(exchange.method, exchange.path)) for exchange in exchanges}
    left_out = [
        str(operation)
        for service in official.FILES
        for operation in official.operations(service)
        if coverage.verdict(operation) == "implemented" and str(operation) not in used
    ]
    assert left_out == []


@pytest.mark.parametrize("service", official.FILES)
def test_enough_is_covered(service):
    verdicts = [coverage.verdict(operation) for operation in official.operations(service)]
    present = len(verdicts) - verdicts.count("missing")
    assert present / len(verdicts) >= coverage.MINIMUM.get(service, 1)
    names = {str(operation) for operation in official.operations(service)}
    assert {name for name in coverage.REFUSED if name.startswith(f"{service} ")} <= names


def test_the_page_lists_every_operation():
    page = coverage.page()
    assert "| Flow Service | 45 |" in page
    assert "`POST /flows`" in page


def test_the_coverage_page_is_current():
    page = (Path(__file__).parents[2] / "docs" / "project" / "emulator-coverage.md").read_text(encoding="utf-8")
    assert page == coverage.page(), "run python -m tests.emulator.coverage docs/project/emulator-coverage.md"
