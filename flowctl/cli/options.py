"""The options that every command takes, before and after its name."""

import logging
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from flowctl.cli.completing import environments, folders, targets
from flowctl.masking.secret_values import SecretValues
from flowctl.views.formats import Format

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The name of a command, the global options of its run, and the secrets that the run has learned so far."""

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

    @property
    def environ(self) -> Mapping[str, str]:
        """The process environment, which `${env:...}` reads."""
        return os.environ

    @property
    def colour(self) -> bool:
        """Whether stdout wants colours: a terminal, without --no-color and NO_COLOR."""
        return not self.no_color and "NO_COLOR" not in os.environ and sys.stdout.isatty()

    @property
    def live(self) -> bool:
        """Whether stderr is a terminal on which lines may move."""
        return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    @property
    def logging_level(self) -> int:
        """The level of the log: -v tells of waits, -vv of every request."""
        return (logging.WARNING, logging.INFO, logging.DEBUG)[min(self.verbose, 2)]


def _override(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    if values:
        from flowctl.text.substitution import is_text
    for value in values:
        if "=" not in value or value.startswith("="):
            # What was given instead may be the value, and that may be a secret.
            raise click.BadParameter("expected NAME=VALUE, found no NAME" if "=" in value else "expected NAME=VALUE")
        if not is_text(value):
            raise click.BadParameter("expected text in UTF-8")
    return values


_FORMATS: Final = tuple(form.value for form in Format)
_GLOBAL = (
    click.option(
        "-C", "directory", metavar="DIR", shell_complete=folders, help="Look for flowctl.yaml from DIR upwards."
    ),
    click.option(
        "-e", "--environment", metavar="NAME", shell_complete=environments, help="The environment to work on."
    ),
    click.option(
        "--var", "overrides", metavar="NAME=VALUE", multiple=True, callback=_override, help="Set a ${var:NAME}."
    ),
    click.option(
        "--format", "format", type=click.Choice([form.value for form in Format]), help="How results are printed."
    ),
    click.option("--parallelism", type=click.IntRange(1, 256), help="Requests at the same time (10)."),
    click.option("--no-color", is_flag=True, help="No colours."),
    click.option("-q", "--quiet", is_flag=True, help="Results and errors only."),
    click.option("-v", "--verbose", count=True, help="Tell more; twice for every request."),
    click.option("--log-format", type=click.Choice(("text", "json")), help="How the log is written."),
)
_NAMES = (
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


def global_options(command: F) -> F:
    """Adds the global options to a command."""
    for option in reversed(_GLOBAL):
        command = option(command)
    return command


_NETWORK = (
    click.option("--connect-timeout", type=click.FloatRange(0.1), help="Seconds to wait for a connection (10)."),
    click.option("--read-timeout", type=click.FloatRange(0.1), help="Seconds that a whole reply may take (60)."),
    click.option("--retry-budget", type=click.FloatRange(0), help="Seconds one request may wait for retries (120)."),
    click.option("--run-retry-budget", type=click.FloatRange(0), help="Seconds all requests together may wait (1800)."),
)
_NETWORK_NAMES = ("connect_timeout", "read_timeout", "retry_budget", "run_retry_budget")


def network_options(command: F) -> F:
    """Adds the options of commands that speak to the platform."""
    for option in reversed(_NETWORK):
        command = option(command)
    return command


def locking_options(command: F) -> F:
    """Adds the options of commands that hold the run lock."""
    return click.option(
        "--lock-timeout", type=click.FloatRange(0), default=0.0, help="Seconds to wait for another run to end (0)."
    )(command)


def target_option(command: F) -> F:
    """Adds the option that narrows a plan."""
    return click.option(
        "--target",
        "targets",
        multiple=True,
        metavar="ADDRESS",
        shell_complete=targets,
        help="Only this address or pipeline.",
    )(command)


def deletion_options(command: F) -> F:
    """Adds the options of commands whose plan may delete."""
    return click.option(
        "--max-delete", type=click.IntRange(0), help="Refuse a plan that deletes or replaces more than this."
    )(command)


def duplicate_options(command: F) -> F:
    """Adds the options of commands whose plan may create."""
    return click.option("--allow-duplicates", is_flag=True, help="Create what exists already and is not recorded.")(
        command
    )


def network_of(given: Mapping[str, Any]) -> dict[str, float]:
    """The network options that were given."""
    return {name: given[name] for name in _NETWORK_NAMES if given.get(name) is not None}


def taken(context: click.Context, given: Mapping[str, Any]) -> Options:
    """The options of a run: those after the command win over those before it; `--var` and `-v` add up."""
    before: Mapping[str, Any] = context.obj or {}
    values: dict[str, Any] = {name: given.get(name) or before.get(name) for name in _NAMES}
    overrides = (*(before.get("overrides") or ()), *(given.get("overrides") or ()))
    values["overrides"] = dict(item.split("=", 1) for item in overrides)
    values["verbose"] = (before.get("verbose") or 0) + (given.get("verbose") or 0)
    values["secrets"] = before.get("secrets")
    values["directory"] = Path(values["directory"] or ".")
    values["command"] = context.command_path.partition(" ")[2]
    values["format"] = _format(Format(values["format"] or Format.TEXT), values["command"], context)
    return Options(**{name: value for name, value in values.items() if value is not None})


def _format(form: Format, command: str, context: click.Context) -> Format:
    """The format, if the command has it."""
    if not form.is_of(command):
        known = ", ".join(one for one in Format if one.is_of(command))
        raise click.UsageError(f"{command} has no format {form}; it has {known}", context)
    return form
