"""What commands share: the options of a run, its workspace and log, and the printing of its result."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any

import click

from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.long_words import shortened
from flowctl.cli.options import Options, network_of, selection_of, taken
from flowctl.cli.process import reading, until_exit
from flowctl.cli.repository import folder_in_repository
from flowctl.cli.sources import source_of
from flowctl.manifest.document import Manifests
from flowctl.masking.parts import secret_parts
from flowctl.model.diagnostic import Diagnostic, has_errors
from flowctl.model.errors import ManifestError
from flowctl.model.result import Result, Status
from flowctl.model.selection import Choice
from flowctl.operations.validate import load_manifests
from flowctl.settings.declaration import declared
from flowctl.settings.workspace import Workspace, find
from flowctl.views.output import RenderOptions, write
from flowctl.views.render import render

if TYPE_CHECKING:
    from flowctl.model.result import Data
    from flowctl.operations.session import Session, SessionSettings
    from flowctl.state.ledger import Ledger


def begin(context: click.Context, given: Mapping[str, Any], *, has_log: bool = True) -> Options:
    """The options of a run, with its log set up unless nothing in it writes to a log."""
    options = taken(context, given)
    proxies = (value for name, value in options.environ.items() if name.lower().endswith("_proxy"))
    options.secrets.add(*(part for proxy in proxies for part in secret_parts(proxy)))
    if has_log:
        from flowctl.cli.log import begin_log

        begin_log(options.logging_level, options.log_format)
    return options


def workspace_of(options: Options) -> tuple[Workspace, str]:
    """The workspace and the name of the environment that a run works on."""
    workspace = find(options.directory)
    return workspace, options.environment or workspace.default_environment


def specs_of_workspace(options: Options) -> None:
    """Know the specs of the workspace, if there is one, for a command that needs none.

    Raises ManifestError if one of their files cannot be used.
    """
    try:
        workspace = find(options.directory)
    except ManifestError:
        return  # There is none, or it cannot be read, which the commands that need it tell.
    if has_errors(workspace.spec_problems):
        raise ManifestError(workspace.spec_problems)


def manifests_of(
    options: Options,
    workspace: Workspace,
    environment: str,
    edited: Mapping[str, bytes] | None = None,
    *,
    tenant: str = "",
) -> Manifests:
    """The manifests of a run's workspace; `edited` holds files as they would be after an edit.

    `tenant` is the tenant ID, if Experience Platform has told it.
    """
    return until_exit(
        load_manifests(
            workspace,
            environment=environment,
            overrides=options.overrides,
            environ=options.environ,
            secrets=options.secrets,
            edited=edited,
            tenant=tenant,
        )
    )


def tenanted(
    options: Options, session: "Session", workspace: Workspace, environment: str, manifests: Manifests
) -> Manifests:
    """The manifests with the tenant ID of the organization, which is asked from Experience Platform if it is needed."""
    if not manifests.lacks_tenant:
        return manifests
    from flowctl.operations.tenant import ask_tenant

    return manifests_of(options, workspace, environment, tenant=ask_tenant(session))


def choice_of(
    context: click.Context,
    given: Mapping[str, Any],
    manifests: Manifests,
    workspace: Workspace,
    environment: str,
    *,
    along: Collection[str] = (),
) -> Choice | None:
    """What `--select` and `--exclude` choose, with documents of kinds `along` that refer to it; None without them."""
    selection = selection_of(given)
    if not selection:
        return None
    if given.get("targets"):
        raise click.UsageError("`--target` cannot be combined with `--select` or `--exclude`", context)
    from flowctl.operations.moving import addresses_now
    from flowctl.operations.record import recorded
    from flowctl.operations.selecting import choose

    return until_exit(
        choose(
            manifests,
            selection,
            root=workspace.root,
            environment=environment,
            recorded=lambda: addresses_now(
                workspace.moved, recorded(workspace, environment).lockfile.entries, manifests
            ),
            along=along,
        )
    )


def ledger_of(options: Options) -> "tuple[Ledger, str]":
    """The record of a run's environment and its name, with no network and no credentials."""
    from flowctl.operations.record import recorded

    workspace, environment = workspace_of(options)
    declared(workspace.environments, environment)
    return recorded(workspace, environment), environment


@contextmanager
def session_of(
    options: Options, given: Mapping[str, Any], workspace: Workspace, environment: str
) -> "Iterator[Session]":
    """The open environment of a run that changes nothing."""
    from flowctl.operations.session import read_session

    settings = session_settings(options, given, workspace, environment)
    with reading(settings.stop), read_session(settings) as session:
        yield until_exit(session)


@contextmanager
def locked_session_of(
    options: Options,
    given: Mapping[str, Any],
    workspace: Workspace,
    environment: str,
    *,
    command: str,
    recovers: bool = True,
) -> "Iterator[Session]":
    """The open environment of a run that changes it and therefore holds the run lock."""
    from flowctl.operations.session import locked_session

    settings = session_settings(options, given, workspace, environment)
    with (
        reading(settings.stop),
        locked_session(settings, command, given["lock_timeout"], recovers=recovers) as session,
    ):
        yield until_exit(session)


def finish(
    options: Options, data: "Data", status: Status = Status.OK, diagnostics: tuple[Diagnostic, ...] = ()
) -> ExitCode:
    """Print what a command found or did, in the format of the run; return its exit code."""
    return show(options, Result(command=options.command, data=data, status=status, diagnostics=diagnostics))


def session_settings(
    options: Options, given: Mapping[str, Any], workspace: Workspace, environment: str
) -> "SessionSettings":
    """What a session of this run is opened with."""
    from flowctl.operations.session import Network, SessionSettings

    return SessionSettings(
        workspace=workspace,
        environment=environment,
        environ=options.environ,
        secrets=options.secrets,
        network=Network(**network_of(given)),
        parallelism=options.parallelism,
        stop=Event(),
        told=options.tell,
        progress=options.tell if options.format.shows_plan_first and not options.quiet else lambda _sentence: None,
    )


def show(options: Options, result: Result, *, parts: int = 1, only_messages: bool = False) -> ExitCode:
    """Print a result, or one of several parts of it, or only its messages; return its exit code."""
    how = RenderOptions(
        whole=options.verbose > 0,
        quiet=options.quiet,
        parts=parts,
        folder=partial(folder_in_repository, options.directory),
        masked=options.secrets.masked,
        source=source_of(options.directory, options.secrets),
        columns=options.columns,
        message_columns=options.message_columns,
    )
    write(
        render(shortened(result, options.argv, options.secrets.masked), options.format, how),
        color=options.color,
        messages_color=options.live and not options.no_color,
        only_messages=only_messages,
    )
    return ExitCode.of(result.status)
