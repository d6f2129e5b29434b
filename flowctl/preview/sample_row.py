"""One row of a sample, and the error that a sample cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass

from flowctl.model.errors import ManifestError
from flowctl.model.json_value import JSONValue


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One row of a sample. `fault` says why it cannot be read, and is empty for a sound one."""

    values: Mapping[str, JSONValue]
    fault: str = ""


def unreadable(shown: str, why: str, hint: str = "Correct the file, or use another one.") -> ManifestError:
    """Return the error that a sample file cannot be read."""
    return ManifestError.because("sample-unreadable", f"{shown} cannot be read: {why}", hint=hint)
