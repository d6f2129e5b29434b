"""`flowctl drift`."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import click

from flowctl.cli.completing import recorded_or_documents
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import Options, global_options, locking_options, network_options, selection_options
from flowctl.cli.run import (
    begin,
    choice_of,
    finish,
    locked_session_of,
    manifests_of,
    session_of,
    tenanted,
    workspace_of,
)
from flowctl.model.diagnostic import has_errors
from flowctl.model.drift_report import DriftReport
from flowctl.model.result import Status
from flowctl.operations.drift import find_drift
from flowctl.settings.workspace import Workspace


@click.command(
    "drift",
    cls=Command,
    examples=["flowctl drift", "flowctl -e dev drift --target shop-customers", "flowctl -e dev drift --accept"],
)
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="ADDRESS|NAME",
    shell_complete=recorded_or_documents,
    help="Compare only this and what it needs. Repeatable.",
)
@selection_options
@click.option("--accept", is_flag=True, help="Write the live values into the manifests and the lockfile.")
@locking_options
@network_options
@global_options
@click.pass_context
def command(context: click.Context, /, targets: tuple[str, ...], accept: bool, **given: Any) -> ExitCode:
    """Show what changed outside flowctl since the last apply, by whom and when.

    Compares the lockfile with the live objects, and exits with 3 if they differ. Sends no writes to Experience
    Platform; --accept edits the manifests in place.
    """
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    if accept:
        report = _accepted(context, options, {**given, "targets": targets}, workspace, environment)
        drifted = bool(report.accepted and report.accepted.left)
    else:
        manifests = manifests_of(options, workspace, environment)
        choice = choice_of(context, {**given, "targets": targets}, manifests, workspace, environment)
        with session_of(options, given, workspace, environment) as session:
            manifests = tenanted(options, session, workspace, environment, manifests)
            report = find_drift(session, manifests, targets, choice).report
        drifted = bool(report.objects)
    status = Status.DRIFT if drifted else Status.OK
    return finish(options, report, Status.ERROR if has_errors(report.problems) else status, report.problems)


def _accepted(
    context: click.Context, options: Options, given: Mapping[str, Any], workspace: Workspace, environment: str
) -> DriftReport:
    """The drift that was found, and what accepting it did. The manifests are read while the lock is held."""
    from flowctl.operations.accepting.accept import accept_drift

    with locked_session_of(options, given, workspace, environment, command="flowctl drift --accept") as session:
        manifests = manifests_of(options, workspace, environment)
        manifests = tenanted(options, session, workspace, environment, manifests)
        choice = choice_of(context, given, manifests, workspace, environment)
        found = find_drift(session, manifests, given["targets"], choice)
        reload = partial(manifests_of, options, workspace, environment)
        return replace(found.report, accepted=accept_drift(session, manifests, found, reload))
