"""`flowctl state`: inspect and repair the lockfile."""

from typing import Any

import click

from flowctl.cli.asking import ask
from flowctl.cli.completing import recorded, recorded_or_documents
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Group
from flowctl.cli.options import approval_option, global_options, locking_options, network_options
from flowctl.cli.run import (
    begin,
    finish,
    ledger_of,
    locked_session_of,
    manifests_of,
    session_of,
    tenanted,
    workspace_of,
)
from flowctl.model.address import Address, assigned
from flowctl.model.record_report import ForgottenObjects, MovedObjects, SettledCreation
from flowctl.operations.record import locked_record
from flowctl.operations.show import recorded_object, recorded_objects

_OTHERWISE = "Check the output above, then run the command with `--auto-approve`."


@click.group("state", cls=Group, examples=["flowctl state list", "flowctl state repair"])
def command() -> None:
    """Inspect and repair the lockfile."""


@command.command("list", short_help="List the lockfile entries.", examples=["flowctl -e dev state list"])
@global_options
@click.pass_context
def list_entries(context: click.Context, /, **given: Any) -> ExitCode:
    """List the addresses in the lockfile with their IDs."""
    options = begin(context, given)
    return finish(options, recorded_objects(*ledger_of(options)))


@command.command(
    "show", short_help="Compare an entry with its live object.", examples=["flowctl state show shop-customers.flow"]
)
@click.argument("address", shell_complete=recorded)
@network_options
@global_options
@click.pass_context
def show(context: click.Context, /, address: str, **given: Any) -> ExitCode:
    """Compare the lockfile entry of ADDRESS with its live object."""
    options = begin(context, given)
    with session_of(options, given, *workspace_of(options)) as session:
        shown = recorded_object(session, Address(address))
    return finish(options, shown)


@command.command(
    "rm", short_help="Stop managing objects without deleting them.", examples=["flowctl state rm hubspot.connection"]
)
@click.argument("addresses", nargs=-1, required=True, shell_complete=recorded)
@approval_option
@locking_options
@global_options
@click.pass_context
def remove(context: click.Context, /, addresses: tuple[str, ...], auto_approve: bool, **given: Any) -> ExitCode:
    """Stop managing ADDRESSES. The objects themselves are not deleted."""
    from flowctl.operations import state_care

    options = begin(context, given)
    workspace, environment = workspace_of(options)
    with locked_record(workspace, environment, "flowctl state rm", given["lock_timeout"]) as ledger:
        for address in addresses:
            state_care.require_recorded(ledger, Address(address))
        objects = "The object itself is" if len(addresses) == 1 else "The objects themselves are"
        ask(
            f"Stop managing {', '.join(addresses)} in environment {environment}? {objects} not deleted.",
            approved=auto_approve,
            otherwise="Run the command in a terminal, or with `--auto-approve`.",
        )
        state_care.forget(ledger, tuple(Address(address) for address in addresses))
    return finish(options, ForgottenObjects(addresses=addresses))


@command.command(
    "mv",
    short_help="Rename entries of the lockfile.",
    examples=["flowctl state mv orders shop-orders", "flowctl state mv orders.dataset all-orders.dataset"],
)
@click.argument("old", shell_complete=recorded_or_documents)
@click.argument("new")
@locking_options
@global_options
@click.pass_context
def move(context: click.Context, /, old: str, new: str, **given: Any) -> ExitCode:
    """Rename OLD to NEW in the lockfile. OLD and NEW are two addresses, or two document names."""
    from flowctl.operations import state_care

    options = begin(context, given)
    workspace, environment = workspace_of(options)
    with locked_record(workspace, environment, "flowctl state mv", given["lock_timeout"]) as ledger:
        if "." in old or "." in new:
            state_care.rename(ledger, Address(old), Address(new))
            moved = {Address(old): Address(new)}
        else:
            moved = state_care.rename_document(ledger, old, new)
    return finish(options, MovedObjects(moved=moved))


@command.command(
    "settle",
    short_help="Settle an interrupted creation.",
    examples=[
        "flowctl state settle orders.dataset 6b085f7653110e96af311cf3",
        "flowctl state settle orders.dataset none",
    ],
)
@click.argument("address", shell_complete=recorded)
@click.argument("choice", metavar="ID|none")
@locking_options
@network_options
@global_options
@click.pass_context
def settle(context: click.Context, /, address: str, choice: str, **given: Any) -> ExitCode:
    """Tell flowctl which object an interrupted run created for ADDRESS: its ID, or none."""
    from flowctl.operations import state_care

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
            raise click.BadParameter(f'expected `ADDRESS=ID`, found "{value}"')
        if address in chosen:
            raise click.BadParameter(f"`{address}` has two IDs")
        if object_id in chosen.values():
            raise click.BadParameter(f"`{address}` has the ID of another address")
        chosen[address] = object_id
    return chosen


@command.command(
    "repair",
    short_help="Rebuild a lost lockfile.",
    examples=["flowctl state repair", "flowctl state repair orders.dataset=6b085f7653110e96af311cf3"],
)
@click.argument("choices", metavar="[ADDRESS=ID]...", nargs=-1, callback=_choices)
@approval_option
@locking_options
@network_options
@global_options
@click.pass_context
def repair_record(context: click.Context, /, choices: dict[Address, str], auto_approve: bool, **given: Any) -> ExitCode:
    """Find the live objects that the manifests describe and add them to the lockfile.

    Finds them by title, or by ID if you give ADDRESS=ID. Shows them and asks before it writes the lockfile.
    """
    from flowctl.operations import repair

    options = begin(context, given)
    workspace, environment = workspace_of(options)
    manifests = manifests_of(options, workspace, environment)
    with locked_session_of(options, given, workspace, environment, command="flowctl state repair") as session:
        manifests = tenanted(options, session, workspace, environment, manifests)
        found = repair.find_records(session, manifests, choices)
        code = finish(options, found)
        number = sum(finding.entry is not None for finding in found.findings)
        if number:
            entries = f"{number} {'entry' if number == 1 else 'entries'}"
            ask(
                f"Add {entries} to the lockfile of environment {environment}?",
                approved=auto_approve,
                otherwise=_OTHERWISE,
            )
            repair.record(session, found)
    return code


@command.command("orphans", short_help="List connections that nothing uses.", examples=["flowctl state orphans"])
@network_options
@global_options
@click.pass_context
def list_orphans(context: click.Context, /, **given: Any) -> ExitCode:
    """List source and target connections that no flow uses and the lockfile does not have."""
    from flowctl.operations import orphans

    options = begin(context, given)
    with session_of(options, given, *workspace_of(options)) as session:
        found = orphans.find_orphans(session)
    return finish(options, found)
