"""A new workspace, as lines and as a JSON document."""

import shlex
from collections.abc import Iterator
from typing import Any

from flowctl.model.started import StartedWorkspace
from flowctl.views.envelope import envelope
from flowctl.views.lines import Line


def started_lines(data: StartedWorkspace) -> Iterator[Line]:
    """The files, and the commands with which to go on."""
    yield Line(f"Wrote a workspace that reads from {data.connector}:", "bold")
    yield from (Line(f"  {name}") for name in data.files)
    yield Line()
    yield Line("Next:", "bold")
    yield from (Line(f"  {command}", is_verbatim=True) for command in _commands(data))
    if data.ci:
        yield Line()
        yield Line(data.ci)


def _commands(data: StartedWorkspace) -> Iterator[str]:
    if data.folder != ".":
        yield f"cd {argument(data.folder)}"
    yield "flowctl validate"
    yield "flowctl test"
    yield "flowctl apply         # on the emulator: no account, no network"
    if data.pipeline:
        yield f"flowctl runs start {data.pipeline}"
        yield "flowctl runs list"
    if data.connection:
        yield f"flowctl explore {data.connection}"
    yield f"flowctl connectors {data.connector}"


def argument(text: str) -> str:
    """A text as one argument of a command line."""
    return shlex.quote(f"./{text}" if text.startswith("-") else text)


def started_document(data: StartedWorkspace) -> dict[str, Any]:
    """The document of `init`."""
    return envelope(folder=data.folder, connector=data.connector, written=list(data.files))
