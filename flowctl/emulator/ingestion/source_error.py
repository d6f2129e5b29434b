"""Why a source cannot be read, or its data cannot be ingested: the error of a run."""

from __future__ import annotations

from typing import Final

COPY: Final = "CONNECTOR-1001-500"
PROMOTION: Final = "CONNECTOR-2001-500"
CORRUPT: Final = "INGEST-1401-400"


class SourceError(Exception):
    """The run fails. `code` is that of the run's error, `detail` a code of its own for what is wrong with the data."""

    def __init__(self, message: str, code: str = COPY, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.detail = detail


def not_readable(name: str, why: str) -> SourceError:
    """Return the error of a file that was found and is not what it has to be."""
    return SourceError(f"The file {name} cannot be read: {why}.", PROMOTION, CORRUPT)
