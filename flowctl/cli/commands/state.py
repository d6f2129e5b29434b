"""`flowctl state`: care for what the lockfile records."""

from typing import Any

import click

from flowctl.cli.asking import ask
from flowctl.cli.completing import recorded, recorded_or_documents
from flowctl.cli.options import global_options, locking_options, network_options
from flowctl.cli.run import begin, ledger_of, manifests_of, session_of, workspace_of, write_result
from flowctl.model.address import Address, assigned
from flowctl.operations import orphans, repair, state_care
from flowctl.operations.show import entries_document, entry_document
from flowctl.state.runlock import run_lock
from flowctl.views.lines import Line
from flowctl.views.show_text import entries_lines, entry_lines
from flowctl.views.state_text import finding_lines, findings_document, orphan_lines


@click.group("state")
def command() -> None:
    """Look after what the lockfile records."""


@command.command("list", short_help="List the recorded addresses.")
@global_options
@click.pass_context
def list_entries(context: click.Context, /, **given: Any) -> None:
    """List the recorded addresses with their ids."""
    options = begin(context, given)
    document = entries_document(*ledger_of(options))
    write_result(options, f"flowctl state list: {document['environment']}", entries_lines(document), document)


@command.command("show", short_help="Show what is recorded beside what is live.")
@click.argument("address", shell_complete=recorded)
@network_options
@global_options
@click.pass_context
def show(context: click.Context, /, address: str, **given: Any) -> None:
    """Show what is recorded at ADDRESS beside what is live."""
    options = begin(context, given)
    with session_of(options, given, *workspace_of(options)) as session:
        document = entry_document(session, Address(address))
    write_result(options, f"flowctl state show {address}", entry_lines(document), document)


@command.command("rm", short_help="Stop managing objects and keep them.")
@click.argument("addresses", nargs=-1, required=True, shell_complete=recorded)
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@locking_options
@global_options
@click.pass_context
def remove(context: click.Context, /, addresses: tuple[str, ...], auto_approve: bool, **given: Any) -> None:
    """Forget ADDRESSES: the objects stay on the platform, and flowctl does not know them any more."""
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    with run_lock(workspace.root, environment, "flowctl state rm", given["lock_timeout"]):
        ledger, _ = ledger_of(options)
        for address in addresses:
            state_care.require_recorded(ledger, Address(address))
        ask(f"Forget {', '.join(addresses)} in environment {environment}?", approved=auto_approve)
        state_care.forget(ledger, tuple(Address(address) for address in addresses))
    document = {"formatVersion": "1", "forgotten": list(addresses)}
    write_result(options, "flowctl state rm", [Line(f"{address} is forgotten.") for address in addresses], document)


@command.command("mv", short_help="Give what is recorded another address.")
@click.argument("old", shell_complete=recorded_or_documents)
@click.argument("new")
@locking_options
@global_options
@click.pass_context
def move(context: click.Context, /, old: str, new: str, **given: Any) -> None:
    """Record what OLD stands for under the address NEW; with names instead of addresses, everything of a document."""
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    with run_lock(workspace.root, environment, "flowctl state mv", given["lock_timeout"]):
        ledger, _ = ledger_of(options)
        if "." in old or "." in new:
            state_care.rename(ledger, Address(old), Address(new))
            moved = {Address(old): Address(new)}
        else:
            moved = state_care.rename_document(ledger, old, new)
    document = {"formatVersion": "1", "moved": [{"from": before, "to": after} for before, after in moved.items()]}
    lines = [Line(f"{before} is {after} now") for before, after in moved.items()]
    write_result(options, "flowctl state mv", lines, document)


@command.command("settle", short_help="Say what an interrupted run created.")
@click.argument("address", shell_complete=recorded)
@click.argument("choice", metavar="ID|none")
@locking_options
@network_options
@global_options
@click.pass_context
def settle(context: click.Context, /, address: str, choice: str, **given: Any) -> None:
    """Say which object an interrupted run created for ADDRESS, where flowctl cannot tell."""
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    with (
        run_lock(workspace.root, environment, "flowctl state settle", given["lock_timeout"]),
        session_of(options, given, workspace, environment, holds_lock=True, settles=False) as session,
    ):
        sentence = state_care.settle_by_hand(session, Address(address), choice)
    document = {"formatVersion": "1", "settled": sentence}
    write_result(options, "flowctl state settle", [Line(sentence)], document)


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
def repair_record(context: click.Context, /, choices: dict[Address, str], auto_approve: bool, **given: Any) -> None:
    """Record live objects that the manifests describe, by name or as ADDRESS=ID; shows them first."""
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    manifests = manifests_of(options, workspace, environment)
    with (
        run_lock(workspace.root, environment, "flowctl state repair", given["lock_timeout"]),
        session_of(options, given, workspace, environment, holds_lock=True) as session,
    ):
        findings = repair.find_records(session, manifests, choices)
        write_result(options, "flowctl state repair", finding_lines(findings), findings_document(findings))
        if any(finding.entry is not None for finding in findings):
            ask(f"Record this in environment {environment}?", approved=auto_approve)
            repair.record(session, findings)


@command.command("orphans", short_help="List connections that nothing uses.")
@network_options
@global_options
@click.pass_context
def list_orphans(context: click.Context, /, **given: Any) -> None:
    """List source and target connections that no flow uses and nothing records."""
    options = begin(context, given)
    with session_of(options, given, *workspace_of(options)) as session:
        found = orphans.find_orphans(session)
    document = {"formatVersion": "1", "orphans": found}
    write_result(options, "flowctl state orphans", orphan_lines(found), document)
