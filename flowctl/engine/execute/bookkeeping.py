"""Bookkeeping: bring the lockfile entries of resources that need no write up to date.

Their lifecycle rules and dependencies may have changed in the manifest, and a change outside flowctl may be what the
manifest describes now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flowctl.model.address import Address
from flowctl.model.change import Change
from flowctl.model.resource import Resource
from flowctl.model.values import secret_digests, still_secret, without_secrets
from flowctl.state.ledger import Ledger


def bring_up_to_date(ledger: Ledger, kept: Iterable[Change], resources: Mapping[Address, Resource]) -> None:
    """Record the rules, dependencies and applied attributes of unchanged resources where they differ."""
    for change in kept:
        entry = ledger.entry(change.address)
        if entry is None:
            continue
        current = replace(
            entry,
            applied=without_secrets(change.desired),
            secret_digests={
                **still_secret(entry.secret_digests, change.desired),
                **secret_digests(change.desired, ledger.salt),
            },
            outputs=change.outputs or entry.outputs,
            depends_on=change.depends_on,
            lifecycle=resources[change.address].lifecycle,
            # What is stopped and needs no write is to be stopped: its manifest says disabled now.
            suspended=False,
        )
        if current != entry:
            ledger.record(change.address, current)
