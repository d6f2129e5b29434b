"""`flowctl graph`."""

from pathlib import Path
from typing import Any

import click

from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import global_options, selection_of, selection_options
from flowctl.cli.run import begin, choice_of, finish, ledger_of, manifests_of, workspace_of
from flowctl.kinds.lineage import lineage_of_plan
from flowctl.operations.graph import manifest_lineage
from flowctl.operations.saved_plan import shown_plan


@click.command(
    "graph",
    cls=Command,
    examples=["flowctl graph", "flowctl graph --format svg > pipelines.svg", "flowctl graph --plan plan.json"],
)
@click.option(
    "--plan", "plan", type=click.Path(path_type=Path), metavar="FILE", help="Draw the plan that is saved in FILE."
)
@selection_options
@global_options
@click.pass_context
def command(context: click.Context, /, plan: Path | None, **given: Any) -> ExitCode:
    """Draw the way of data from connections to schemas, marked with what changes.

    Compares the manifests with the lockfile, without a network. With --plan, needs nothing but the file.
    """
    options = begin(context, given)
    if plan is not None:
        if selection_of(given):
            raise click.UsageError("`--plan` cannot be combined with `--select` or `--exclude`", context)
        return finish(options, lineage_of_plan(shown_plan(str(plan))))
    workspace, environment = workspace_of(options)
    manifests = manifests_of(options, workspace, environment)
    ledger, _ = ledger_of(options)
    choice = choice_of(context, given, manifests, workspace, environment)
    return finish(options, manifest_lineage(manifests, ledger.lockfile.entries, ledger.salt, choice))
