"""The commands by name, each imported only when it is called, and the `flowctl` that they belong to."""

import importlib
from typing import TYPE_CHECKING, Any

import click

from flowctl import __specs_date__, __version__
from flowctl.cli.help import Group
from flowctl.cli.options import global_options
from flowctl.packaged_folder import packaged_folder

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "init": "Write a workspace to begin with.",
    "new": "Write manifests from what a source holds.",
    "validate": "Check the manifests without a network.",
    "fmt": "Format manifests in place.",
    "test": "Run the tests of mappings.",
    "preview": "Show what mappings make of a sample.",
    "plan": "Show the changes that apply would make.",
    "apply": "Make Experience Platform match the manifests.",
    "drift": "Find changes made outside flowctl.",
    "status": "Show the last run and health of pipelines.",
    "runs": "Inspect and start runs of dataflows.",
    "destroy": "Delete all objects in the lockfile.",
    "policy": "List and test the rules of policies.",
    "graph": "Draw the way of data and what changes.",
    "import": "Write manifests of live dataflows.",
    "show": "Show the lockfile or a saved plan.",
    "state": "Inspect and repair the lockfile.",
    "unlock": "Release the run lock of a hung process.",
    "emulator": "Run the emulator of Experience Platform.",
    "specs": "Keep schemas of Experience Platform for checks.",
    "connectors": "List the sources that flowctl knows.",
    "explore": "Show what a source holds.",
    "env": "Inspect the environments of the workspace.",
    "doctor": "Find out why a run cannot work.",
    "explain": "Explain a code or a kind.",
    "schemas": "Write the JSON Schemas for an editor.",
    "version": "Print the version.",
    "completion": "Print a shell completion script.",
}


_MODULES = {"import": "import_sandbox"}
"""The modules of commands whose names no module can have."""


class _CommandTable(Group):
    """Commands by name; a command's module is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(
            f"flowctl.cli.commands.{_MODULES.get(cmd_name, cmd_name)}"
        ).command
        return command

    def one_liner(self, ctx: click.Context, name: str) -> str:  # noqa: ARG002
        """The one-line help of a command: no module is imported for it."""
        return COMMANDS[name]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, the exit codes, and where the documentation is."""
        super().format_epilog(ctx, formatter)
        folder = packaged_folder("docs", "reference")
        if folder is not None:
            formatter.write(f"\n  Documentation: {folder / 'README.md'}\n")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem[Any]]":
        """The commands by their table: no module is imported for a word that is only begun."""
        from click.shell_completion import CompletionItem  # only for a shell that asks

        commands = [CompletionItem(name, help=text) for name, text in COMMANDS.items() if name.startswith(incomplete)]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]


@click.group(
    cls=_CommandTable,
    context_settings={"max_content_width": 100},
    examples=[
        "flowctl validate",
        "flowctl -e dev plan --out plan.json",
        "flowctl -e dev apply plan.json",
    ],
    epilog="Exit codes: 0 success; 1 error; 2 changes (only plan --detailed-exitcode); 3 drift, or an unhealthy "
    "pipeline; 130 interrupted.",
)
@global_options
@click.version_option(version=f"{__version__} (specs of {__specs_date__})", message="flowctl %(version)s")
@click.pass_context
def flowctl(context: click.Context, /, **given: Any) -> None:
    """Manage the source dataflows of Adobe Experience Platform as code."""
    context.obj = {**context.obj, **given}
