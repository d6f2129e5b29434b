"""Everything that lives as long as the server: the database with its first contents, clock, settings, library."""

from __future__ import annotations

import json
import threading
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flowctl.emulator.clock import Clock
from flowctl.emulator.control.faults import Faults
from flowctl.emulator.control.load import LoadProfile
from flowctl.emulator.control.request_log import RequestLog
from flowctl.emulator.directory import Directory
from flowctl.emulator.earlier_states import EarlierStates
from flowctl.emulator.ingestion.connection_folders import ConnectionFolders
from flowctl.emulator.library import Library
from flowctl.emulator.mapping_versions import MappingVersions
from flowctl.emulator.objects import ObjectStore
from flowctl.emulator.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from flowctl.emulator.database import Database
    from flowctl.emulator.ingestion.run_queue import RunQueue

_DATA_TABLES = (
    "object",
    "audit_event",
    "transition",
    "reference",
    "mapping_set_version",
    "token",
    "client",
    "sandbox",
    "organization",
)


@dataclass
class Platform:
    """The state that all operations share.

    `own_specs` are specs beside those of `specs_dir`, each with its kind, and stand before them. `data_dir` keeps the
    files of datasets, `sources` are the folders that runs read. `turn` is held by each request and by the end of each
    run, so that one never sees the half of another. `worker` is set by whoever starts the platform. `alone` keeps other
    emulators from the data folder, and raises `FolderInUse` if one uses it.
    """

    specs_dir: Path
    database: Database
    data_dir: Path
    sources: ConnectionFolders = field(default_factory=ConnectionFolders)
    own_specs: Sequence[tuple[str, Mapping[str, Any]]] = ()
    settings: Settings = field(default_factory=Settings)
    clock: Clock = field(default_factory=Clock)
    faults: Faults = field(default_factory=Faults)
    load: LoadProfile = field(default_factory=LoadProfile)
    requests: RequestLog = field(default_factory=RequestLog)
    earlier: EarlierStates = field(default_factory=EarlierStates)
    alone: Callable[[], AbstractContextManager[None]] = nullcontext

    def __post_init__(self) -> None:
        self._initial_settings = json.dumps(self.settings.as_dict())
        self._initial_load = self.load.as_dict()
        self.turn = threading.RLock()
        self.worker: RunQueue
        self.objects = ObjectStore(self.database.connection)
        self.audit_events = ObjectStore(self.database.connection, table="audit_event")
        self.mapping_versions = MappingVersions(self.database.connection)
        self.directory = Directory(self.database.connection)
        if not self.directory.has_organizations():
            with self.database.writing():
                self.directory.create_first(self.clock.now_ms())

    @cached_property
    def library(self) -> Library:
        """What exists in every sandbox: specs and standard XDM; read from files on first use."""
        return Library(self.specs_dir, self.own_specs)

    def close(self, *, finish_runs: bool = True) -> None:
        """Close the databases, after the runs that are in progress have ended, or else without waiting for them."""
        self.worker.close(finish=finish_runs)
        if "library" in self.__dict__:
            self.library.close()
        self.database.close()

    def reset(self) -> None:
        """Return to fresh data and first settings. Raises `FolderInUse` if another emulator uses the data folder."""
        with self.alone():
            with self.database.writing():
                for table in _DATA_TABLES:
                    self.database.connection.execute(f"DELETE FROM {table}")
                self.directory.create_first(self.clock.now_ms())
            self.worker.forget()
        self.settings.update(json.loads(self._initial_settings))
        self.load.update(self._initial_load)
        self.clock.reset()
        self.faults.clear()
        self.requests.clear()
        self.earlier.clear()
