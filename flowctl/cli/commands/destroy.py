"""`flowctl destroy`."""

from dataclasses import replace
from typing import Any

import click

from flowctl.cli.applying import apply_and_report
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import (
    approval_option,
    approve_option,
    deletion_options,
    global_options,
    locking_options,
    network_options,
)
from flowctl.cli.run import begin, locked_session_of, manifests_of, workspace_of
from flowctl.operations.plan import make_destroy_plan
from flowctl.operations.policy_documents import with_approvals
from flowctl.operations.run_notes import with_run_notes


@click.command("destroy", cls=Command, examples=["flowctl -e dev plan --destroy", "flowctl -e dev destroy"])
@locking_options
@approval_option
@approve_option
@deletion_options
@network_options
@global_options
@click.pass_context
def command(context: click.Context, /, auto_approve: bool, approved_rules: tuple[str, ...], **given: Any) -> ExitCode:
    """Delete all objects in the lockfile. Datasets that have data stay and are no longer managed."""
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    manifests = manifests_of(options, workspace, environment)
    with locked_session_of(options, given, workspace, environment, command="flowctl destroy") as session:
        run = make_destroy_plan(session, manifests, max_delete=given["max_delete"])
        run = with_run_notes(session, run)
        run = replace(run, plan=with_approvals(run.plan, approved_rules, manifests))
        return apply_and_report(options, session, run, None, approved=auto_approve)
