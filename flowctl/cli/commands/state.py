"""`flowctl state`: care for what the lockfile records."""

from typing import Any

import click

from flowctl.cli.asking import ask
from flowctl.cli.completing import recorded, recorded_or_documents
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.options import global_options, locking_options, network_options
from flowctl.cli.run import begin, finish, ledger_of, locked_session_of, manifests_of, session_of, workspace_of
from flowctl.model.address import Address, assigned
from flowctl.model.record_report import ForgottenObjects, MovedObjects, SettledCreation
from flowctl.operations import orphans, repair, state_care
from flowctl.operations.record import locked_record
from flowctl.operations.show import recorded_object, recorded_objects


@click.group("state")
def command() -> None:
    """Look after what the lockfile records."""


@command.command("list", short_help="List the recorded addresses.")
@global_options
@click.pass_context
def list_entries(context: click.Context, /, **given: Any) -> ExitCode:
    """List the recorded addresses with their ids."""
    options = begin(context, given)
    return finish(options, recorded_objects(*ledger_of(options)))


@command.command("show", short_help="Show what is recorded beside what is live.")
@click.argument("address", shell_complete=recorded)
@network_options
@global_options
@click.pass_context
def show(context: click.Context, /, address: str, **given: Any) -> ExitCode:
    """Show what is recorded at ADDRESS beside what is live."""
    options = begin(context, given)
    with session_of(options, given, *workspace_of(options)) as session:
        shown = recorded_object(session, Address(address))
    return finish(options, shown)


@command.command("rm", short_help="Stop managing objects and keep them.")
@click.argument("addresses", nargs=-1, required=True, shell_complete=recorded)
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@locking_options
@global_options
@click.pass_context
def remove(context: click.Context, /, addresses: tuple[str, ...], auto_approve: bool, **given: Any) -> ExitCode:
    """Forget ADDRESSES: the objects stay on the platform, and flowctl does not know them any more."""
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    with locked_record(workspace, environment, "flowctl state rm", given["lock_timeout"]) as ledger:
        for address in addresses:
            state_care.require_recorded(ledger, Address(address))
        ask(f"Forget {', '.join(addresses)} in environment {environment}?", approved=auto_approve)
        state_care.forget(ledger, tuple(Address(address) for address in addresses))
    return finish(options, ForgottenObjects(addresses=addresses))


@command.command("mv", short_help="Give what is recorded another address.")
@click.argument("old", shell_complete=recorded_or_documents)
@click.argument("new")
@locking_options
@global_options
@click.pass_context
def move(context: click.Context, /, old: str, new: str, **given: Any) -> ExitCode:
    """Record what OLD stands for under the address NEW; with names instead of addresses, everything of a document."""
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    with locked_record(workspace, environment, "flowctl state mv", given["lock_timeout"]) as ledger:
        if "." in old or "." in new:
            state_care.rename(ledger, Address(old), Address(new))
            moved = {Address(old): Address(new)}
        else:
            moved = state_care.rename_document(ledger, old, new)
    return finish(options, MovedObjects(moved=moved))


@command.command("settle", short_help="Say what an interrupted run created.")
@click.argument("address", shell_complete=recorded)
@click.argument("choice", metavar="ID|none")
@locking_options
@network_options
@global_options
@click.pass_context
def settle(context: click.Context, /, address: str, choice: str, **given: Any) -> ExitCode:
    """Say which object an interrupted run created for ADDRESS, where flowctl cannot tell."""
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    command = "flowctl state settle"
    with locked_session_of(options, given, workspace, environment, command=command, recovers=False) as session:
        sentence = state_care.settle_by_hand(session, Address(address), choice)
    return finish(options, SettledCreation(sentence=sentence))


def _choices(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> dict[Address, str]:
    chosen: dict[Address, str] = {}
    for value in dict.fromkeys(values):
        address, object_id = assigned(value)
        if not address or not object_id:
            raise click.BadParameter(f'expected ADDRESS=ID, found "{value}"')
        if address in chosen:
            raise click.BadParameter(f"{address} is given two IDs")
        if object_id in chosen.values():
            raise click.BadParameter(f"{address} is given the ID of another address")
        chosen[address] = object_id
    return chosen


@command.command("repair", short_help="Rebuild a lost lockfile.")
@click.argument("choices", metavar="[ADDRESS=ID]...", nargs=-1, callback=_choices)
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@locking_options
@network_options
@global_options
@click.pass_context
def repair_record(context: click.Context, /, choices: dict[Address, str], auto_approve: bool, **given: Any) -> ExitCode:
    """Record live objects that the manifests describe, by name or as ADDRESS=ID; shows them first."""
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    manifests = manifests_of(options, workspace, environment)
    with locked_session_of(options, given, workspace, environment, command="flowctl state repair") as session:
        found = repair.find_records(session, manifests, choices)
        code = finish(options, found)
        if any(finding.entry is not None for finding in found.findings):
            ask(f"Record this in environment {environment}?", approved=auto_approve)
            repair.record(session, found)
    return code


@command.command("orphans", short_help="List connections that nothing uses.")
@network_options
@global_options
@click.pass_context
def list_orphans(context: click.Context, /, **given: Any) -> ExitCode:
    """List source and target connections that no flow uses and nothing records."""
    options = begin(context, given)
    with session_of(options, given, *workspace_of(options)) as session:
        found = orphans.find_orphans(session)
    return finish(options, found)
