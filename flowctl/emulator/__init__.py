"""The emulator: a local Adobe Experience Platform that answers over real HTTP.

It shares nothing but leaves with the rest of flowctl: it and the engine meet only at HTTP, so a wrong belief about the
API cannot cancel itself out in a test. Nothing heavy is imported before `start` or `serve` is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.data_error import DamagedLock, DataError, DataInUse, FolderInUse, NewerData
from flowctl.emulator.packaged import specs_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from flowctl.emulator.server import RunningEmulator

__all__ = [
    "DamagedLock",
    "DataError",
    "DataInUse",
    "FolderInUse",
    "NewerData",
    "require_unused",
    "reset",
    "serve",
    "start",
]


def start(
    *,
    specs_dir: Path | None = None,
    own_specs: Sequence[tuple[str, Mapping[str, Any]]] = (),
    data_dir: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    latency_ms: int = 0,
    schedule: str = "documented",
    sources: Mapping[str, Path] | Path | None = None,
) -> RunningEmulator:
    """Run the platform in a background thread of this process and return once it accepts connections.

    `specs_dir` is a folder with `flow_specs/*.json` and `connectors/*.json`; None stands for those that come with
    flowctl. `own_specs` are specs beside those, in the form in which the platform returns them and each with its kind,
    `connectionSpec` or `flowSpec`. `data_dir=None` uses a database that is removed on `close()`. `schedule="strict"`
    rejects an interval with `once` even if it is a string, as one published tutorial sends it. `sources` are the
    folders that runs read: by the name or ID of their connection, or one folder with a folder for each connection;
    without one for its connection, a run has made-up numbers. Raises `ValueError` for a folder without specs.
    """
    from flowctl.emulator.server import start as start_server

    return start_server(
        specs_dir=specs_folder(specs_dir),
        own_specs=own_specs,
        data_dir=data_dir,
        host=host,
        port=port,
        latency_ms=latency_ms,
        schedule=schedule,
        sources=sources,
    )


def serve(
    *,
    specs_dir: Path | None,
    data_dir: Path | None,
    host: str,
    port: int,
    latency_ms: int,
    on_ready: Callable[[str], None],
    own_specs: Sequence[tuple[str, Mapping[str, Any]]] = (),
    schedule: str = "documented",
    sources: Mapping[str, Path] | Path | None = None,
) -> None:
    """Run the platform until SIGINT or SIGTERM; `on_ready` gets the URL once it accepts connections.

    Runs in progress are left then, and begin again with the next start on the same data.
    """
    from flowctl.emulator.server import serve as serve_forever

    serve_forever(
        specs_dir=specs_folder(specs_dir),
        own_specs=own_specs,
        data_dir=data_dir,
        host=host,
        port=port,
        latency_ms=latency_ms,
        schedule=schedule,
        sources=sources,
        on_ready=on_ready,
    )


def require_unused(data_dir: Path) -> None:
    """Raise `DataInUse` if an emulator or another program uses the data in a folder."""
    from flowctl.emulator.data_reset import require_unused as require_unused_data

    require_unused_data(data_dir)


def reset(data_dir: Path) -> None:
    """Remove the data in a folder, even if it is damaged; the next start creates fresh data.

    Raises `DataInUse` if an emulator or another program uses it, and `DataError` if it cannot be removed.
    """
    from flowctl.emulator.data_reset import reset as reset_data

    reset_data(data_dir)
