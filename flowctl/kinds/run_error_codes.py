"""What the error codes of runs mean, from Adobe's documentation, and what to do about each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

NOTIFICATIONS: Final = "https://experienceleague.adobe.com/docs/experience-platform/sources/notifications.html"
_MONITOR: Final = "https://experienceleague.adobe.com/docs/experience-platform/dataflows/ui/monitor-sources.html"
_DIAGNOSTICS: Final = (
    "https://experienceleague.adobe.com/docs/experience-platform/ingestion/quality/error-diagnostics.html"
)
_API: Final = "https://experienceleague.adobe.com/docs/experience-platform/dataflows/api/monitor.html"


@dataclass(frozen=True, slots=True)
class RunErrorCode:
    """The meaning of one code, what to do, and the page that documents it."""

    cause: str
    cure: str
    source: str


RUN_ERROR_CODES: Final[Mapping[str, RunErrorCode]] = {
    "CONNECTOR-1001": RunErrorCode(
        "The data could not be copied from the source.",
        "Check the credentials, the network and the path or table of the source, then retry the run.",
        NOTIFICATIONS,
    ),
    "CONNECTOR-2001": RunErrorCode(
        "The copied data could not be parsed, validated or transformed.",
        "Correct what the other errors of the run are about, in the mappings or in the data, then retry the run.",
        NOTIFICATIONS,
    ),
    "CONNECTOR-3001": RunErrorCode(
        "The batch could not be created in the dataset.",
        "Retry the run. If it fails again, report the run ID to Adobe.",
        _MONITOR,
    ),
    "INGEST-1211": RunErrorCode(
        "Rows were rejected, and error diagnostics are off.",
        "Set `options.errorDiagnosticsEnabled: true` in the manifest and apply: the next run tells the reasons.",
        _DIAGNOSTICS,
    ),
    "INGEST-1212": RunErrorCode(
        "Some rows were rejected, and the others are in the dataset.",
        "Correct what the other codes of the run are about. Rejected rows are not ingested again by themselves.",
        _DIAGNOSTICS,
    ),
    "INGEST-1401": RunErrorCode(
        "A row is corrupt and cannot be parsed.",
        "Correct the row at the source: quotes, separators, encoding, JSON syntax.",
        _DIAGNOSTICS,
    ),
    "INGEST-1555": RunErrorCode(
        "A required field of the schema is missing or null.",
        "Map a value to every required field, or give the mapping a default with `coalesce`.",
        _DIAGNOSTICS,
    ),
    "MAPPER-3700": RunErrorCode(
        "A mapping failed for some rows.",
        "Run `flowctl preview` with a sample of such rows to see which mapping fails, and correct it.",
        _API,
    ),
}
"""Codes without the HTTP status at their end: `INGEST-1212-400` is `INGEST-1212`."""


def explained(code: str) -> RunErrorCode | None:
    """The meaning of a code with or without its HTTP status; None for a code that is not documented."""
    service, _, rest = code.strip().upper().partition("-")
    return RUN_ERROR_CODES.get(f"{service}-{rest.partition('-')[0]}")
