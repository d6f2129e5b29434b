"""The record of an environment: the one place where its store is chosen, read and locked."""

from collections.abc import Iterator
from contextlib import contextmanager

from flowctl.settings.declaration import declared
from flowctl.settings.workspace import Workspace
from flowctl.state.ledger import Ledger
from flowctl.state.local.store import LocalStore
from flowctl.state.store import StateStore


def store_of(workspace: Workspace, environment: str) -> StateStore:
    """The store that keeps the record of an environment."""
    return LocalStore(workspace.root, environment)


def recorded(workspace: Workspace, environment: str) -> Ledger:
    """The record as it is now, with no network and no credentials. Raises StateError if it cannot be read."""
    return Ledger(store_of(workspace, environment))


@contextmanager
def locked_record(workspace: Workspace, environment: str, command: str, timeout: float) -> Iterator[Ledger]:
    """The record, which no other run writes meanwhile; `command` is what this run is called to others.

    Raises RunLocked if another run holds it longer than `timeout` seconds, ManifestError for an environment that is not
    declared, and StateError if the record cannot be used.
    """
    declared(workspace.environments, environment)
    store = store_of(workspace, environment)
    with store.lock(command, timeout):
        yield Ledger(store)
