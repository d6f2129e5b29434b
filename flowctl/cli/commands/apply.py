"""`flowctl apply`."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from flowctl.cli.applying import applied_result, report_result
from flowctl.cli.detailed_option import DetailedOption
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.joined_option import JoinedOption
from flowctl.cli.option_types import Digest, OneOf
from flowctl.cli.options import (
    approval_option,
    approve_option,
    deletion_options,
    duplicate_options,
    global_options,
    irreversible_option,
    locking_options,
    network_options,
    selection_of,
    selection_options,
    target_option,
)
from flowctl.cli.run import begin, choice_of, locked_session_of, manifests_of, session_of, tenanted, workspace_of
from flowctl.cli.times import Duration, is_duration
from flowctl.cli.waiting import wait_for_runs
from flowctl.model.result import Status
from flowctl.operations.duplicates import Permission
from flowctl.operations.irreversible import with_permission
from flowctl.operations.plan import make_plan
from flowctl.operations.plan_again import check_environment, plan_again
from flowctl.operations.policy_documents import with_approvals
from flowctl.operations.review import check_expected
from flowctl.operations.run_notes import with_run_notes
from flowctl.operations.selecting import narrowed_manifests
from flowctl.state.planfile import read_plan_file
from flowctl.state.planfile_document import SavedPlan


@click.command(
    "apply",
    cls=Command,
    examples=["flowctl -e dev plan --out plan.json && flowctl -e dev apply plan.json"],
)
@click.argument("planfile", required=False, type=click.Path(path_type=Path))
@locking_options
@approval_option
@click.option("--expect-digest", type=Digest(), metavar="SHA256", help="Refuse a plan that does not have this digest.")
@approve_option
@target_option
@selection_options
@deletion_options
@duplicate_options
@irreversible_option
@click.option(
    "--wait",
    cls=JoinedOption,
    metavar="DURATION",
    type=Duration(),
    is_flag=False,
    flag_value="45m",
    help="Wait for the first runs (--wait alone: up to 45m).",
    detail="These are the first runs of the changed pipelines.",
)
@click.option(
    "--fail-on",
    type=OneOf(("errors", "failed")),
    cls=DetailedOption,
    help="Exit with 1 for this outcome. Default: failed.",
    detail="Use it with `--wait`: it applies to the first runs.",
)
@network_options
@global_options
@click.pass_context
def command(
    context: click.Context,
    /,
    planfile: Path | None,
    auto_approve: bool,
    expect_digest: str | None,
    approved_rules: tuple[str, ...],
    targets: tuple[str, ...],
    wait: int | None,
    **given: Any,
) -> ExitCode:
    """Make Experience Platform match the manifests, or apply exactly PLANFILE."""
    options = begin(context, given)
    if given["fail_on"] is not None and wait is None:
        raise click.UsageError("`--fail-on` needs `--wait`", context)
    saved = _saved(context, planfile, has_wait=wait is not None) if planfile is not None else None
    if saved is not None and (targets or selection_of(given)):
        raise click.UsageError(
            "`--target`, `--select` and `--exclude` cannot be combined with a saved plan, which has its own", context
        )
    workspace, environment = workspace_of(options)
    if saved is not None:
        check_environment(saved, environment)
    manifests = manifests_of(options, workspace, environment)
    choice = choice_of(context, {**given, "targets": targets}, manifests, workspace, environment)
    most, allows_duplicates = given["max_delete"], given["allow_duplicates"]
    with locked_session_of(options, given, workspace, environment, command="flowctl apply") as session:
        manifests = tenanted(options, session, workspace, environment, manifests)
        if saved is not None:
            run = plan_again(session, saved, manifests, max_delete=most, allows_duplicates=allows_duplicates)
        else:
            permission = Permission(everything=allows_duplicates)
            run = make_plan(session, manifests, targets=targets, choice=choice, max_delete=most, duplicates=permission)
            run = with_run_notes(session, run)
        check_expected(run.plan, expect_digest, session.secrets)
        run = replace(run, plan=with_approvals(run.plan, approved_rules, manifests))
        is_allowed = given["allow_irreversible"] or (saved is not None and saved.allows_irreversible)
        run = replace(run, plan=with_permission(run.plan, is_allowed=is_allowed))
        chosen = narrowed_manifests(manifests, choice)
        since = session.clock.now() or 0
        result = applied_result(options, session, run, chosen, approved=auto_approve or saved is not None)
    if wait is None or result.status is not Status.OK:
        return report_result(options, result)
    return wait_for_runs(
        options, result, partial(session_of, options, given, workspace, environment), wait, given["fail_on"], since
    )


def _saved(context: click.Context, planfile: Path, *, has_wait: bool) -> SavedPlan:
    """The plan of a file. Raises UsageError for what is rather the value of an option than the name of a file."""
    if "=" in planfile.name and not planfile.exists():
        # It may be the value of a variable, and that may be a secret.
        raise click.UsageError("there is no such plan file; to set a variable, write `--var NAME=VALUE`", context)
    if has_wait and is_duration(planfile.name) and not planfile.exists():
        raise click.UsageError(
            f"there is no such plan file; to wait for {planfile}, write `--wait={planfile}`", context
        )
    return read_plan_file(planfile)
