"""The errors for which ingestion rejects a row, with their codes."""

from __future__ import annotations

from typing import Final

Errors = list[dict[str, str]]
MALFORMED: Final = "INGEST-1401-400"
MISSING: Final = "INGEST-1555-400"
MAPPER: Final = "MAPPER-3700-400"
