"""A session: one open environment, with its client and, for the emulator in this process, its server."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Lock
from typing import ParamSpec, TypeVar

from flowctl.aep.auth import Credentials
from flowctl.aep.client import Client, ClientSettings
from flowctl.aep.retry import RetryPolicy, retry_policy
from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.visibility import NEW, Visibility
from flowctl.engine.recover.backoff import LATE, RESTART, Backoff
from flowctl.engine.recover.platform_clock import PlatformClock
from flowctl.kinds.registry import KINDS
from flowctl.masking.secret_values import SecretValues
from flowctl.model.address import Address
from flowctl.model.errors import StateError, Unreachable
from flowctl.model.record import LockEntry
from flowctl.operations.emulator_data import emulator_problems
from flowctl.operations.record import store_of
from flowctl.settings.declaration import declared
from flowctl.settings.workspace import Environment, Workspace, environment
from flowctl.specs.files import schemas_dir
from flowctl.state.known_lockfile import KnownLockfile
from flowctl.state.ledger import Ledger
from flowctl.state.store import RunLocked, StateStore

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The time limits of a run, in seconds: of a connection, a reply, the retries of a request and of the run."""

    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    retry_budget: float = 120.0
    run_retry_budget: float = 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSettings:
    """What a session is opened with.

    `told` gets a sentence for each write that was recovered, and `progress` one for each wait that takes time; after
    `stop` is set no request waits for a retry.
    """

    workspace: Workspace
    environment: str
    environ: Mapping[str, str]
    secrets: SecretValues
    network: Network = field(default_factory=Network)
    parallelism: int = 10
    stop: Event = field(default_factory=Event)
    told: Callable[[str], None] = lambda _sentence: None
    progress: Callable[[str], None] = lambda _sentence: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An open environment of a workspace. `ledger` is its record as it stood at opening.

    `clock` is the platform's, set by every reply. `authenticate` gets the token that `send` needs, if a caller wants
    to know early whether there is one; `abandon` ends at once what other threads still send; `secrets` are those of the
    run, `environ` its environment variables.
    """

    workspace: Workspace
    environment: Environment
    environ: Mapping[str, str] = field(repr=False)
    send: Send
    authenticate: Callable[[], None]
    abandon: Callable[[], None]
    secrets: SecretValues
    backoff: Backoff
    clock: PlatformClock
    ledger: Ledger
    parallelism: int
    stop: Event

    def visibility(self) -> Visibility:
        """The wait for objects that were recorded a short time ago and may not be shown yet."""
        age = self.ledger.age
        wait = self.backoff.visibility(left=0.0 if age is None else min(NEW, self.backoff.visible) - age)
        return replace(wait, now=self.clock.now)


@contextmanager
def read_session(settings: SessionSettings) -> Iterator[Session]:
    """Open an environment for a command that changes nothing.

    What an interrupted run left in the journal is recovered first, and `told` in sentences; unless another process
    holds the run lock, because then the journal is alive. Raises ManifestError for wrong settings, StateError for a
    record that cannot be used or a creation that cannot be recovered, PlatformError.
    """
    store = store_of(settings.workspace, settings.environment)
    with opened_session(settings, store) as session:
        if session.ledger.is_unfinished:
            session = replace(session, ledger=_recovered_if_free(settings, session, store))
        yield session


@contextmanager
def locked_session(
    settings: SessionSettings, command: str, lock_timeout: float, *, recovers: bool = True
) -> Iterator[Session]:
    """Open an environment for a command that changes it, while this run holds the run lock.

    `command` is what this run is called to others. What an interrupted run left is recovered first, unless that is what
    the command itself is for. Raises RunLocked if another run holds the lock longer than `lock_timeout` seconds, and
    what `read_session` raises.
    """
    declared(settings.workspace.environments, settings.environment)
    store = store_of(settings.workspace, settings.environment)
    with store.lock(command, lock_timeout), opened_session(settings, store) as session:
        if recovers and session.ledger.is_unfinished:
            _recover(settings, session, session.ledger)
        yield session


@contextmanager
def opened_session(settings: SessionSettings, store: StateStore) -> Iterator[Session]:
    """The environment with its record, its client and, for `local`, the emulator in this process."""
    chosen = environment(settings.workspace, settings.environment, settings.environ)
    settings.secrets.add(chosen.client_secret.value)
    ledger = _ledger(settings, chosen, store)
    retry = retry_policy(settings.network.retry_budget, settings.network.run_retry_budget)
    with ExitStack() as stack:
        endpoint, token_url = chosen.endpoint or "", chosen.token_url or ""
        if chosen.embedded:
            endpoint = _start_embedded(settings.workspace, _source_folders(settings.workspace, chosen, ledger), stack)
            token_url = f"{endpoint}/ims/token/v3"
        client = stack.enter_context(
            Client(_client_settings(settings, chosen, endpoint, token_url, retry), settings.stop, settings.environ)
        )
        clock = PlatformClock()
        yield Session(
            workspace=settings.workspace,
            environment=chosen,
            environ=settings.environ,
            send=clock.watching(_placing(client.send, chosen, settings.workspace)),
            authenticate=_placing(client.authenticate, chosen, settings.workspace),
            abandon=client.abandon,
            secrets=settings.secrets,
            backoff=Backoff(
                pause=client.pause,
                first=retry.base,
                late=min(LATE, settings.network.read_timeout),
                restart=min(RESTART, settings.network.read_timeout),
                visible=settings.network.retry_budget,
                told=_once(settings.progress),
            ),
            clock=clock,
            ledger=ledger,
            parallelism=settings.parallelism,
            stop=settings.stop,
        )


def _once(told: Callable[[str], None]) -> Callable[[str], None]:
    """The same, with each sentence printed once: many steps may wait for one object."""
    before: set[str] = set()
    mutex = Lock()

    def tell(sentence: str) -> None:
        with mutex:
            is_new = sentence not in before
            before.add(sentence)
        if is_new:
            told(sentence)

    return tell


def _placing(call: Callable[P, T], chosen: Environment, workspace: Workspace) -> Callable[P, T]:
    """The same call; an error that nothing replied gets the place of the setting that names the host."""

    def placed(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return call(*args, **kwargs)
        except Unreachable as error:
            path = error.setting.split(".")
            span = None if chosen.embedded else workspace.environments[chosen.name].span(*path)
            error.diagnostics = tuple(replace(diagnostic, span=span) for diagnostic in error.diagnostics)
            raise

    return placed


def _client_settings(
    settings: SessionSettings, chosen: Environment, endpoint: str, token_url: str, retry: RetryPolicy
) -> ClientSettings:
    return ClientSettings(
        endpoint=endpoint,
        organization=chosen.organization,
        sandbox=chosen.sandbox,
        credentials=Credentials(
            token_url=token_url,
            client_id=chosen.client_id,
            client_secret=chosen.client_secret,
            scopes=chosen.scopes,
        ),
        parallelism=settings.parallelism,
        connect_timeout=settings.network.connect_timeout,
        read_timeout=settings.network.read_timeout,
        retry=retry,
        environment=f"environments.{chosen.name}.",
        secrets=settings.secrets,
    )


def _recovered_if_free(settings: SessionSettings, session: Session, store: StateStore) -> Ledger:
    """The record after recovery; as it was read if another run holds the lock."""
    try:
        with store.lock("recovering an interrupted run"):
            ledger = _ledger(settings, session.environment, store)
            _recover(settings, session, ledger)
            return ledger
    except RunLocked:
        return session.ledger


def _recover(settings: SessionSettings, session: Session, ledger: Ledger) -> None:
    """Find out what an interrupted run did, and write the lockfile."""
    from flowctl.engine.recover.pending import recover_pending  # only after a run that was interrupted

    for sentence in recover_pending(ledger, KINDS, session.send, session.backoff, session.clock):
        settings.told(sentence)
    ledger.compact()


def _ledger(settings: SessionSettings, chosen: Environment, store: StateStore) -> Ledger:
    """The record of an environment; refuses one with a kind that this flowctl does not know, or what is not an ID.

    An ID becomes a part of paths, and a lockfile may have been edited by hand.
    """
    ledger = Ledger(
        store,
        organization=chosen.organization,
        sandbox=chosen.sandbox,
        masked=settings.secrets.masked_value,
        known=KnownLockfile.of(
            settings.workspace.root,
            settings.environment,
            settings.environ,
            f"{chosen.organization} {chosen.sandbox} {settings.workspace.own_specs.digest}",
        ),
    )
    if ledger.is_known:
        return ledger
    entries = ledger.lockfile.entries
    if not _has_good_ids(entries.values()):
        _refuse_entries(ledger, entries)
    ledger.keep_verdict()
    return ledger


def _has_good_ids(entries: Iterable[LockEntry]) -> bool:
    """Whether every entry is of a known kind, and has an ID of that kind."""
    ids: dict[str, list[str]] = {}
    for entry in entries:
        ids.setdefault(entry.kind, []).append(entry.id)
        if entry.deposed:
            ids[entry.kind] += entry.deposed
    return all(kind in KINDS and KINDS[kind].id_form.all_hold(of_kind) for kind, of_kind in ids.items())


def _refuse_entries(ledger: Ledger, entries: Mapping[Address, LockEntry]) -> None:
    """Raise StateError for the first entry of an unknown kind, or with what is not an ID."""
    for address, entry in entries.items():
        if entry.kind not in KINDS:
            raise StateError.because(
                "lockfile-unreadable",
                f"{ledger.name} has an entry of the unknown kind `{entry.kind}`: `{address}`",
                hint="Install a newer release of flowctl, or restore the file from version control.",
                span=ledger.place_of(address),
            )
        form = KINDS[entry.kind].id_form
        if not (form.holds(entry.id) and all(map(form.holds, entry.deposed))):
            raise StateError.because(
                "lockfile-unreadable",
                f"the ID of `{address}` in {ledger.name} is not {form.words}",
                hint="Restore the file from version control, or move it away and run `flowctl state repair`.",
                span=ledger.place_of(address),
            )


def _source_folders(workspace: Workspace, chosen: Environment, ledger: Ledger) -> Mapping[str, Path]:
    """The folders of sources by the names of the connections, and by the IDs of those that are recorded."""
    folders = {name: workspace.root / folder for name, folder in chosen.sources.items()}
    recorded = ledger.lockfile.entries.items() if folders else ()
    return folders | {entry.id: folders[address.name] for address, entry in recorded if address.name in folders}


def _start_embedded(workspace: Workspace, sources: Mapping[str, Path], stack: ExitStack) -> str:
    from flowctl import emulator

    data_dir = workspace.root / ".flowctl" / "local"
    with emulator_problems():
        running = stack.enter_context(
            emulator.start(
                specs_dir=schemas_dir(), own_specs=workspace.own_specs.bodies, data_dir=data_dir, sources=sources
            )
        )
    return running.url
