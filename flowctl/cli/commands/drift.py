"""`flowctl drift`."""

from typing import Any

import click

from flowctl.cli.completing import recorded_or_documents
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import global_options, network_options, selection_options
from flowctl.cli.run import begin, choice_of, finish, manifests_of, session_of, workspace_of
from flowctl.model.result import Status
from flowctl.operations.drift import find_drift


@click.command(
    "drift",
    cls=Command,
    examples=["flowctl drift", "flowctl -e dev drift --target shop-customers", "flowctl drift --format markdown"],
)
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="ADDRESS",
    shell_complete=recorded_or_documents,
    help="Compare only this address or document and what it needs. Repeatable.",
)
@selection_options
@network_options
@global_options
@click.pass_context
def command(context: click.Context, /, targets: tuple[str, ...], **given: Any) -> ExitCode:
    """Show what was changed outside flowctl since the last apply, by whom and when.

    Compares the lockfile with the live objects, and exits with 3 if they differ. Sends no writes to Experience
    Platform.
    """
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    manifests = manifests_of(options, workspace, environment)
    choice = choice_of(context, {**given, "targets": targets}, manifests, workspace, environment)
    with session_of(options, given, workspace, environment) as session:
        report = find_drift(session, manifests, targets, choice).report
    return finish(options, report, Status.DRIFT if report.objects else Status.OK, report.problems)
