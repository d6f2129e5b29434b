"""Lists of files of rejected rows, page after page, and names that lead elsewhere."""

from collections.abc import Sequence

import pytest

from flowctl.aep.raw_reply import RawReply
from flowctl.engine.observe.rejected_rows import rejected_rows
from flowctl.kinds.rejected_rows import codes_of
from flowctl.model.errors import PlatformError
from flowctl.model.request import Reply, Request


class Batch:
    """A batch with these files, each with one row that says its name."""

    def __init__(self, names: Sequence[object]) -> None:
        self.names = names
        self.requests: list[Request] = []

    def send(self, request: Request) -> Reply:
        self.requests.append(request)
        query = dict(request.query)
        if "start" in query:
            page = self.names[int(query["start"]) :][: int(query["limit"])]
            return Reply(status=200, body={"data": [{"name": name} for name in page]})
        return Reply(status=200, body=[{"from": query["path"], "_errors": []}])


def test_every_page_is_read_and_every_file() -> None:
    batch = Batch([f"errors_{number}.json" for number in range(250)])
    found = list(rejected_rows("b", batch.send))
    assert [name for name, _ in found] == batch.names
    assert found[7][1] == [{"from": "row_errors/errors_7.json", "_errors": []}]
    lists = [dict(request.query)["start"] for request in batch.requests if not request.lines]
    assert lists == ["0", "100", "200"]


def test_a_file_is_read_only_when_it_is_wanted() -> None:
    batch = Batch(["a.json", "b.json"])
    next(rejected_rows("b", batch.send))
    assert len(batch.requests) == 2


@pytest.mark.parametrize("name", ["../x", "a/b", ".hidden", "", "a\\b", 7, "x" * 129])
def test_a_name_that_leads_elsewhere_is_refused(name: object) -> None:
    with pytest.raises(PlatformError, match="has a name that cannot be used"):
        list(rejected_rows("b", Batch([name]).send))


def test_lines_are_values_and_empty_ones_are_skipped() -> None:
    assert RawReply(status=200, content=b'{"a": 1}\r\n\n{"b": 2}').lines == [{"a": 1}, {"b": 2}]
    assert RawReply(status=200).lines == []
    with pytest.raises(ValueError, match="Expecting"):
        _ = RawReply(status=200, content=b'{"a": 1}\nnone').lines


def test_codes_of_rows_of_any_shape() -> None:
    assert codes_of({"_errors": [{"code": "1401", "message": "corrupt"}, {}, 7]}) == ["1401", "unknown"]
    assert codes_of({"_errors": None}) == []
    assert codes_of({}) == []
