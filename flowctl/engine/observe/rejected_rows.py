"""Reading the rejected rows of a batch, one file after another: they may be many."""

from collections.abc import Iterator, Mapping
from typing import Any

from flowctl.engine.observe.paging import Send, pages
from flowctl.engine.observe.understood import understood
from flowctl.kinds.rejected_rows import RowsFile, files_of, next_files, rows_files, rows_in, rows_of
from flowctl.model.errors import Refused
from flowctl.model.request import Reply, Request


def rejected_rows(batch: str, send: Send) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """Each file's name and its rows; nothing for a batch whose rows are not kept.

    Raises Refused if a later file is no longer kept: what was read is not all of it then.
    """

    def read(request: Request, reply: Reply) -> list[RowsFile]:
        return understood(request, reply, files_of)

    is_first = True
    try:
        for page in pages(rows_files(batch), send, read=read, names=iter, next_page=next_files):
            for file in page:
                request = rows_in(batch, file)
                rows = understood(request, send(request), rows_of)
                is_first = False
                yield file.name, rows
    except Refused as error:
        if error.status != 404 or not is_first:
            raise
