"""Every write of the tour, changed in each way that the official descriptions rule out: none of them is accepted.

A body is changed one member at a time, and each header that is required is left out.

The changed requests are dry runs, so that the tour goes on as if they had never been sent.
"""

from __future__ import annotations

import json
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import httpx
import pytest
from openapi_descriptions import Descriptions

from flowctl.emulator import app, start

from .accepted_writes import ACCEPTED, ACCEPTED_HEADERS
from .conftest import SPECS
from .ruled_out import ruled_out
from .tour import Recorder, walk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openapi_descriptions import Operation

pytestmark = pytest.mark.contract
WRITES = ("POST", "PUT", "PATCH")
DRY = "x-dry-run-of-tests"


class Changing(Recorder):
    """A client that sends every write in all the ways that a description rules out, and then as it is."""

    def __init__(self, url: str, descriptions: Descriptions) -> None:
        super().__init__(url)
        self._descriptions = descriptions
        self.sent = 0
        self.broken: list[str] = []
        self.accepted: set[str] = set()
        self.accepted_without: set[str] = set()

    def send(self, request: httpx.Request, **options) -> httpx.Response:
        path = request.url.raw_path.decode().partition("?")[0]
        content_type = request.headers.get("content-type", "")
        operation = self._descriptions.operation(request.method, path)
        if request.method in WRITES and operation and request.content and "json" in content_type:
            body = json.loads(request.content)
            for place, rule, other in ruled_out(operation, content_type, body):
                self._try(request, other, f"{operation.name} {place} {rule}", self.accepted)
            for header in _required_headers(operation):
                what = f"{operation.name} header {header} required"
                self._try(request, body, what, self.accepted_without, without=header)
        return super().send(request, **options)

    def _try(self, request: httpx.Request, body: object, what: str, accepted: set[str], *, without: str = "") -> None:
        headers = {**request.headers, DRY: "1"}
        del headers["content-length"]
        changed = self.build_request(request.method, request.url, headers=headers, content=json.dumps(body))
        changed.headers.pop(without, None)
        response = super().send(changed)
        self.sent += 1
        if response.is_success:
            accepted.add(what)
        elif response.is_server_error:
            self.broken.append(f"{what}: {json.dumps(body)}")


def _required_headers(operation: Operation) -> Iterator[str]:
    for parameter in operation.parameters:
        if parameter["in"] == "header" and parameter.get("required"):
            yield parameter["name"].lower()


@pytest.fixture(scope="module")
def walked(descriptions_folder: Path) -> Iterator[Changing]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "SERVICES", [_with_dry_runs(service) for service in app.SERVICES])
        with start(specs_dir=SPECS) as running, Changing(running.url, Descriptions(descriptions_folder)) as client:
            walk(client)
            yield client


def _with_dry_runs(service):
    return replace(service, validates_only=lambda incoming: DRY in incoming.headers or service.validates_only(incoming))


def test_no_write_is_accepted_that_a_description_rules_out(walked: Changing) -> None:
    assert _unlisted(walked.accepted, ACCEPTED) == []
    assert _unlisted(walked.accepted_without, ACCEPTED_HEADERS) == []


def test_every_listed_write_is_still_accepted(walked: Changing) -> None:
    assert _gone(walked.accepted, ACCEPTED) == []
    assert _gone(walked.accepted_without, ACCEPTED_HEADERS) == []


def _unlisted(accepted: set[str], known: dict[str, str]) -> list[str]:
    return sorted(key for key in accepted if not any(fnmatchcase(key, each) for each in known))


def _gone(accepted: set[str], known: dict[str, str]) -> list[str]:
    return [each for each in known if not any(fnmatchcase(key, each) for key in accepted)]


def test_none_breaks_the_emulator(walked: Changing) -> None:
    assert walked.broken == []
    assert walked.sent > 2000
