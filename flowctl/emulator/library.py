"""What every sandbox has: flow specs and connection specs of the catalogue, and the standard XDM resources."""

from __future__ import annotations

import json
import sqlite3
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flowctl.emulator.database import OBJECT_COLUMNS
from flowctl.emulator.filtering_sources import with_filter_at_source
from flowctl.emulator.objects import ObjectStore
from flowctl.emulator.standard_xdm import resource
from flowctl.xdm.library import standard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

DATA_LAKE_SPEC_ID = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"
LIBRARY_SCOPE = 0

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


DESTINATION_SPEC_ID = "10440537-2a7b-4583-ac39-ed38d4b848e8"
EXPORT_FLOW_SPEC_ID = "cd2fc47e-e838-4f38-a581-8fff2f99b63a"
_OF_DESTINATIONS = {
    # What Adobe's guide to dataset exports names, so that a sandbox can hold flows that are none of sources.
    ("connectionSpec", DESTINATION_SPEC_ID): {
        "id": DESTINATION_SPEC_ID,
        "name": "Data Landing Zone",
        "version": "1.0",
        "authSpec": [],
        "attributes": {"isDestination": True, "category": "Cloud Storage"},
    },
    ("flowSpec", EXPORT_FLOW_SPEC_ID): {
        "id": EXPORT_FLOW_SPEC_ID,
        "name": "Dataset export",
        "version": "1.0",
        "sourceConnectionSpecIds": [DATA_LAKE_SPEC_ID],
        "targetConnectionSpecIds": [DESTINATION_SPEC_ID],
        "attributes": {"isDestinationFlow": True},
    },
}
"""Specs of destinations; they are in no list, because the lists hold the catalog of sources."""


class Library:
    """Read-only documents of all sandboxes, in a database of their own in memory, queried like stored ones.

    `own_specs` are more specs, each with its kind; one with the ID of another takes its place.
    """

    def __init__(self, specs_dir: Path, own_specs: Sequence[tuple[str, Mapping[str, Any]]] = ()) -> None:
        self._connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._connection.execute(f"CREATE TABLE library {OBJECT_COLUMNS}")
        self.store = ObjectStore(self._connection, table="library")
        self._xdm: dict[str, dict[str, Any] | None] = {}
        found = {(kind, id_): body for kind, id_, body in self._contents(specs_dir)}
        found |= {(kind, body["id"]): dict(body) for kind, body in own_specs}
        self._specs = _OF_DESTINATIONS | found
        for (kind, id_), body in found.items():
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
            spec = with_filter_at_source(json.loads(path.read_text(encoding="utf-8"))["connectionSpec"])
            yield "connectionSpec", spec["id"], spec
        yield "connectionSpec", DATA_LAKE_SPEC_ID, _DATA_LAKE_SPEC

    def standard_xdm(self, id_: str) -> dict[str, Any] | None:
        """Return the standard XDM resource of that `$id`, or None."""
        if id_ not in self._xdm:
            facts = standard().get(id_)
            self._xdm[id_] = None if facts is None else resource(facts)
        return self._xdm[id_]

    @cached_property
    def xdm_store(self) -> ObjectStore:
        """The standard XDM resources, queried like stored ones; made when they are first listed."""
        self._connection.execute(f"CREATE TABLE xdm {OBJECT_COLUMNS}")
        store = ObjectStore(self._connection, table="xdm")
        for id_ in standard().ids():
            body = self.standard_xdm(id_)
            if body is not None:
                type_, title = body["meta:resourceType"], body["title"]
                store.insert(LIBRARY_SCOPE, type_, id_, body, etag="", created=0, name=title)
        return store

    def flow_spec(self, id_: str) -> dict[str, Any] | None:
        """Return the flow spec of that id, or None; it is shared, so not to be changed."""
        return self._spec("flowSpec", id_)

    def connection_spec(self, id_: str) -> dict[str, Any] | None:
        """Return the connection spec of that id, or None; it is shared, so not to be changed."""
        return self._spec("connectionSpec", id_)

    def _spec(self, kind: str, id_: str) -> dict[str, Any] | None:
        return self._specs.get((kind, id_))
