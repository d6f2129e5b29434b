"""`flowctl apply`."""

from pathlib import Path
from typing import Any

import click

from flowctl.cli.applying import apply_and_report
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.options import (
    deletion_options,
    duplicate_options,
    global_options,
    locking_options,
    network_options,
    target_option,
)
from flowctl.cli.run import begin, manifests_of, session_of, workspace_of
from flowctl.operations.duplicates import Permission
from flowctl.operations.plan import PlannedRun, make_destroy_plan, make_plan
from flowctl.operations.saved_plan import check_same_changes, check_same_place
from flowctl.operations.session import Session
from flowctl.state.planfile import read_plan_file
from flowctl.state.runlock import run_lock


@click.command("apply")
@click.argument("planfile", required=False, type=click.Path(path_type=Path))
@locking_options
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@target_option
@deletion_options
@duplicate_options
@network_options
@global_options
@click.pass_context
def command(
    context: click.Context, /, planfile: Path | None, auto_approve: bool, targets: tuple[str, ...], **given: Any
) -> ExitCode:
    """Make the platform as the manifests say; with PLANFILE, exactly what that plan says."""
    options = begin(context, given)
    if planfile is not None and "=" in planfile.name and not planfile.exists():
        # It may be the value of a variable, and that may be a secret.
        raise click.UsageError("there is no such plan file; a variable is set with --var NAME=VALUE", context)
    saved = read_plan_file(planfile) if planfile else None
    if saved is not None and targets:
        raise click.UsageError("--target cannot be given with a saved plan, which holds its own", context)
    permission = Permission(
        everything=given["allow_duplicates"], shown=frozenset(saved.allowed_duplicates if saved else ())
    )
    workspace, environment = workspace_of(options)
    manifests = manifests_of(options, workspace, environment)

    def plan(session: Session) -> PlannedRun:
        if saved is None:
            return make_plan(session, manifests, targets=targets, max_delete=given["max_delete"], duplicates=permission)
        check_same_place(saved, session.environment, session.ledger.lockfile, manifests.digest)
        if saved.destroy:
            run = make_destroy_plan(session, manifests.digest, targets=saved.targets, max_delete=given["max_delete"])
        else:
            run = make_plan(
                session, manifests, targets=saved.targets, max_delete=given["max_delete"], duplicates=permission
            )
        check_same_changes(saved, run.plan)
        return run

    with (
        run_lock(workspace.root, environment, "flowctl apply", given["lock_timeout"]),
        session_of(options, given, workspace, environment, holds_lock=True) as session,
    ):
        return apply_and_report(options, session, plan(session), approved=auto_approve or saved is not None)
