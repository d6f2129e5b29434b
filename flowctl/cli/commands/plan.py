"""`flowctl plan`."""

import shlex
from dataclasses import replace
from typing import Any

import click

from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import (
    deletion_options,
    duplicate_options,
    global_options,
    irreversible_option,
    network_options,
    selection_options,
    target_option,
)
from flowctl.cli.process import until_exit
from flowctl.cli.run import (
    begin,
    choice_of,
    finish,
    manifests_of,
    session_of,
    tenanted,
    workspace_of,
)
from flowctl.model.diagnostic import Diagnostic, Severity, has_errors
from flowctl.model.plan import Plan
from flowctl.model.result import Status
from flowctl.operations.duplicates import Permission
from flowctl.operations.plan import make_destroy_plan, make_plan
from flowctl.operations.record import store_of
from flowctl.operations.review import digest_of, reviewed
from flowctl.operations.run_notes import with_run_notes
from flowctl.operations.selecting import narrowed_manifests
from flowctl.views.formats import Format
from flowctl.views.lines import Line


@click.command(
    "plan",
    cls=Command,
    examples=["flowctl -e dev plan --out plan.json", "flowctl plan --select git:origin/main"],
)
@click.option("--out", type=click.Path(), metavar="FILE", help="Save the plan in FILE for apply and show.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 if there are changes.")
@target_option
@selection_options
@click.option("--destroy", is_flag=True, help="Plan to delete all resources in the lockfile.")
@deletion_options
@duplicate_options
@irreversible_option
@network_options
@global_options
@click.pass_context
def command(
    context: click.Context,
    /,
    out: str | None,
    detailed_exitcode: bool,
    targets: tuple[str, ...],
    destroy: bool,
    **given: Any,
) -> ExitCode:
    """Show the changes that apply would make.

    Compares the checked manifests with the live objects, and sends no writes.
    """
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    if out is not None:
        from flowctl.operations.saved_plan import check_out  # only for a plan that is saved

        check_out(out, workspace)
    manifests = manifests_of(options, workspace, environment)
    choice = choice_of(context, {**given, "targets": targets}, manifests, workspace, environment)
    holder = store_of(workspace, environment).lock_holder(has_begun=True)
    with session_of(options, given, workspace, environment) as session:
        manifests = tenanted(options, session, workspace, environment, manifests)
        if destroy:
            run = make_destroy_plan(session, manifests, targets=targets, choice=choice, max_delete=given["max_delete"])
        else:
            permission = Permission(everything=given["allow_duplicates"])
            run = make_plan(
                session,
                manifests,
                targets=targets,
                choice=choice,
                max_delete=given["max_delete"],
                duplicates=permission,
                is_shown_only=out is None,
            )
        run = with_run_notes(session, run)
        plan = reviewed(run.plan, narrowed_manifests(manifests, choice), lambda: session.ledger.lockfile.entries)
        if out is not None or options.format is not Format.TEXT:
            plan = replace(plan, targets=targets, digest=digest_of(plan, session.secrets))
        plan = replace(plan, allows_irreversible=given["allow_irreversible"])
        run = until_exit(replace(run, plan=plan))
    if holder is not None:
        run = replace(run, plan=replace(run.plan, diagnostics=(*run.plan.diagnostics, _half_done(environment, holder))))
    saves = out is not None and not has_errors(run.plan.diagnostics)
    if out is not None and saves:
        from flowctl.operations.saved_plan import save_plan

        save_plan(out, session, run.plan, manifests, targets=targets, choice=choice, destroy=destroy)
    code = finish(options, run.plan, _status(run.plan, detailed=detailed_exitcode), run.plan.diagnostics)
    if saves and not options.quiet:
        # Nothing is behind the command, so that it can be pasted as it stands.
        saved = (
            f"Saved the plan in {out}. To apply it, run {_apply_command(run.plan, str(options.directory), str(out))}"
        )
        options.tell(Line(saved, is_verbatim=True))
    return code


def _apply_command(plan: Plan, folder: str, out: str) -> str:
    elsewhere = [] if folder == "." else ["-C", folder]
    approvals = [word for rule in plan.approvals for word in ("--approve", rule)]
    return shlex.join(["flowctl", *elsewhere, "-e", plan.environment, "apply", *approvals, out])


def _status(plan: Plan, *, detailed: bool) -> Status:
    if has_errors(plan.diagnostics):
        return Status.ERROR
    return Status.CHANGES if detailed and not plan.is_empty else Status.OK


def _half_done(environment: str, holder: str) -> Diagnostic:
    return Diagnostic(
        code="run-under-way",
        summary=f"another run is changing environment {environment}, so this plan may show a part of its work",
        severity=Severity.WARNING,
        detail=f"The run is {holder}.",
        hint="Run `flowctl plan` again when that run has ended.",
    )
