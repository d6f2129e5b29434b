"""`flowctl schemas`."""

from pathlib import Path
from typing import Any

import click

from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.options import global_options
from flowctl.cli.run import begin, finish
from flowctl.model.errors import FlowctlError
from flowctl.model.report import WrittenSchemas
from flowctl.specs.files import publish


def _named(_context: click.Context, _parameter: click.Parameter, text: str) -> Path:
    if not text or "\0" in text:  # an empty text would be the current folder, which nobody named
        raise click.BadParameter("it does not name a folder")
    return Path(text)


@click.command("schemas")
@click.argument("folder", type=click.Path(), callback=_named)
@global_options
@click.pass_context
def command(context: click.Context, /, folder: Path, **given: Any) -> ExitCode:
    """Write this release's JSON Schemas into FOLDER, for an editor that completes and checks manifests."""
    options = begin(context, given)
    try:
        names = publish(folder)
    except OSError as error:
        raise FlowctlError.because(
            "output-unwritable", f"{folder} cannot be written: {error.strerror or error}", hint="Name another folder."
        ) from error
    written = [(folder / name).as_posix() for name in names]
    return finish(options, WrittenSchemas(files=tuple(written)))
