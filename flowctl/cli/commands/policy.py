"""`flowctl policy`: the rules of the workspace and their tests."""

import time
from typing import Any

import click

from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command, Group
from flowctl.cli.options import global_options
from flowctl.cli.run import begin, finish, manifests_of, workspace_of
from flowctl.model.result import Status
from flowctl.operations.pipelines import require_sound


@click.group("policy", cls=Group, examples=["flowctl policy list", "flowctl policy test"])
def command() -> None:
    """List and test the rules of policies."""


@command.command("list", cls=Command, short_help="List the rules.", examples=["flowctl policy list"])
@global_options
@click.pass_context
def list_rules(context: click.Context, /, **given: Any) -> ExitCode:
    """List the rules of all policies, and the waivers that documents have."""
    from flowctl.operations.policy_tests import listed_rules
    from flowctl.policies.sentences import day_of

    options = begin(context, given)
    manifests = manifests_of(options, *workspace_of(options))
    require_sound(manifests)
    return finish(options, listed_rules(manifests, day_of(time.time())))


@command.command("test", cls=Command, short_help="Run the tests of rules.", examples=["flowctl policy test"])
@click.argument("names", nargs=-1, metavar="[NAME]...")
@global_options
@click.pass_context
def run_tests(context: click.Context, /, names: tuple[str, ...], **given: Any) -> ExitCode:
    """Run the cases of all PolicyTest documents, or of those called NAME. Does not use the network."""
    from flowctl.manifest.documents.policy import POLICY_TEST_KIND
    from flowctl.operations.policy_documents import policies_alone
    from flowctl.operations.policy_tests import run_policy_tests

    options = begin(context, given)
    manifests = policies_alone(manifests_of(options, *workspace_of(options)), POLICY_TEST_KIND)
    ends = run_policy_tests(manifests, names)
    return finish(options, ends, Status.ERROR if ends.failed else Status.OK)
