"""`flowctl validate`."""

from pathlib import Path
from typing import Any

import click

from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.options import global_options
from flowctl.cli.run import begin, workspace_of, write_result
from flowctl.model.diagnostic import has_errors
from flowctl.operations.validate import validate
from flowctl.views.diagnostics import count_line, diagnostic_lines
from flowctl.views.envelope import diagnostics_document
from flowctl.views.lines import Line


@click.command("validate")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@global_options
@click.pass_context
def command(context: click.Context, /, paths: tuple[Path, ...], **given: Any) -> int:
    """Check the manifests, or those below PATHS, with no network and no credentials."""
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    found = validate(
        workspace,
        environment=environment,
        overrides=options.overrides,
        environ=options.environ,
        secrets=options.secrets,
        paths=paths,
    )
    lines = [*diagnostic_lines(found), count_line(found)] if found else [Line("Valid.", "green")]
    if found or not options.quiet or options.format != "text":
        write_result(options, "flowctl validate", lines, diagnostics_document(found))
    return ExitCode.ERROR if has_errors(found) else ExitCode.OK
