"""Help and usage errors in flowctl's own words: commands with examples, and global options under their own heading."""

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any, Final

import click

from flowctl.cli.joined_option import joined

NETWORK: Final = ("connect_timeout", "read_timeout", "retry_budget", "run_retry_budget")
"""The options that limit how long requests take, by parameter name."""
SELECTION: Final = ("select", "exclude")
"""The options that choose documents, by parameter name."""
SELECTED: Final = "NAME|GLOB|label:KEY=VALUE|path:GLOB|git:REF"
"""What these options choose documents by."""
GLOBAL: Final = (
    "directory",
    "environment",
    "overrides",
    "format",
    "parallelism",
    "no_color",
    "quiet",
    "verbose",
    "log_format",
)
"""The options that every command has, by parameter name."""


_MARGIN: Final = 2
"""Columns of the terminal that click leaves free."""
_BESIDE: Final = 9
"""The column at which the rows of options that many commands have begin."""


class Command(click.Command):
    """A command whose help ends with examples."""

    def __init__(self, *arguments: Any, examples: Sequence[str] = (), **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.examples = tuple(examples)

    def get_help_option_names(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """The options that print the help, whatever context asks first."""
        return ["-h", "--help"]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read a command line; an error names the command whose help explains it."""
        try:
            return super().parse_args(ctx, list(joined(args, self.params)))
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of the command, then the names of those that many commands have."""
        _write_options(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the examples, each on a line of its own."""
        _write_examples(self.examples, formatter)


class Group(click.Group):
    """A command with sub-commands, whose help ends with examples."""

    def __init__(self, *arguments: Any, examples: Sequence[str] = (), **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.examples = tuple(examples)

    command_class = Command

    def get_help_option_names(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """The options that print the help, whatever context asks first."""
        return ["-h", "--help"]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the sub-commands."""
        _write_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each sub-command with its one-liner, which is never cut."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.one_liner(ctx, name)) for name in self.list_commands(ctx)])

    def one_liner(self, ctx: click.Context, name: str) -> str:
        """The one-line help of a sub-command."""
        command = self.get_command(ctx, name)
        return (command.short_help or "") if command is not None else ""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, then the text after them."""
        _write_examples(self.examples, formatter)
        if self.epilog:
            super().format_epilog(ctx, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The sub-command that a command line names."""
        names = self.list_commands(ctx)
        name = args[0] if args else ""
        if name not in names:
            from flowctl.validation.wording import nearest, one_of

            near = nearest(name, names)
            known = one_of([f"`{known}`" for known in names])
            advice = f"did you mean `{near}`?" if near else f"expected {known}"
            raise click.UsageError(f'no such command "{name}"; {advice}', ctx)
        return super().resolve_command(ctx, args)


def _write_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    options = [each for each in command.get_params(ctx) if isinstance(each, click.Option)]
    shared = [each for each in options if each.name in GLOBAL]
    help_option = command.get_help_option(ctx)
    asks = [help_option] if help_option is not None and shared and ctx.parent is not None else []
    common = {*GLOBAL, *NETWORK, *SELECTION, *(each.name for each in asks)}
    _write_section("Options", (each for each in options if each.name not in common), ctx, formatter)
    if ctx.parent is None:
        _write_section("Global options (before or after the command)", shared, ctx, formatter)
        return
    forms = [each for each in shared if each.name == "format"]
    choosing = _names(each for each in options if each.name in SELECTION)
    rows = {
        "Select:": f"{choosing} {SELECTED}" if choosing else "",
        "Format:": " ".join(f"--format {each.make_metavar(ctx)}" for each in forms),
        "Network:": _names(each for each in options if each.name in NETWORK),
        "Global:": f"{_names([*asks, *(each for each in shared if each not in forms)])} (flowctl -h)" if shared else "",
    }
    if any(rows.values()):
        formatter.write_paragraph()
    for title, names in rows.items():
        if names:
            room = formatter.width + _MARGIN - _BESIDE
            lines = textwrap.wrap(names, room, break_long_words=False, break_on_hyphens=False)
            between = f"\n{' ' * _BESIDE}"
            formatter.write(f"{title:<{_BESIDE}}{between.join(lines)}\n")


def _names(options: Iterable[click.Option]) -> str:
    """Options that many commands have, each by its shortest name."""
    return " ".join(min(each.opts, key=len) for each in options)


def _write_section(
    title: str, parameters: Iterable[click.Parameter], ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    rows = [row for parameter in parameters if (row := parameter.get_help_record(ctx)) is not None]
    if rows:
        with formatter.section(title):
            formatter.write_dl(rows)


def _write_examples(examples: Sequence[str], formatter: click.HelpFormatter) -> None:
    if examples:
        with formatter.section("Examples"):
            for example in examples:
                formatter.write(f"{'':>{formatter.current_indent}}{example}\n")
