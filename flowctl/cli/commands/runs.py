"""`flowctl runs`: the group, and the commands that read what dataflows did."""

from pathlib import Path
from typing import Any

import click

from flowctl.cli.commands.runs_starting import retry, start, watch
from flowctl.cli.completing import recorded_or_documents
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Group
from flowctl.cli.option_types import Folder, Number
from flowctl.cli.options import global_options, network_options, selection_of, selection_options
from flowctl.cli.pipelines import choice_beside, status_of
from flowctl.cli.run import begin, finish, manifests_of, session_of, workspace_of
from flowctl.cli.times import DAY, Duration, Since
from flowctl.model.durations import Beginning
from flowctl.model.result import Status

_SAMPLE = 10


@click.group("runs", cls=Group, examples=["flowctl -e dev runs list --since 7d", "flowctl -e dev runs check"])
def command() -> None:
    """Inspect and start runs of dataflows."""


@command.command(
    "list",
    short_help="List the newest runs.",
    examples=["flowctl -e dev runs list", "flowctl -e dev runs list shop-customers --since 7d --failed"],
)
@click.argument("pipelines", nargs=-1, metavar="[PIPELINE]...", shell_complete=recorded_or_documents)
@selection_options
@click.option(
    "--since",
    type=Since(),
    metavar="TIME",
    help="List the runs since then (such as 24h or 7d or 2026-12-01). Default: 24h without --limit.",
)
@click.option("--failed", "only_failed", is_flag=True, help="List only runs that failed.")
@click.option("--limit", metavar="N", type=Number(1), help="List at most N runs.")
@network_options
@global_options
@click.pass_context
def list_runs(
    context: click.Context,
    /,
    pipelines: tuple[str, ...],
    since: Beginning | None,
    only_failed: bool,
    limit: int | None,
    **given: Any,
) -> ExitCode:
    """List the newest runs of all pipelines in the lockfile, or of each PIPELINE."""
    from flowctl.operations.runs import listing
    from flowctl.operations.runs.recorded_flows import recorded_names

    options = begin(context, given)
    begins = since if since is not None or limit is not None else DAY
    workspace, environment = workspace_of(options)
    choice = None
    if selection_of(given):
        choice = choice_beside(
            context, given, pipelines, manifests_of(options, workspace, environment), workspace, environment
        )
    with session_of(options, given, workspace, environment) as session:
        names = recorded_names(session.ledger, choice) if choice is not None else pipelines or None
        found = listing.list_runs(session, names, begins, only_failed=only_failed, limit=limit)
    return finish(options, found, Status.ERROR if found.diagnostics else Status.OK, found.diagnostics)


@command.command("show", short_help="Show one run and its errors.", examples=["flowctl -e dev runs show RUN"])
@click.argument("run")
@network_options
@global_options
@click.pass_context
def show(context: click.Context, /, run: str, **given: Any) -> ExitCode:
    """Show RUN: its times, its numbers, and its errors, each with its cause and what to do."""
    from flowctl.operations.runs import listing

    options = begin(context, given)
    with session_of(options, given, *workspace_of(options)) as session:
        found = listing.show_run(session, run)
    return finish(options, found)


@command.command(
    "check",
    short_help="Fail if a pipeline is not healthy.",
    examples=["flowctl -e prod runs check", "flowctl -e prod runs check --overdue 2h --format junit"],
)
@click.argument("pipelines", nargs=-1, metavar="[PIPELINE]...", shell_complete=recorded_or_documents)
@selection_options
@click.option(
    "--max-failed-percent",
    metavar="P",
    type=Number(0.0, 100.0),
    help="Accept up to P percent of rejected rows in the last run. Default: 0.5.",
)
@click.option(
    "--overdue",
    metavar="DURATION",
    type=Duration(),
    help="Accept runs that start this much too late. Default: one interval (at least 30m and at most 150m).",
)
@network_options
@global_options
@click.pass_context
def check(
    context: click.Context,
    /,
    pipelines: tuple[str, ...],
    max_failed_percent: float | None,
    overdue: int | None,
    **given: Any,
) -> ExitCode:
    """Exit with 3 if the last run of a pipeline failed, rejected too many rows, or is overdue.

    Checks each PIPELINE, or all. `health` in a manifest wins over the options.
    """
    from flowctl.model.health import DEFAULT_FAILED_PERCENT, Thresholds

    options = begin(context, given)
    percent = DEFAULT_FAILED_PERCENT if max_failed_percent is None else max_failed_percent
    default = Thresholds(max_failed_percent=percent, tolerance=overdue)
    found = status_of(context, options, given, pipelines, default, accepts_errors=False)
    return finish(options, found, Status.UNHEALTHY if found.unhealthy else Status.OK)


@command.command(
    "errors",
    short_help="Count the errors of a run by code.",
    examples=["flowctl -e dev runs errors RUN", "flowctl -e dev runs errors RUN --out rejected"],
)
@click.argument("run")
@click.option("--sample", metavar="N", type=Number(1), help="Show N rejected rows: their codes and columns.")
@click.option("--show-values", is_flag=True, help="Show the values of the sample (which may be personal data).")
@click.option("--out", metavar="DIR", type=Folder(), help="Write all rejected rows to this new folder.")
@network_options
@global_options
@click.pass_context
def errors(
    context: click.Context, /, run: str, sample: int | None, show_values: bool, out: Path | None, **given: Any
) -> ExitCode:
    """Show the errors of RUN by code, with the number of rows, the cause and what to do.

    Rejected rows may be personal data: they are read only with --sample or --out, and their values are shown only
    with --show-values.
    """
    from flowctl.operations.runs.errors import run_errors

    options = begin(context, given)
    rows = sample or (_SAMPLE if show_values else 0)
    with session_of(options, given, *workspace_of(options)) as session:
        found = run_errors(session, run, sample=rows, values=show_values, out=out)
    return finish(options, found)


command.add_command(start)
command.add_command(retry)
command.add_command(watch)
