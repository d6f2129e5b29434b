"""What every sandbox has: flow specs and connection specs of the catalogue, and the standard XDM resources."""

from __future__ import annotations

import json
import sqlite3
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowctl.emulator.database import OBJECT_COLUMNS
from flowctl.emulator.objects import ObjectStore

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA_LAKE_SPEC_ID = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"
LIBRARY_SCOPE = 0
STANDARD_XDM = Path(__file__).parent / "data" / "standard_xdm"

_DATA_LAKE_SPEC = {
    "id": DATA_LAKE_SPEC_ID,
    "name": "datalake",
    "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a",
    "version": "1.0",
    "authSpec": [],
    "attributes": {
        "isTarget": True,
        "isDraftModeSupported": True,
        "category": "Data Lake",
        "connectorName": "Data Lake",
    },
    "permissionsInfo": {
        "view": [{"@type": "lowLevel", "name": "EnterpriseSource", "permissions": ["read"]}],
        "manage": [{"@type": "lowLevel", "name": "EnterpriseSource", "permissions": ["write"]}],
    },
}


class Library:
    """Read-only documents of all sandboxes, in a database of their own in memory, queried like stored ones."""

    def __init__(self, specs_dir: Path) -> None:
        self._connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._connection.execute(f"CREATE TABLE library {OBJECT_COLUMNS}")
        self.store = ObjectStore(self._connection, table="library")
        for kind, id_, body in self._contents(specs_dir):
            name = body.get("title") or body.get("name")
            self.store.insert(LIBRARY_SCOPE, kind, id_, body, etag="", created=0, name=name)

    def close(self) -> None:
        """Close the database in memory."""
        self._connection.close()

    def _contents(self, specs_dir: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for path in sorted((specs_dir / "flow_specs").glob("*.json")):
            spec = json.loads(path.read_text(encoding="utf-8"))
            yield "flowSpec", spec["id"], spec
        for path in sorted((specs_dir / "connectors").glob("*.json")):
            spec = json.loads(path.read_text(encoding="utf-8"))["connectionSpec"]
            yield "connectionSpec", spec["id"], spec
        yield "connectionSpec", DATA_LAKE_SPEC_ID, _DATA_LAKE_SPEC
        for resource in self.standard_xdm.values():
            yield resource["meta:resourceType"], resource["$id"], resource

    @cached_property
    def standard_xdm(self) -> dict[str, dict[str, Any]]:
        """The standard classes, field groups, data types and behaviours by `$id`."""
        resources: dict[str, dict[str, Any]] = {}
        for path in sorted(STANDARD_XDM.glob("*.json")):
            for resource in json.loads(path.read_text(encoding="utf-8"))["resources"]:
                resources[resource["$id"]] = resource
        return resources

    def flow_spec(self, id_: str) -> dict[str, Any] | None:
        """Return the flow spec of that id, or None."""
        found = self.store.get(LIBRARY_SCOPE, "flowSpec", id_)
        return found.value() if found else None

    def connection_spec(self, id_: str) -> dict[str, Any] | None:
        """Return the connection spec of that id, or None."""
        found = self.store.get(LIBRARY_SCOPE, "connectionSpec", id_)
        return found.value() if found else None
