"""`flowctl doctor`."""

from typing import Any, Final

import click

from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import global_options, network_options
from flowctl.cli.run import begin, finish, manifests_of, session_settings, workspace_of
from flowctl.model.result import Status

_RETRY_BUDGET: Final = 5.0
"""Seconds that one request waits for retries, unless an option says otherwise: who asks wants to know soon."""


@click.command("doctor", cls=Command, examples=["flowctl doctor", "flowctl -e dev doctor"])
@network_options
@global_options
@click.pass_context
def command(context: click.Context, /, **given: Any) -> ExitCode:
    """Check all that a run needs, and show what to do about each part that fails.

    Checks manifests, settings, proxy, certificates, lockfile, run lock and cache, signs in, reads one page of each
    kind of object, and compares clocks, flow specs and the workspace's own specs. Changes nothing.
    """
    from flowctl.operations.doctor import examine

    options = begin(context, given)
    if given["retry_budget"] is None:
        given["retry_budget"] = _RETRY_BUDGET
    workspace, environment = workspace_of(options)
    manifests = manifests_of(options, workspace, environment)
    found = examine(session_settings(options, given, workspace, environment), manifests)
    return finish(options, found, Status.ERROR if found.failed else Status.OK)
