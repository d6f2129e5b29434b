"""Dispatch commands and map errors to exit codes."""

import os
import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from flowctl.cli.argv import command_of, directory_of, environment_of, format_of, given_values, is_possible
from flowctl.cli.command_table import flowctl
from flowctl.cli.completing import VARIABLE, answer
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.failures import tell_failure, tell_usage
from flowctl.cli.own_words import own_words
from flowctl.cli.process import command_line, without_collection
from flowctl.cli.streams import OutputFailed, SurvivingStream, surviving_streams
from flowctl.masking.secret_values import SecretValues
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.errors import FlowctlError, Interrupted, bug
from flowctl.specs.active import NONE, use
from flowctl.views.formats import Format
from flowctl.views.lines import Line, tell, tell_lines, write_text

if TYPE_CHECKING:
    from flowctl.views.output import RenderOptions

_INTERRUPTED = Diagnostic(
    code="interrupted",
    summary="the command was interrupted before it had a result",
    hint="Run the command again.",
)


def dispatch(argv: Sequence[str]) -> int:
    """Run a command line; print every failure on stderr, and as JSON on stdout with --format json."""
    secrets = SecretValues(own_words)
    with command_line(), without_collection(), surviving_streams(secrets) as out:
        try:
            code = _dispatch(argv, secrets, out)
            sys.stdout.flush()
            return code
        except OutputFailed as error:
            failure = Diagnostic(
                code="output-unwritable",
                summary=f"cannot write the output: {error}",
                hint="Check that the disk has room and that the file can be written.",
            )
            tell_failure([failure], Format.TEXT)
            return ExitCode.ERROR
        finally:
            use(NONE)  # The next command of this process may be about another workspace, or about none.


def _dispatch(argv: Sequence[str], secrets: SecretValues, out: SurvivingStream) -> int:
    if asked := os.environ.get(VARIABLE):
        answer(flowctl, asked)
        return ExitCode.OK
    form = format_of(argv)
    try:
        if not all(map(is_possible, argv)):
            raise click.UsageError("an argument has a character that the system cannot pass")
        code = flowctl.main(
            args=list(argv), prog_name="flowctl", standalone_mode=False, obj={"secrets": secrets, "argv": tuple(argv)}
        )
    except FlowctlError as error:
        tell_failure(error.diagnostics, form, _how(argv, secrets), argv)
        return ExitCode.INTERRUPTED if isinstance(error, Interrupted) else ExitCode.ERROR
    except click.exceptions.NoArgsIsHelpError as error:
        # A group without a command asks for its help, as --help does.
        write_text(error.format_message() + "\n")
        return ExitCode.OK
    except click.ClickException as error:
        # What is wrong may be the very option that would have said what is a secret.
        secrets.add(*given_values(argv))
        tell_usage(error, form, _how(argv, secrets), argv)
        return ExitCode.ERROR
    except (click.Abort, KeyboardInterrupt):
        tell("Interrupted.")
        if form is Format.JSON and not out.has_text:
            tell_failure([_INTERRUPTED], form)
        return ExitCode.INTERRUPTED
    except OutputFailed:
        raise
    except Exception as error:
        import traceback

        trace = "".join(traceback.format_tb(error.__traceback__))
        tell_lines(Line(line) for line in trace.splitlines())
        tell_failure(
            [bug(error, hint="The lockfile and its journal record what was done. Please report this error.")],
            form,
            _how(argv, secrets),
        )
        return ExitCode.ERROR
    return code if isinstance(code, int) else ExitCode.OK


def _how(argv: Sequence[str], secrets: SecretValues) -> "RenderOptions":
    """How a failure is told. Most commands have none, so what tells it is imported here."""
    from flowctl.cli.sources import source_of
    from flowctl.cli.terminal import message_columns
    from flowctl.views.output import RenderOptions

    return RenderOptions(
        folder=partial(_folder, argv),
        masked=secrets.masked,
        source=source_of(directory_of(argv), secrets),
        planned=partial(_planned, argv),
        message_columns=message_columns(),
    )


def _folder(argv: Sequence[str]) -> str:
    from flowctl.cli.repository import folder_in_repository

    return folder_in_repository(directory_of(argv))


def _planned(argv: Sequence[str]) -> str:
    """The environment of which a plan is asked for, as far as the command line and flowctl.yaml tell."""
    if command_of(argv) != "plan":
        return ""
    from flowctl.settings.workspace import find

    named = environment_of(argv)
    try:
        return find(directory_of(argv)).default_environment if named is None else named
    except FlowctlError:
        return ""
