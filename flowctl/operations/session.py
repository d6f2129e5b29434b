"""A session: one environment opened, with its client and, for the embedded platform, the server it speaks to."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from flowctl.aep.auth import Credentials
from flowctl.aep.client import Client, ClientSettings
from flowctl.engine.reading import Send
from flowctl.settings.workspace import Environment, Workspace, environment
from flowctl.specs.files import schemas_dir
from flowctl.state.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An open environment of a workspace. `ledger` is its record as it stood at opening."""

    workspace: Workspace
    environment: Environment
    send: Send
    ledger: Ledger
    parallelism: int


@contextmanager
def open_session(
    workspace: Workspace, environment_name: str, environ: Mapping[str, str], parallelism: int
) -> Iterator[Session]:
    """Opens an environment; starts the embedded platform in this process where the environment is that.

    Raises ManifestError for wrong settings, StateError for a lockfile that cannot be used.
    """
    chosen = environment(workspace, environment_name, environ)
    ledger = Ledger(workspace.root, chosen.name, organization=chosen.organization, sandbox=chosen.sandbox)
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
                )
            )
        )
        yield Session(
            workspace=workspace,
            environment=chosen,
            send=client.send,
            ledger=ledger,
            parallelism=parallelism,
        )


def _start_embedded(workspace: Workspace, stack: ExitStack) -> str:
    from flowctl import emulator

    data_dir = workspace.root / ".flowctl" / "local"
    running = stack.enter_context(emulator.start(specs_dir=schemas_dir(), data_dir=data_dir))
    return running.url
