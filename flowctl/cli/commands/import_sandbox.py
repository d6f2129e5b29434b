"""`flowctl import`."""

from functools import partial
from typing import Any

import click

from flowctl.cli.detailed_option import DetailedOption
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import global_options, locking_options, network_options, selection_of, selection_options
from flowctl.cli.run import begin, finish, locked_session_of, manifests_of, session_of, tenanted, workspace_of
from flowctl.manifest.document import Manifests
from flowctl.model.result import Status


@click.command(
    "import",
    cls=Command,
    examples=["flowctl -e dev import --dry-run", 'flowctl -e dev import --flow "Shop *"'],
)
@click.option(
    "--flow",
    "flows",
    multiple=True,
    metavar="ID|NAME-GLOB",
    cls=DetailedOption,
    help="Import this dataflow. Repeatable.",
    detail="In a name, `*` and `?` are wildcards.",
)
@click.option("--all", "all_flows", is_flag=True, help="Import all source dataflows. Default without --flow.")
@click.option("--out", metavar="DIR", type=click.Path(), help="Write the files to DIR. Default: the workspace.")
@click.option("--dry-run", is_flag=True, help="Show what would be written without writing it.")
@click.option("--allow-skipped", is_flag=True, help="Exit with 0 even if dataflows are skipped.")
@selection_options
@locking_options
@network_options
@global_options
@click.pass_context
def command(
    context: click.Context,
    /,
    flows: tuple[str, ...],
    all_flows: bool,
    out: str | None,
    dry_run: bool,
    allow_skipped: bool,
    **given: Any,
) -> ExitCode:
    """Write manifests of live dataflows outside the lockfile and what they use.

    Sends no writes to Experience Platform, and overwrites no file. The next apply adds the objects to the lockfile.
    """
    from flowctl.operations.importing.choice import Choice
    from flowctl.operations.importing.import_sandbox import import_sandbox
    from flowctl.views.import_progress import import_progress

    options = begin(context, given)
    if flows and all_flows:
        raise click.UsageError("--all and --flow exclude each other", context)
    workspace, environment = workspace_of(options)
    held = session_of if dry_run else partial(locked_session_of, command="flowctl import")
    with held(options, given, workspace, environment) as session:

        def reload() -> Manifests:
            return tenanted(options, session, workspace, environment, manifests_of(options, workspace, environment))

        found = import_sandbox(
            session,
            reload(),  # another import may have written some until the lock was held
            Choice(flows, selection_of(given)),
            out=out,
            reload=None if dry_run else reload,
            told=import_progress(quiet=options.quiet or not options.live),
        )
    failed = bool(found.diagnostics) or (bool(found.skipped) and not allow_skipped)
    return finish(options, found, Status.ERROR if failed else Status.OK, found.diagnostics)
