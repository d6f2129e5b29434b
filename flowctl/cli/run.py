"""What commands share: the options of a run, its workspace and its log."""

import gc
import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

import click

from flowctl.cli.log import begin_log
from flowctl.cli.options import Options, network_of, taken
from flowctl.manifest.document import Manifests
from flowctl.masking.parts import secret_parts
from flowctl.operations.validate import load_manifests
from flowctl.settings.declaration import declared
from flowctl.settings.workspace import Workspace, find
from flowctl.systems import stop_signals
from flowctl.views.lines import Line, tell, tell_lines, write_document, write_lines, write_markdown

if TYPE_CHECKING:
    from flowctl.operations.session import Session
    from flowctl.state.ledger import Ledger

T = TypeVar("T")
_kept: list[object] = []
"""What lasts as long as the process, or until the next command of the same process begins."""


def begin(context: click.Context, given: Mapping[str, Any]) -> Options:
    """The options of a run, with its log set up."""
    # What a command makes lasts until it ends, so that looking for garbage would only take a third of its time.
    if gc.isenabled():
        gc.disable()
        context.call_on_close(_collect_again)
    gc.unfreeze()
    _kept.clear()
    options = taken(context, given)
    proxies = (value for name, value in options.environ.items() if name.lower().endswith("_proxy"))
    options.secrets.add(*(part for proxy in proxies for part in secret_parts(proxy)))
    begin_log(options.logging_level, options.log_format)
    return options


def until_exit(value: T) -> T:
    """Keeps a value until the process ends, which takes all at once what would take long object by object."""
    _kept.append(value)
    return value


def _collect_again() -> None:
    # What is kept is not looked through now, at the end.
    gc.freeze()
    gc.enable()


def workspace_of(options: Options) -> tuple[Workspace, str]:
    """The workspace and the name of the environment that a run works on."""
    workspace = find(options.directory)
    return workspace, options.environment or workspace.default_environment


def manifests_of(options: Options, workspace: Workspace, environment: str) -> Manifests:
    """The manifests of a run's workspace."""
    return until_exit(
        load_manifests(
            workspace,
            environment=environment,
            overrides=options.overrides,
            environ=options.environ,
            secrets=options.secrets,
        )
    )


def ledger_of(options: Options) -> "tuple[Ledger, str]":
    """The record of a run's environment and its name, with no network and no credentials."""
    from flowctl.state.ledger import Ledger

    workspace, environment = workspace_of(options)
    declared(workspace.environments, environment)
    return Ledger(workspace.root, environment), environment


@contextmanager
def session_of(
    options: Options,
    given: Mapping[str, Any],
    workspace: Workspace,
    environment: str,
    *,
    holds_lock: bool = False,
    settles: bool = True,
) -> "Iterator[Session]":
    """The open environment of a run; what an interrupted run left is settled and told on stderr."""
    from flowctl.operations.session import Network, open_session

    stop = Event()
    with (
        _leaving(stop),
        open_session(
            workspace,
            environment,
            options.environ,
            parallelism=options.parallelism,
            network=Network(**network_of(given)),
            told=tell,
            stop=stop,
            holds_lock=holds_lock,
            settles=settles,
            secrets=options.secrets,
        ) as session,
    ):
        yield until_exit(session)


@contextmanager
def _leaving(stop: Event) -> Iterator[None]:
    """Ctrl-C and SIGTERM end a command that only reads; without the event, threads would first wait for retries."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, leave) for number in stop_signals()}
    try:
        yield
    finally:
        for number, disposition in before.items():
            signal.signal(number, disposition)


def write_result(options: Options, title: str, lines: Iterable[Line], document: Mapping[str, Any]) -> None:
    """Prints a result in the format of the run: lines as text or under a heading in Markdown, or a JSON document."""
    if options.format == "json":
        write_document(document)
    elif options.format == "markdown":
        from flowctl.views.markdown import lines_markdown

        write_markdown(lines_markdown(title, lines))
    else:
        write_lines(lines, colour=options.colour)


def write_warnings(options: Options, diagnostics: object) -> None:
    """Tells warnings on stderr."""
    from flowctl.views.diagnostics import diagnostic_lines

    tell_lines(
        diagnostic_lines(diagnostics),  # type: ignore[arg-type]
        colour=options.live and not options.no_color,
    )
