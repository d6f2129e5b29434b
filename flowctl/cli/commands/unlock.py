"""`flowctl unlock`."""

from typing import Any

import click

from flowctl.cli.asking import ask
from flowctl.cli.options import Options, global_options
from flowctl.cli.run import begin, workspace_of, write_result
from flowctl.operations.record import store_of
from flowctl.views.lines import Line, tell_lines, write_lines


@click.command("unlock")
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@global_options
@click.pass_context
def command(context: click.Context, /, auto_approve: bool, **given: Any) -> None:
    """Take the run lock away from a process that hangs, on this host or another. A dead one holds no lock."""
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    store = store_of(workspace, environment)
    owner = store.lock_holder()
    if owner is None:
        _tell(options, environment, None, f"Nothing holds environment {environment}.")
        return
    held = [Line(f"Environment {environment} is held by {owner}.")]
    if options.format == "text":
        write_lines(held, colour=False)
    else:
        tell_lines(held)
    ask("Take the lock away? If that run is alive, two runs may change the same objects.", approved=auto_approve)
    store.break_lock()
    _tell(options, environment, owner, "The lock is removed.")


def _tell(options: Options, environment: str, owner: str | None, sentence: str) -> None:
    document = {"formatVersion": "1", "environment": environment, "heldBy": owner, "removed": owner is not None}
    write_result(options, "flowctl unlock", [Line(sentence)], document)
