"""What a run needs to know before it starts, and how it ended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flowctl.emulator.ingestion.batch_files import remove_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from flowctl.emulator.ingestion.batch_files import BatchFiles
    from flowctl.emulator.ingestion.source_error import SourceError
    from flowctl.emulator.ingestion.source_files import SourceFile
    from flowctl.emulator.ingestion.window import Progress, Window
    from flowctl.row_files.row_format import RowFormat
    from flowctl.xdm.fields import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingestion:
    """What a run needs to know. `data` is the emulator's data folder, `folder` the one that stands for the source.

    `scope` is the key of the sandbox: another sandbox can have a batch with the same ID.
    `given` are the files of a batch with how to read them, and else those of the folder are read.
    `threshold` is the percentage of rejected rows from which on the run fails; None fails it at the first one.
    """

    run_id: str
    scope: int
    batch_id: str
    dataset_id: str
    data: Path
    folder: Path
    is_files: bool
    params: Mapping[str, Any]
    data_format: str
    properties: Mapping[str, Any]
    mapping_set: Mapping[str, Any] | None
    schema: Field
    copy: Mapping[str, Any] | None
    window: Window
    progress: Progress
    threshold: float | None
    keeps_rows: bool
    parquet: bool
    now_ms: Callable[[], int]
    platform_ms: Callable[[int], int]
    given: Sequence[tuple[SourceFile, RowFormat]] | None = None


@dataclass(slots=True, kw_only=True)
class Ingested:
    """How a run ended: true numbers, the errors by code with their rows, and what it has read of its source.

    `files` are what it has written, aside.
    """

    progress: Progress
    files: BatchFiles
    read: int = 0
    refused: int = 0
    input_bytes: int = 0
    output_bytes: int = 0
    names: list[str] = field(default_factory=list)
    input_files: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    messages: dict[str, str] = field(default_factory=dict)
    failure: SourceError | None = None
    is_failed: bool = False

    @property
    def written(self) -> int:
        """The records in the dataset."""
        return 0 if self.is_failed else self.read - self.refused

    def place(self, work: Ingestion) -> None:
        """Put what was written into place of what an interrupted run may have left there."""
        remove_batch(work.data, work.scope, work.dataset_id, work.batch_id)
        self.files.place(work.scope, work.dataset_id, work.batch_id)
