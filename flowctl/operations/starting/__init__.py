"""Start a workspace: files that validate and apply on the emulator as they are. Nothing that exists is replaced."""

import os
from datetime import date
from pathlib import Path

from flowctl.manifest.reading.discover import WORKSPACE_FILE
from flowctl.model.errors import FlowctlError
from flowctl.model.started import StartedWorkspace
from flowctl.operations.connectors import known_connector
from flowctl.operations.new_files import Unwritten, write_all
from flowctl.operations.starting.ci_files import LEFT_TO_DO, ci_files
from flowctl.operations.starting.first_files import SCHEMAS, explored_connection, first_files, started_pipeline
from flowctl.specs.published_schemas import published
from flowctl.validation.wording import all_of, codes


def start_workspace(folder: Path, connector: str, *, host: str, today: date) -> StartedWorkspace:
    """Write a workspace with one pipeline of this connector into a folder, which is made if it does not exist.

    `host` is `github`, `gitlab` or empty, for the files of its CI. Raises FlowctlError for an unknown connector, and
    if one of the files exists or cannot be written; then nothing is written.
    """
    entry = known_connector(connector)
    texts = [*first_files(entry, today), *ci_files(host, entry)]
    texts += [(f"{SCHEMAS}/{name}", text) for name, text in published()]
    taken = [name for name, _ in texts if os.path.lexists(folder / name)]
    if taken:
        more = f" and {len(taken) - 3} more" if len(taken) > 3 else ""
        raise FlowctlError.because(
            "workspace-exists",
            f"{folder} has {all_of(codes(taken[:3]))}{more} already",
            hint="Use another folder: `flowctl init DIR`. `init` replaces no file.",
        )
    # A folder becomes a workspace by this file, so it is the last.
    ordered = sorted(texts, key=lambda each: each[0] == WORKSPACE_FILE)
    try:
        write_all(folder, ordered, folders=[])
    except Unwritten as error:
        raise FlowctlError.because(
            "workspace-unwritable",
            f"{error.place} cannot be written: {error.why}",
            detail="The files that were written before are removed again." if error.removed else "",
            hint="Correct the permissions, free disk space, or use another folder.",
        ) from error
    shown = tuple(name for name, _ in texts if not name.startswith(SCHEMAS))
    return StartedWorkspace(
        folder=str(folder),
        connector=entry.name,
        files=(*shown, f"{SCHEMAS}/"),
        pipeline=started_pipeline(entry),
        connection=explored_connection(entry),
        ci=LEFT_TO_DO[host],
    )
