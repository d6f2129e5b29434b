"""The commands by name, each imported only when it is called, and the `flowctl` that they are under."""

import importlib
from typing import Any

import click
from click.shell_completion import CompletionItem

from flowctl.cli.options import global_options

COMMANDS = {
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
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"flowctl.cli.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[Any]]:
        """The commands by their table: no module is imported for a word that is only begun."""
        commands = [CompletionItem(name, help=text) for name, text in COMMANDS.items() if name.startswith(incomplete)]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name not in COMMANDS:
            from flowctl.validation.wording import nearest

            near = nearest(name, COMMANDS)
            advice = f"did you mean {near}?" if near else f"there are {', '.join(COMMANDS)}"
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
