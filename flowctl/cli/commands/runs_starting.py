"""`flowctl runs start`, `retry` and `watch`: commands that start runs, or wait for one."""

from typing import Any

import click

from flowctl.cli.completing import recorded_or_documents
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import global_options, network_options
from flowctl.cli.run import begin, finish, session_of, workspace_of
from flowctl.cli.times import DAY, Duration, Since
from flowctl.model.durations import Beginning
from flowctl.model.result import Status
from flowctl.model.run_report import RunStatus


@click.command(
    "start",
    cls=Command,
    short_help="Start a run of a pipeline.",
    examples=["flowctl -e dev runs start hubspot-contacts", "flowctl -e dev runs start partner-files --from 7d"],
)
@click.argument("pipeline", shell_complete=recorded_or_documents)
@click.option("--from", "begins", metavar="TIME", type=Since(), help="Read only what is not older than this.")
@click.option("--to", "ends", metavar="TIME", type=Since(), help="Read only what is not newer than this. Default: now.")
@click.option("--delta-column", "column", metavar="NAME", help="Choose the delta column of a table in its first run.")
@network_options
@global_options
@click.pass_context
def start(
    context: click.Context,
    /,
    pipeline: str,
    begins: Beginning | None,
    ends: Beginning | None,
    column: str | None,
    **given: Any,
) -> ExitCode:
    """Start a run of PIPELINE now. Its schedule must have `frequency: once`."""
    from flowctl.operations.runs import starting

    options = begin(context, given)
    with session_of(options, given, *workspace_of(options)) as session:
        found = starting.start(session, pipeline, starting.Window(begins, ends, column))
    return finish(options, found)


@click.command(
    "retry",
    cls=Command,
    short_help="Repeat a run that failed.",
    examples=["flowctl -e dev runs retry RUN", "flowctl -e dev runs retry --failed --since 24h"],
)
@click.argument("run", required=False)
@click.option("--failed", "all_failed", is_flag=True, help="Repeat the last run of each pipeline that failed in it.")
@click.option("--since", metavar="TIME", type=Since(), help="Repeat only runs since then (with --failed).")
@network_options
@global_options
@click.pass_context
def retry(
    context: click.Context, /, run: str | None, all_failed: bool, since: Beginning | None, **given: Any
) -> ExitCode:
    """Repeat RUN, or with --failed what failed since a time. A run that succeeded later is not repeated."""
    from flowctl.operations.runs import starting

    options = begin(context, given)
    if (run is None) != all_failed or (since is None) == all_failed:
        raise click.UsageError("expected either RUN, or `--failed` and `--since`", context)
    with session_of(options, given, *workspace_of(options)) as session:
        found = starting.retry(session, run) if run is not None else starting.retry_failed(session, since or DAY)
    return finish(options, found, Status.ERROR if found.diagnostics else Status.OK)


@click.command(
    "watch",
    cls=Command,
    short_help="Wait for a run to end.",
    examples=["flowctl -e dev runs watch hubspot-contacts --timeout 45m"],
)
@click.argument("pipeline", shell_complete=recorded_or_documents)
@click.option("--timeout", metavar="DURATION", type=Duration(), help="Stop waiting after this long. Default: never.")
@network_options
@global_options
@click.pass_context
def watch(context: click.Context, /, pipeline: str, timeout: int | None, **given: Any) -> ExitCode:
    """Wait until the newest run of PIPELINE has ended; exit with 1 if it failed."""
    from flowctl.operations.runs import watching

    options = begin(context, given)
    told = (lambda _sentence: None) if options.quiet else options.tell
    try:
        with session_of(options, given, *workspace_of(options)) as session:
            found = watching.watch(session, pipeline, timeout, told)
    except KeyboardInterrupt:
        options.tell("The run goes on.")
        raise
    failed = any(run.status in (RunStatus.FAILED, RunStatus.CANCELED) for run in found.runs)
    return finish(options, found, Status.ERROR if failed else Status.OK)
