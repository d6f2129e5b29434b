"""The command table, and errors into exit codes."""

import importlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

import click
from click.shell_completion import CompletionItem

from flowctl.cli.completing import VARIABLE, answer
from flowctl.cli.main import ERROR, INTERRUPTED, OK
from flowctl.cli.options import FORMATS, global_options
from flowctl.cli.streams import OutputFailed, surviving_streams
from flowctl.masking.secret_values import SecretValues
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.errors import FlowctlError, Interrupted, bug
from flowctl.systems import stop_signals
from flowctl.views.lines import Line, tell, tell_lines, write_document, write_markdown, write_script

_COMMANDS = {
    "validate": "Check the manifests without a network.",
    "plan": "Show what apply would do.",
    "apply": "Make the platform as the manifests say.",
    "destroy": "Delete everything that the lockfile records.",
    "show": "Show what the lockfile records.",
    "state": "Look after what the lockfile records.",
    "unlock": "Take the run lock away from a run that hangs.",
    "emulator": "Serve the embedded platform over HTTP.",
    "schemas": "Write the JSON Schemas for an editor.",
    "version": "Print the version.",
    "completion": "Print a shell completion script.",
}


class _CommandTable(click.Group):
    """Commands by name; a command's module is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"flowctl.cli.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[Any]]:
        """The commands by their table: no module is imported for a word that is only begun."""
        commands = [CompletionItem(name, help=text) for name, text in _COMMANDS.items() if name.startswith(incomplete)]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name not in _COMMANDS:
            near = get_close_matches(name, _COMMANDS, n=1)
            advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(_COMMANDS)}"
            raise click.UsageError(f'no such command "{name}"; {advice}', ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=_CommandTable,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 success, 1 error, 2 changes (plan --detailed-exitcode), 3 drift, 130 interrupted.",
)
@global_options
@click.version_option(package_name="flowctl", message="flowctl %(version)s")
@click.pass_context
def flowctl(context: click.Context, /, **given: Any) -> None:
    """Adobe Experience Platform dataflows as code: validate, plan and apply pipelines from YAML manifests."""
    context.obj = {**context.obj, **given}


def dispatch(argv: Sequence[str]) -> int:
    """Runs a command line; every failure is told on stderr, and as JSON on stdout where JSON was asked for."""
    secrets = SecretValues()
    with surviving_streams(secrets):
        try:
            code = _dispatch(argv, secrets)
            sys.stdout.flush()
            return code
        except OutputFailed as error:
            _tell([Diagnostic(code="output-unwritable", summary=f"the output cannot be written: {error}")], "text")
            return ERROR


def _dispatch(argv: Sequence[str], secrets: SecretValues) -> int:
    for number in stop_signals():
        if number is not signal.SIGINT:
            signal.signal(number, signal.default_int_handler)
    if asked := os.environ.get(VARIABLE):
        answer(flowctl, asked)
        return OK
    form = _form(argv)
    try:
        if not all(map(_is_possible, argv)):
            raise click.UsageError("an argument holds a character that no system can pass")
        code = flowctl.main(args=list(argv), prog_name="flowctl", standalone_mode=False, obj={"secrets": secrets})
    except FlowctlError as error:
        _tell(error.diagnostics, form)
        return INTERRUPTED if isinstance(error, Interrupted) else ERROR
    except click.exceptions.NoArgsIsHelpError as error:
        # A group without a command asks for its help, as --help does.
        write_script(error.format_message() + "\n")
        return OK
    except click.ClickException as error:
        # What is wrong may be the very option that would have said what is a secret.
        secrets.add(*_given_values(argv))
        _tell_usage(error, form)
        return ERROR
    except (click.Abort, KeyboardInterrupt):
        tell("interrupted")
        return INTERRUPTED
    except OutputFailed:
        raise
    except Exception as error:
        import traceback

        trace = "".join(traceback.format_tb(error.__traceback__))
        tell_lines(Line(line) for line in trace.splitlines())
        _tell([bug(error, hint="What was done is in the lockfile and its journal. Please report this.")], form)
        return ERROR
    return code if isinstance(code, int) else OK


def _is_possible(word: str) -> bool:
    """Whether a system can pass a word; a program that calls `main` may pass any."""
    try:
        return b"\0" not in os.fsencode(word)
    except UnicodeEncodeError:
        return False


def _given_values(argv: Sequence[str]) -> Iterator[str]:
    """The words of a command line that may be a variable's value, rightly written or not."""
    loose = False
    for before, word in zip(("", *argv), argv, strict=False):
        text = word.removeprefix("--var=")
        name, _, value = text.partition("=")
        if before == "--var" or text != word or not word.startswith("-"):
            yield value
        if before == "--var" and not value:
            # `--var NAME VALUE`, `--var NAME= VALUE` and `--var VALUE`.
            yield name
            loose = True
        elif word.startswith("-") or word in _COMMANDS:
            loose = False
        elif loose:
            yield word


def _form(argv: Sequence[str]) -> str:
    """The last format that a command line asks for and that there is: known even where the line is wrong."""
    asked = [
        value if word == "--format" else word.partition("=")[2]
        for word, value in pairwise([*argv, ""])
        if word == "--format" or word.startswith("--format=")
    ]
    known = [form for form in asked if form in FORMATS]
    return known[-1] if known else "text"


def _tell(diagnostics: Sequence[Diagnostic], form: str) -> None:
    from flowctl.views.diagnostics import diagnostic_lines

    if form == "json":
        write_json_errors(diagnostics)
        return
    if form == "markdown":
        from flowctl.views.markdown import lines_markdown

        # A comment that shows the plan shows instead why there is none.
        write_markdown(lines_markdown("flowctl: no result", diagnostic_lines(diagnostics)))
    colour = sys.stderr.isatty() and "NO_COLOR" not in os.environ and "--no-color" not in sys.argv
    tell_lines(diagnostic_lines(diagnostics), colour=colour)


def write_json_errors(diagnostics: Sequence[Diagnostic]) -> None:
    """Prints the envelope of a command that failed before it had a result."""
    from flowctl.views.envelope import diagnostics_document

    write_document(diagnostics_document(diagnostics))


def _tell_usage(error: click.ClickException, form: str) -> None:
    words = error.format_message()
    if isinstance(error, click.NoSuchOption):
        known = {option.lstrip("-"): option for option in error.possibilities or ()}
        near = get_close_matches(error.option_name.lstrip("-"), known, n=1)
        words = f"no such option {error.option_name}" + (f"; did you mean {known[near[0]]}?" if near else "")
    if form == "json":
        write_json_errors([Diagnostic(code="usage", summary=words)])
        return
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "flowctl"
    tell_lines([Line(f"error: {words} [usage]"), Line(f"    See {path} --help.")])
