"""Running the application under uvicorn: in a thread of this process, or in the foreground until a signal."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
import tempfile
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowctl.emulator.app import Application
from flowctl.emulator.browsers import Names
from flowctl.emulator.control.load import LoadProfile
from flowctl.emulator.data_error import DataError
from flowctl.emulator.database import NAME, Database
from flowctl.emulator.folder_users import used, used_by_no_other
from flowctl.emulator.http_server import (
    Connections,
    StoppableServer,
    listen,
    server_of,
    stopped_by_signals,
    url_of,
)
from flowctl.emulator.ingestion.batch_files import rename_folders
from flowctl.emulator.ingestion.connection_folders import ConnectionFolders
from flowctl.emulator.platform import Platform
from flowctl.emulator.run_worker import Worker
from flowctl.emulator.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

START_SECONDS = 10.0


class RunningEmulator:
    """The platform in a background thread; a context manager that closes it."""

    def __init__(
        self,
        url: str,
        server: StoppableServer,
        platform: Platform,
        thread: threading.Thread,
        release: contextlib.ExitStack,
    ) -> None:
        self.url = url
        self._platform = platform
        self._server = server
        self._thread = thread
        self._release = release

    def close(self, *, finish_runs: bool = True) -> None:
        """Stop the server and close its data; a temporary database is removed. May be called twice.

        Runs in progress end first. Without `finish_runs` they are left, and begin again with the next start.
        """
        self._server.stop()
        self._thread.join()
        self._platform.worker.close(finish=finish_runs)
        self._release.close()

    def __enter__(self) -> RunningEmulator:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(finish_runs=kind is None or issubclass(kind, Exception))


def start(*, host: str, port: int, **options: Any) -> RunningEmulator:
    """Run the platform in a background thread; see `flowctl.emulator.start`."""
    release = contextlib.ExitStack()
    try:
        listener = listen(host, port)
        release.callback(listener.close)
        accepting = threading.Event()
        server, platform = _build(release, accepting.set, Names(host), **options)
        thread = threading.Thread(
            target=lambda: asyncio.run(server.serve(sockets=[listener])), name="flowctl-emulator", daemon=True
        )
        thread.start()
        if not accepting.wait(START_SECONDS):
            raise RuntimeError("The emulator did not start.")
    except BaseException:
        release.close()
        raise
    return RunningEmulator(url_of(listener), server, platform, thread, release)


def serve(*, host: str, port: int, on_ready: Callable[[str], None], **options: Any) -> None:
    """Run the platform in the foreground until Ctrl-C, SIGTERM or Windows' Ctrl-Break; see `flowctl.emulator.serve`."""
    with contextlib.ExitStack() as release:
        listener = listen(host, port)
        release.callback(listener.close)
        url = url_of(listener)
        server, platform = _build(release, lambda: on_ready(url), Names(host), url=url, **options)
        release.enter_context(stopped_by_signals(server))
        asyncio.run(server.serve(sockets=[listener]))
        platform.worker.close(finish=False)


def _build(
    release: contextlib.ExitStack,
    on_accepting: Callable[[], None],
    names: Names,
    *,
    url: str = "",
    specs_dir: Path,
    data_dir: Path | None,
    latency_ms: int,
    schedule: str,
    sources: Mapping[str, Path] | Path | None,
    own_specs: Sequence[tuple[str, Mapping[str, Any]]],
) -> tuple[StoppableServer, Platform]:
    settings = Settings()
    settings.update({"schedule": schedule})
    if data_dir is None:
        data_dir = Path(tempfile.mkdtemp(prefix="flowctl-emulator-"))
        release.callback(shutil.rmtree, data_dir, ignore_errors=True)
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = "it is not a folder" if isinstance(error, FileExistsError) else error.strerror
        raise DataError(f"{data_dir}: {why}") from error
    own = release.enter_context(used(data_dir, url))
    path = data_dir / NAME
    database = Database(path)
    try:
        platform = Platform(
            specs_dir,
            database,
            data_dir,
            _folders(sources),
            own_specs,
            settings=settings,
            load=LoadProfile(latency_ms),
            alone=partial(used_by_no_other, data_dir, own),
        )
        rename_folders(data_dir, partial(platform.objects.scopes_of, "batch"))
        worker = Worker(platform)
        platform.worker = worker
        worker.resume()
    except OSError as error:
        database.close()
        raise DataError(f"{error.filename}: {error.strerror}") from error
    except (sqlite3.Error, ValueError, KeyError) as error:  # rows that are there and cannot be
        database.close()
        raise DataError(f"{path}: it is damaged ({type(error).__name__})") from error
    release.callback(platform.close)
    connections = Connections()
    return server_of(Application(platform, names, connections.hang_up), connections, on_accepting), platform


def _folders(sources: Mapping[str, Path] | Path | None) -> ConnectionFolders:
    if sources is None:
        return ConnectionFolders()
    return ConnectionFolders(parent=sources) if isinstance(sources, Path) else ConnectionFolders(named=sources)
