"""A session: one environment opened, with its client and, for the embedded platform, the server it speaks to."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from threading import Event

from flowctl.aep.auth import Credentials
from flowctl.aep.client import Client, ClientSettings
from flowctl.aep.retry import retry_policy
from flowctl.engine.observe.paging import Send
from flowctl.engine.recover.backoff import LATE, RESTART, Backoff
from flowctl.engine.recover.pending import recover_pending
from flowctl.engine.recover.platform_clock import PlatformClock
from flowctl.kinds.registry import KINDS
from flowctl.masking.secret_values import SecretValues
from flowctl.model.errors import StateError
from flowctl.operations.emulator_data import emulator_problems
from flowctl.settings.workspace import Environment, Workspace, environment
from flowctl.specs.files import schemas_dir
from flowctl.state.ledger import Ledger
from flowctl.state.lockfile_format import place_of
from flowctl.state.runlock import RunLocked, run_lock


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How patient a run is, in seconds: for a connection, a reply, the retries of a request and of the whole run."""

    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    retry_budget: float = 120.0
    run_retry_budget: float = 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An open environment of a workspace. `ledger` is its record as it stood at opening.

    `clock` is the platform's, set by every reply. `authenticate` gets the token that `send` needs, where a caller wants
    to know early whether there is one; `abandon` ends at once what other threads still send.
    """

    workspace: Workspace
    environment: Environment
    send: Send
    authenticate: Callable[[], None]
    abandon: Callable[[], None]
    backoff: Backoff
    clock: PlatformClock
    ledger: Ledger
    parallelism: int
    stop: Event


@contextmanager
def open_session(
    workspace: Workspace,
    environment_name: str,
    environ: Mapping[str, str],
    *,
    parallelism: int,
    network: Network,
    told: Callable[[str], None],
    stop: Event,
    holds_lock: bool = False,
    settles: bool = True,
    secrets: SecretValues,
) -> Iterator[Session]:
    """Opens an environment; starts the embedded platform in this process where the environment is that.

    What an interrupted run left in the journal is settled first, and `told` in sentences; unless another process
    holds the run lock, because then the journal is alive. After `stop` is set no request waits for a retry. Raises
    ManifestError for wrong settings, StateError for a lockfile that cannot be used or a creation that cannot be
    settled, PlatformError.
    """
    chosen = environment(workspace, environment_name, environ)
    secrets.add(chosen.client_secret.value)
    ledger = _ledger(workspace, chosen, secrets)
    retry = retry_policy(network.retry_budget, network.run_retry_budget)
    with ExitStack() as stack:
        endpoint, token_url = chosen.endpoint or "", chosen.token_url or ""
        if chosen.embedded:
            endpoint = _start_embedded(workspace, stack)
            token_url = f"{endpoint}/ims/token/v3"
        client = stack.enter_context(
            Client(
                ClientSettings(
                    endpoint=endpoint,
                    organization=chosen.organization,
                    sandbox=chosen.sandbox,
                    credentials=Credentials(
                        token_url=token_url,
                        client_id=chosen.client_id,
                        client_secret=chosen.client_secret,
                        scopes=chosen.scopes,
                    ),
                    parallelism=parallelism,
                    connect_timeout=network.connect_timeout,
                    read_timeout=network.read_timeout,
                    retry=retry,
                    secrets=secrets,
                ),
                stop,
                environ,
            )
        )
        backoff = Backoff(
            pause=client.pause,
            first=retry.base,
            late=min(LATE, network.read_timeout),
            restart=min(RESTART, network.read_timeout),
        )
        clock = PlatformClock()
        send = clock.watching(client.send)
        if settles and ledger.is_unfinished:
            ledger = _settled(workspace, chosen, ledger, send, backoff, clock, told, secrets, holds_lock=holds_lock)
        yield Session(
            workspace=workspace,
            environment=chosen,
            send=send,
            authenticate=client.authenticate,
            abandon=client.abandon,
            backoff=backoff,
            clock=clock,
            ledger=ledger,
            parallelism=parallelism,
            stop=stop,
        )


def _settled(
    workspace: Workspace,
    chosen: Environment,
    ledger: Ledger,
    send: Send,
    backoff: Backoff,
    clock: PlatformClock,
    told: Callable[[str], None],
    secrets: SecretValues,
    *,
    holds_lock: bool,
) -> Ledger:
    with ExitStack() as stack:
        if not holds_lock:
            try:
                stack.enter_context(run_lock(workspace.root, chosen.name, "settling an interrupted run"))
            except RunLocked:
                return ledger
            ledger = _ledger(workspace, chosen, secrets)
        for sentence in recover_pending(ledger, KINDS, send, backoff, clock):
            told(sentence)
        ledger.compact()
    return ledger


def _ledger(workspace: Workspace, chosen: Environment, secrets: SecretValues) -> Ledger:
    """The record of an environment; refuses one with a kind that this flowctl does not know, or what is not an ID.

    An ID becomes a part of paths, and a lockfile may have been edited by hand.
    """
    ledger = Ledger(
        workspace.root,
        chosen.name,
        organization=chosen.organization,
        sandbox=chosen.sandbox,
        masked=secrets.masked_value,
    )
    for address, entry in ledger.lockfile.entries.items():
        if entry.kind not in KINDS:
            raise StateError.because(
                "lockfile-unreadable",
                f"{ledger.path.name} records {address}, and this flowctl knows no kind {entry.kind}",
                hint="Install a newer release of flowctl, or restore the file from version control.",
                span=place_of(address, ledger.path),
            )
        form = KINDS[entry.kind].id_form
        if not all(map(form.holds, (entry.id, *entry.deposed))):
            raise StateError.because(
                "lockfile-unreadable",
                f"{ledger.path.name} records {address} with an ID that is not {form.words}",
                hint="Restore the file from version control, or move it away and run flowctl state repair.",
                span=place_of(address, ledger.path),
            )
    return ledger


def _start_embedded(workspace: Workspace, stack: ExitStack) -> str:
    from flowctl import emulator

    data_dir = workspace.root / ".flowctl" / "local"
    with emulator_problems():
        running = stack.enter_context(emulator.start(specs_dir=schemas_dir(), data_dir=data_dir))
    return running.url
