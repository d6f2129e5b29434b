"""`flowctl schemas`."""

from pathlib import Path
from typing import Any

import click

from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import global_options
from flowctl.cli.run import begin, finish, specs_of_workspace
from flowctl.model.errors import FlowctlError
from flowctl.model.report import WrittenSchemas
from flowctl.specs.published_schemas import publish


def _named(_context: click.Context, _parameter: click.Parameter, text: str) -> Path:
    if not text or "\0" in text:  # an empty string would mean the current folder, which was not given
        raise click.BadParameter("expected the path of a folder")
    return Path(text)


@click.command("schemas", cls=Command, examples=["flowctl schemas .flowctl/schemas"])
@click.argument("folder", type=click.Path(), callback=_named)
@global_options
@click.pass_context
def command(context: click.Context, /, folder: Path, **given: Any) -> ExitCode:
    """Write the JSON Schemas into FOLDER, for an editor that completes and checks manifests."""
    options = begin(context, given)
    specs_of_workspace(options)
    try:
        names = publish(folder)
    except OSError as error:
        raise FlowctlError.because(
            "output-unwritable", f"cannot write {folder}: {error.strerror or error}", hint="Choose another folder."
        ) from error
    written = [(folder / name).as_posix() for name in names]
    return finish(options, WrittenSchemas(files=tuple(written)))
