"""The options that every command takes, before and after its name."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from flowctl.cli.completing import documents, environments, folders, formats, targets
from flowctl.cli.detailed_option import DetailedOption
from flowctl.cli.help import GLOBAL, NETWORK
from flowctl.cli.option_types import Number, OneOf
from flowctl.cli.terminal import message_columns, output_columns
from flowctl.masking.secret_values import SecretValues
from flowctl.views.fitted import fitted
from flowctl.views.formats import Format
from flowctl.views.lines import Line, tell_lines

if TYPE_CHECKING:
    from flowctl.model.selection import Selection

F = TypeVar("F", bound=Callable[..., Any])
_FORMAT_HELP: Final = "Print the result in this format. Default: text."


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The name of a command, the global options of its run, and the secrets that the run has learned so far.

    `argv` is the command line as it was written.
    """

    command: str = ""
    directory: Path = field(default_factory=Path)
    environment: str | None = None
    overrides: Mapping[str, str] = field(default_factory=dict)
    format: Format = Format.TEXT
    parallelism: int = 10
    no_color: bool = False
    quiet: bool = False
    verbose: int = 0
    log_format: str = "text"
    secrets: SecretValues = field(default_factory=SecretValues, repr=False)
    argv: tuple[str, ...] = field(default=(), repr=False)

    @property
    def environ(self) -> Mapping[str, str]:
        """The process environment, which `${env:...}` reads."""
        return os.environ

    @property
    def color(self) -> bool:
        """Whether stdout gets colors: a terminal, without --no-color and NO_COLOR."""
        return not self.no_color and not os.environ.get("NO_COLOR") and sys.stdout.isatty()

    @property
    def columns(self) -> int | None:
        """The width of the terminal on stdout; None if it is none."""
        return output_columns()

    @property
    def message_columns(self) -> int | None:
        """The width of the terminal on stderr; None if it is none."""
        return message_columns()

    def tell(self, *lines: Line | str) -> None:
        """Write lines and sentences to standard error; in a terminal they fit it."""
        shown = (Line(line) if isinstance(line, str) else line for line in lines)
        tell_lines(fitted(shown, self.message_columns, self.secrets.masked))

    @property
    def live(self) -> bool:
        """Whether stderr is a terminal on which lines may move."""
        return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    @property
    def logging_level(self) -> int:
        """The level of the log: -v logs waits, -vv every request."""
        import logging  # a validation has no log

        return (logging.WARNING, logging.INFO, logging.DEBUG)[min(self.verbose, 2)]


def _override(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    if values:
        from flowctl.text.substitution import is_text
    for value in values:
        if "=" not in value or value.startswith("="):
            # What was given instead may be the value, and that may be a secret.
            raise click.BadParameter(
                "expected `NAME=VALUE`, found no NAME" if "=" in value else "expected `NAME=VALUE`"
            )
        if not is_text(value):
            raise click.BadParameter("expected a value in UTF-8")
    return values


def _named(_context: click.Context, _parameter: click.Parameter, name: str | None) -> str | None:
    if name == "":
        # An unset variable of a script, `-e "$ENVIRONMENT"`, is not the default environment.
        raise click.BadParameter("expected a name, found none")
    return name


class _FormatName(OneOf):
    """A format; the help of a command lists those that it has, and that of all commands lists all."""

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - click's signature
        command = _command_of(ctx)
        return "|".join(form for form in Format if not command or form.is_of(command))


def _command_of(context: click.Context) -> str:
    """The command without the name of the program, such as `state list`."""
    return context.command_path.partition(" ")[2]


_GLOBAL = (
    click.option(
        "-C",
        "directory",
        metavar="DIR",
        shell_complete=folders,
        help="Use the workspace in or above DIR. Default: the current folder.",
    ),
    click.option(
        "-e",
        "--environment",
        metavar="NAME",
        callback=_named,
        shell_complete=environments,
        help="Work on environment NAME. Default: `defaultEnvironment` in flowctl.yaml.",
    ),
    click.option(
        "--var",
        "overrides",
        metavar="NAME=VALUE",
        multiple=True,
        callback=_override,
        help="Set the manifest variable ${var:NAME}. Repeatable.",
    ),
    click.option(
        "--format",
        "format",
        type=_FormatName([form.value for form in Format]),
        shell_complete=formats,
        help=_FORMAT_HELP,
    ),
    click.option(
        "--parallelism", metavar="N", type=Number(1, 256), help="Send up to N requests at once (1 to 256). Default: 10."
    ),
    click.option("--no-color", is_flag=True, help="Disable colored output."),
    click.option("-q", "--quiet", is_flag=True, help="Print only results and errors."),
    click.option("-v", "--verbose", count=True, help="Log more; -vv logs every request."),
    click.option("--log-format", type=OneOf(("text", "json")), help="Write the log in this format. Default: text."),
)


def global_options(command: F) -> F:
    """Add the global options to a command."""
    for option in reversed(_GLOBAL):
        command = option(command)
    return command


def show_values_option(command: F) -> F:
    """Add the option of commands that mask rows of a source."""
    words = "Show the values. They may be personal data."
    return click.option("--show-values", is_flag=True, help=words)(command)


_NETWORK = (
    click.option(
        "--connect-timeout",
        metavar="SECONDS",
        type=Number(0.1),
        help="Limit the time to open a connection (0.1 or more). Default: 10.",
    ),
    click.option(
        "--read-timeout",
        metavar="SECONDS",
        type=Number(0.1),
        help="Limit the time for a whole reply (0.1 or more). Default: 60.",
    ),
    click.option(
        "--retry-budget",
        metavar="SECONDS",
        type=Number(0.0),
        help="Limit the time that one request waits for retries. Default: 120.",
    ),
    click.option(
        "--run-retry-budget",
        metavar="SECONDS",
        type=Number(0.0),
        help="Limit the time that all requests wait for retries. Default: 1800.",
    ),
)


def network_options(command: F) -> F:
    """Add the options of commands that send requests to Experience Platform."""
    for option in reversed(_NETWORK):
        command = option(command)
    return command


def locking_options(command: F) -> F:
    """Add the options of commands that hold the run lock."""
    return click.option(
        "--lock-timeout",
        metavar="SECONDS",
        type=Number(0.0),
        default=0.0,
        cls=DetailedOption,
        help="Wait this long for another run to end. Default: 0.",
        detail="Runs of one environment exclude each other.",
    )(command)


def approval_option(command: F) -> F:
    """Add the option of commands that ask before they change something."""
    return click.option("--auto-approve", is_flag=True, help="Do not ask for approval.")(command)


def approve_option(command: F) -> F:
    """Add the option that approves what a rule of a policy asks about."""
    return click.option(
        "--approve",
        "approved_rules",
        multiple=True,
        metavar="RULE",
        help="Approve what this rule asks about. Repeatable.",
    )(command)


def target_option(command: F) -> F:
    """Add the option that narrows a plan."""
    return click.option(
        "--target",
        "targets",
        multiple=True,
        metavar="ADDRESS|NAME",
        shell_complete=targets,
        help="Plan only this and what it needs. Repeatable.",
    )(command)


def selection_options(command: F) -> F:
    """Add the options that choose documents by name, label, path or what changed in git."""
    select = click.option(
        "--select",
        "select",
        multiple=True,
        metavar="EXPR",
        shell_complete=documents,
        help="Only NAME or GLOB or label:KEY=VALUE or path:GLOB or git:REF. Repeatable.",
    )
    exclude = click.option(
        "--exclude",
        "exclude",
        multiple=True,
        metavar="EXPR",
        shell_complete=documents,
        help="Leave out what EXPR selects and what depends on it. Repeatable.",
    )
    return select(exclude(command))


def selection_of(given: Mapping[str, Any]) -> "Selection":
    """The selection that was given."""
    from flowctl.model.selection import Selection  # a help needs none

    return Selection(select=given["select"], exclude=given["exclude"])


def deletion_options(command: F) -> F:
    """Add the options of commands whose plan may delete."""
    return click.option(
        "--max-delete",
        metavar="N",
        type=Number(0),
        cls=DetailedOption,
        help="Refuse to delete or replace more than N objects.",
        detail="Default: `maxDelete` in flowctl.yaml.",
    )(command)


def irreversible_option(command: F) -> F:
    """Add the option of commands whose plan may do what nobody can take back."""
    return click.option("--allow-irreversible", is_flag=True, help="Allow changes that cannot be undone.")(command)


def duplicate_options(command: F) -> F:
    """Add the options of commands whose plan may create."""
    return click.option("--allow-duplicates", is_flag=True, help="Create what already exists outside the lockfile.")(
        command
    )


def network_of(given: Mapping[str, Any]) -> dict[str, float]:
    """The network options that were given."""
    return {name: given[name] for name in NETWORK if given.get(name) is not None}


def taken(context: click.Context, given: Mapping[str, Any]) -> Options:
    """The options of a run: those after the command win over those before it; `--var` and `-v` add up."""
    before: Mapping[str, Any] = context.obj or {}
    values: dict[str, Any] = {name: given.get(name) or before.get(name) for name in GLOBAL}
    overrides = (*(before.get("overrides") or ()), *(given.get("overrides") or ()))
    values["overrides"] = dict(item.split("=", 1) for item in overrides)
    values["verbose"] = (before.get("verbose") or 0) + (given.get("verbose") or 0)
    values["secrets"] = before.get("secrets")
    values["argv"] = before.get("argv")
    values["directory"] = Path(values["directory"] or ".")
    values["command"] = _command_of(context)
    values["format"] = _format(Format(values["format"] or Format.TEXT), values["command"], context)
    return Options(**{name: value for name, value in values.items() if value is not None})


def _format(form: Format, command: str, context: click.Context) -> Format:
    """The format, if the command has it."""
    if not form.is_of(command):
        from flowctl.validation.wording import code, one_of

        known = one_of([code(one) for one in Format if one.is_of(command)])
        raise click.UsageError(f"`{command}` has no format `{form}`; expected {known}", context)
    return form
