"""Snapshots: the expected records of sample files, as NDJSON that `--update` writes."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Final

from flowctl.durable import replace_text
from flowctl.manifest.reading.discover import ENDINGS
from flowctl.model.errors import ManifestError
from flowctl.model.json_value import JSONValue
from flowctl.model.mapping_report import Difference
from flowctl.operations.preview import json_line, unwritable
from flowctl.preview.comparison import Values, record_differences, same
from flowctl.regular_file import read_regular

_OWN: Final = "flowctl."
"""How the names of the workspace file and of the lockfile begin."""


@dataclass(slots=True)
class Snapshots:
    """Compares records with snapshot files below `root`; with `updates` it writes those that differ.

    A file that one case has written or found right is compared with the records of the next case that names it.
    """

    root: Path
    updates: bool = False
    written: list[str] = field(default_factory=list)
    _compared: set[Path] = field(default_factory=set)

    def differences(
        self, path: Path, shown: str, records: Sequence[Values], sample: Path | None = None
    ) -> Iterator[Difference]:
        """Yield the places in which the records of a sample differ from the snapshot. Raises ManifestError."""
        if sample is not None and sample.resolve() == path.resolve():
            raise _unusable(f"{shown} is the sample itself")
        expected = _read(path, shown)
        place = path.resolve()
        if self.updates and place not in self._compared:
            self._compared.add(place)
            if expected is None or not same(expected, list(records)):
                self._write(path, shown, records)
            return
        if expected is None:
            yield Difference(shown, "a snapshot", None, "To write the file, run `flowctl test --update`.")
            return
        for number, (left, right) in enumerate(zip_longest(expected, records), 1):
            for each in record_differences(left, right):
                path_of_row = f"row {number}: {each.path}" if each.path else f"row {number}"
                yield Difference(path_of_row, each.expected, each.actual)

    def _write(self, path: Path, shown: str, records: Sequence[Values]) -> None:
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise _unusable(f"{shown} is outside the workspace")
        if path.name.startswith(_OWN) or path.suffix.lower() in ENDINGS:
            raise _unusable(f"{shown} has the name of a manifest or of a file of flowctl")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_text(path, "".join(map(json_line, records)))
        except OSError as error:
            raise unwritable(path, error) from error
        self.written.append(shown)


def _unusable(summary: str) -> ManifestError:
    return ManifestError.because(
        "records-unwritable", summary, hint="Use a snapshot file in the workspace that ends in `.ndjson`."
    )


def _read(path: Path, shown: str) -> list[JSONValue] | None:
    try:
        text = read_regular(path).decode("utf-8-sig")
        return [json.loads(line) for line in text.split("\n") if line.strip()]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not NDJSON"
        raise ManifestError.because(
            "snapshot-unreadable",
            f"the snapshot {shown} cannot be read: {why}",
            hint="Delete it, and run `flowctl test --update`.",
        ) from error
