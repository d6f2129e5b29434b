"""`flowctl fmt`."""

from pathlib import Path
from typing import Any

import click

from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import global_options
from flowctl.cli.run import begin, finish, workspace_of
from flowctl.model.diagnostic import has_errors
from flowctl.model.result import Status


@click.command("fmt", cls=Command, examples=["flowctl fmt", "flowctl fmt --check pipelines"])
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing and exit with 1 if a file would change.")
@global_options
@click.pass_context
def command(context: click.Context, /, paths: tuple[Path, ...], check: bool, **given: Any) -> ExitCode:
    """Format flowctl.yaml, manifests and policies, or those in PATHS, in place.

    Indentation, blanks and empty lines change. Values, order, quotes, line breaks and comments stay.
    """
    from flowctl.operations.formatting import format_files

    options = begin(context, given)
    workspace, _ = workspace_of(options)
    report = format_files(workspace, paths, check=check)
    failed = has_errors(report.diagnostics) or (check and report.files)
    return finish(options, report, Status.ERROR if failed else Status.OK, report.diagnostics)
