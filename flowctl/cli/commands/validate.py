"""`flowctl validate`."""

from pathlib import Path
from typing import Any

import click

from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import global_options, selection_of, selection_options
from flowctl.cli.run import begin, finish, workspace_of
from flowctl.model.diagnostic import has_errors
from flowctl.model.result import Status, Validation
from flowctl.operations.validate import validate
from flowctl.views.formats import Format


@click.command("validate", cls=Command, examples=["flowctl validate", "flowctl validate pipelines/shop-customers.yaml"])
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@selection_options
@global_options
@click.pass_context
def command(context: click.Context, /, paths: tuple[Path, ...], **given: Any) -> ExitCode:
    """Check all manifests, or those in PATHS, without a network and without credentials."""
    options = begin(context, given, has_log=False)
    workspace, environment = workspace_of(options)
    advice: list[str] = []
    found = validate(
        workspace,
        environment=environment,
        overrides=options.overrides,
        environ=options.environ,
        secrets=options.secrets,
        paths=paths,
        selection=selection_of(given),
        advised=advice.append,
    )
    code = finish(options, Validation(), Status.ERROR if has_errors(found) else Status.OK, found)
    if options.format is Format.TEXT and not options.quiet:
        for sentence in advice:
            options.tell(sentence)
    return code
