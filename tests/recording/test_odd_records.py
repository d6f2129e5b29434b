"""Records that no recorder has written so, or that were changed by hand: each is compared, skipped or refused."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from emulator.tour import walk
from surroundings import Platform

from flowctl.cli.main import main
from flowctl.operations.recording import compare
from flowctl.recording.exchanges import Part, Writer

from .recorders import HEADERS, recording
from .test_compared_services import Walker

HEAD = '{"recordVersion":"1"}\n'


def exchange(status: Any = 200, **request: Any) -> str:
    asked = {"method": "GET", "path": "/data/x", "query": "", "headers": {}, "body": None} | request
    return json.dumps({"request": asked, "reply": {"status": status, "headers": {}, "body": None}}) + "\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "record.jsonl"


def test_a_body_of_no_form_is_refused(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(HEAD + exchange(method="POST", body={}))
    assert main(["emulator", "compare", str(file)]) == 1
    assert "is not a record: line 2 has no request" in capsys.readouterr().err


def test_an_exchange_that_is_withheld_and_has_no_reply_does_not_spoil_the_record(file: Path) -> None:
    leak = json.dumps({"note": "20c115bc-46e3-40f3-bfe9-fb25abe4ba76"}).encode()
    writer = Writer("https://platform.adobe.io")
    writer._texts.value = lambda text, prose=False: text  # type: ignore[method-assign]
    sent = Part(headers={"content-type": "application/json"}, content=leak, size=len(leak))
    made = writer.exchange("POST", "/data/foundation/flowservice/flows", sent, None, Part(headers={}), "timed-out")
    assert made == {
        "request": {"method": "POST", "path": "/", "query": "", "headers": {}, "body": None},
        "failure": "timed-out",
        "withheld": True,
    }
    # As earlier releases wrote it.
    before = {"request": made["request"], "reply": {"status": None, "headers": {}, "body": None}, "withheld": True}
    file.write_text(HEAD + json.dumps(made) + "\n" + json.dumps(before) + "\n")
    assert [each.reason for each in compare(file, None).skipped] == ["the record withholds it"] * 2


@pytest.mark.parametrize("path", ["/_emulator/reset", "/_emulator/settings", "/_emulator"])
def test_a_record_does_not_change_the_emulator_itself(platform: Platform, file: Path, path: str) -> None:
    dataset = platform.http.post("/data/foundation/catalog/dataSets", json={"name": "kept"}, headers=HEADERS)
    assert dataset.status_code == 201
    file.write_text(HEAD + exchange(method="POST", path=path, body={"json": {"deletes": "202"}}))
    (skipped,) = compare(file, platform.url).skipped
    assert skipped.reason == "it would change the emulator itself"
    assert len(platform.http.get("/data/foundation/catalog/dataSets", headers=HEADERS).json()) == 1


def test_where_nothing_is_compared_no_difference_is_claimed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for text, number in (("", "0 exchanges"), (exchange(method="OTHER"), "1 exchange")):
        file.write_text(HEAD + text)
        assert main(["emulator", "compare", str(file)]) == 0
        assert capsys.readouterr().out.endswith(f"Compared 0 of {number}.\n")


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    from flowctl import emulator

    file = tmp_path_factory.mktemp("walk") / "record.jsonl"
    with emulator.start() as running, recording(running.url, file) as recorder, Walker(recorder.url) as client:
        walk(client)
    return file.read_text().splitlines(keepends=True)


@pytest.mark.parametrize("seed", range(4))
def test_requests_in_another_order_or_changed_are_compared_or_skipped(
    platform: Platform, file: Path, walked: list[str], seed: int
) -> None:
    chance = random.Random(seed)
    head, *lines = walked
    exchanges = [_changed(json.loads(line), chance) for line in chance.sample(lines, 60)]
    file.write_text(head + "".join(json.dumps(each) + "\n" for each in exchanges))
    report = compare(file, platform.url)
    assert report.compared + len(report.skipped) == 60
    statuses = [each.emulator for one in report.differing for each in one.differences if each.kind == "status"]
    assert [status for status in statuses if status >= 500] == []


def _changed(value: Any, chance: random.Random) -> Any:
    """Return an exchange in which some values of its bodies are others."""
    for side in ("request", "reply"):
        body = value.get(side, {}).get("body") or {}
        if "json" in body and chance.random() < 0.5:
            body["json"] = _otherwise(body["json"], chance)
    return value


def _otherwise(value: Any, chance: random.Random) -> Any:
    if chance.random() < 0.05:
        return chance.choice([None, 0, -1.5, "", "text-1", "word1", [], {}, True, 800000000000001, ["x"], {"id": 1}])
    if isinstance(value, dict):
        return {name: _otherwise(each, chance) for name, each in value.items()}
    return [_otherwise(each, chance) for each in value] if isinstance(value, list) else value
