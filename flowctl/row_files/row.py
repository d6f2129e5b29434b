"""One row of a file, and the error that a file cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of a file. `fault` says why it cannot be read, and is empty for a sound one."""

    values: Mapping[str, Any]
    fault: str = ""


class UnreadableFile(Exception):  # noqa: N818 - reads as what happened
    """A file cannot be read: `why` follows "cannot be read: ", and `hint` says what to do."""

    def __init__(self, why: str, hint: str = "Correct the file, or use another one.") -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint


class OtherEncoding(UnreadableFile):
    """A file is no text in the encoding that it is read in."""

    def __init__(self) -> None:
        super().__init__(
            "it is not text in the expected encoding",
            "Save it as UTF-8, or set `source.data.properties.encoding` in the pipeline that reads it.",
        )


class ParquetMissing(Exception):  # noqa: N818 - reads as what happened
    """The package that reads Parquet files is not installed."""
