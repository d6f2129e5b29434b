"""Every operation of the emulator that a client uses is recorded, sent again, and compared; what is not says why."""

from collections import Counter
from pathlib import Path
from typing import Any

from emulator.tour import Recorder, walk
from surroundings import Platform

from flowctl.emulator.services import SERVICES
from flowctl.operations.recording import compare

from .recorders import recording

FOUNDATION = "/data/foundation"
NO_ROWS = "the rows that it sends are not in the record"
OF_A_BATCH = "it is about a batch whose rows are not in the record"
UNKNOWN = "it needs an object that was there before the record, or was not created here"


class Walker(Recorder):
    """A client whose settings stay as they are."""

    def settings(self, **_: Any) -> None:
        pass


def test_a_walk_through_all_operations_compares_equal(platform: Platform, tmp_path: Path) -> None:
    file = tmp_path / "record.jsonl"
    with recording(platform.url, file) as recorder, Walker(recorder.url) as client:
        walk(client)
        number = len(client.exchanges)
        services = {_service(exchange.path) for exchange in client.exchanges}
    report = compare(file, None)
    assert report.differing == ()
    assert report.exchanges == number
    reasons = Counter(each.reason for each in report.skipped)
    assert set(reasons) == {NO_ROWS, OF_A_BATCH, UNKNOWN}
    assert reasons[UNKNOWN] == 3, [each for each in report.skipped if each.reason == UNKNOWN]
    skipped = {each.exchange for each in report.skipped}
    compared = {_service(e.path) for n, e in enumerate(client.exchanges, 1) if n not in skipped}
    assert services == compared
    assert report.compared > number * 0.85


def _service(path: str) -> str:
    return next(service.prefix for service in SERVICES if path.startswith(service.prefix))


def test_tokens_and_credentials_compare_equal(platform: Platform, tmp_path: Path) -> None:
    file = tmp_path / "record.jsonl"
    given = {"grant_type": "client_credentials", "client_id": "local-client", "scope": "openid"}
    zone = f"{FOUNDATION}/connectors/landingzone"
    with recording(platform.url, file) as recorder:
        replies = [
            recorder.http.post("/ims/token/v3", data={**given, "client_secret": "local-secret"}),
            recorder.http.post("/ims/token/v3", data={**given, "client_secret": "wrong"}),
            recorder.http.post("/ims/token/v3", params={**given, "client_secret": "local-secret"}),
            recorder.http.post("/ims/token/v3", params={**given, "client_secret": "wrong"}),
            recorder.http.get(f"{zone}/credentials?type=user_drop_zone"),
            recorder.http.post(f"{zone}/credentials?type=user_drop_zone&action=refresh"),
        ]
    assert [reply.status_code for reply in replies] == [200, 401, 200, 401, 200, 200]
    assert "wrong" not in file.read_text()
    report = compare(file, None)
    assert (report.compared, report.differing) == (6, ())
