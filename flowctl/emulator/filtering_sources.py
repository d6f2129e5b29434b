"""Which sources filter rows themselves, and how their connection specs tell it.

Shape: Adobe docs, sources/tutorials/api/filter.md.
"""

from __future__ import annotations

from typing import Any, Final

from flowctl.emulator.ingestion.row_filter import COMPARISONS, LOGICAL

FILTERING: Final = frozenset({"google-big-query", "dynamics-online", "salesforce", "snowflake"})
"""The names of the connection specs that Adobe's guide lists."""


def with_filter_at_source(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a connection spec with `filterAtSource` among its attributes, if its source filters rows."""
    if spec.get("name") not in FILTERING:
        return spec
    described: dict[str, Any] = {
        "enabled": True,
        "queryLanguage": "SQL",
        "logicalOperators": list(LOGICAL),
        "comparisonOperators": list(COMPARISONS),
    }
    if spec["name"] == "google-big-query":
        described |= {"columnNameEscapeChar": "`", "valueEscapeChar": "'"}
    return spec | {"attributes": spec.get("attributes", {}) | {"filterAtSource": described}}
