"""Completion: answers a shell that asks which words can follow. It sends nothing, and nothing wrong makes it speak."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from flowctl.views.formats import Format

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem, ShellComplete

    from flowctl.manifest.document import Manifests
    from flowctl.model.address import Address
    from flowctl.settings.workspace import Workspace

VARIABLE = "_FLOWCTL_COMPLETE"
"""The environment variable in which a completion script says what it asks for: `bash_complete`."""

Completer: TypeAlias = "Callable[[click.Context, click.Parameter, str], list[CompletionItem[Any]]]"


def script(root: click.Command, shell: str) -> str:
    """The completion script for a shell."""
    return _completion(root, shell).source()


def answer(root: click.Command, asked: str) -> None:
    """Print the words that can follow, in the form that the script of the shell reads."""
    from flowctl.views.lines import write_text

    with suppress(Exception):
        shell, _, instruction = asked.partition("_")
        completion = _completion(root, shell)
        write_text((completion.source() if instruction == "source" else completion.complete()) + "\n")


def _completion(root: click.Command, shell: str) -> "ShellComplete":
    from click.shell_completion import get_completion_class  # only for a shell that asks

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f'there is no completion for "{shell}"; expected `bash`, `zsh` or `fish`')

    class _WithoutEqualsSigns(kind):  # type: ignore[misc, valid-type]
        """Bash hands over `--format=json` as three words."""

        def get_completion_args(self) -> tuple[list[str], str]:
            words, begun = super().get_completion_args()
            return [word for word in words if word != "="], begun

    made: ShellComplete = _WithoutEqualsSigns(root, {}, "flowctl", VARIABLE)
    return made


def folders(_context: click.Context, _parameter: click.Parameter, begun: str) -> "list[CompletionItem[Any]]":
    """Folders, found by the shell itself."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(begun, type="dir")]


def environments(context: click.Context, _parameter: click.Parameter, begun: str) -> "list[CompletionItem[Any]]":
    """The environments of the workspace."""
    with suppress(Exception):
        return _fitting(_workspace(context).environments, begun)
    return []


def formats(context: click.Context, _parameter: click.Parameter, begun: str) -> "list[CompletionItem[Any]]":
    """The formats that the command has; before a command, all."""
    command = context.command_path.partition(" ")[2]
    return _fitting([form for form in Format if not command or form.is_of(command)], begun)


def recorded(context: click.Context, _parameter: click.Parameter, begun: str) -> "list[CompletionItem[Any]]":
    """The addresses in the lockfile."""
    return _fitting(_recorded(context), begun)


def recorded_or_documents(
    context: click.Context, _parameter: click.Parameter, begun: str
) -> "list[CompletionItem[Any]]":
    """The addresses in the lockfile and the names of their documents."""
    addresses = _recorded(context)
    return _fitting([*addresses, *(address.name for address in addresses)], begun)


def targets(context: click.Context, _parameter: click.Parameter, begun: str) -> "list[CompletionItem[Any]]":
    """The names and addresses in the manifests and in the lockfile."""
    return _fitting([*_desired(context), *_recorded(context)], begun)


def documents(context: click.Context, _parameter: click.Parameter, begun: str) -> "list[CompletionItem[Any]]":
    """The names of the documents in the manifests, and the labels of pipelines."""
    with suppress(Exception):
        found = _manifests(context, os.environ).documents
        labels = (document.at("metadata", "labels") or {} for document in found)
        pairs = {f"label:{name}={value}" for each in labels for name, value in each.items()}
        return _fitting([*(document.name for document in found), *pairs], begun)
    return []


def connections(context: click.Context, _parameter: click.Parameter, begun: str) -> "list[CompletionItem[Any]]":
    """The names of the Connection documents."""
    return _fitting(names_of(context, "Connection"), begun)


def names_of(context: click.Context, kind: str) -> list[str]:
    """The names of the documents of a kind, sorted; none if the manifests cannot be read."""
    with suppress(Exception):
        found = _manifests(context, os.environ).documents
        return sorted(document.name for document in found if document.kind == kind)
    return []


def connectors(context: click.Context, _parameter: click.Parameter, begun: str) -> "list[CompletionItem[Any]]":
    """The names of the connectors."""
    from flowctl.specs.catalogue import connector_names

    with suppress(Exception):
        _workspace(context)  # it may have some of its own
    return _fitting(connector_names(), begun)


def explainable_names(_context: click.Context, _parameter: click.Parameter, begun: str) -> "list[CompletionItem[Any]]":
    """The codes and kinds that can be explained."""
    from flowctl.kinds.registry import KINDS
    from flowctl.manifest.registry import DOCUMENT_KINDS
    from flowctl.model.codes import CODES

    return _fitting((*CODES, *KINDS, *DOCUMENT_KINDS), begun)


def _fitting(words: Iterable[str], begun: str) -> "list[CompletionItem[Any]]":
    """The words that go on from what was typed; one that a shell would read otherwise is left out."""
    import shlex  # only for a shell that asks: it is not needed to start

    whole = {word for word in words if word.startswith(begun) and shlex.quote(word) == word and "," not in word}
    from click.shell_completion import CompletionItem

    return [CompletionItem(word) for word in sorted(whole)]


def _workspace(context: click.Context) -> "Workspace":
    from flowctl.settings.workspace import find

    return find(Path(_given(context, "directory") or "."))


def _environment(context: click.Context, workspace: "Workspace") -> str:
    return _given(context, "environment") or workspace.default_environment


def _given(context: click.Context, name: str) -> str | None:
    """A global option, which may stand before or after the command."""
    step: click.Context | None = context
    while step is not None:
        if step.params.get(name):
            return str(step.params[name])
        step = step.parent
    return None


def _recorded(context: click.Context) -> "Sequence[Address]":
    with suppress(Exception):
        from flowctl.operations.record import recorded as record_of

        workspace = _workspace(context)
        return tuple(record_of(workspace, _environment(context, workspace)).lockfile.entries)
    return ()


def _desired(context: click.Context) -> Iterator[str]:
    with suppress(Exception):
        from flowctl.manifest.graph import desired_graph

        manifests = _manifests(context, os.environ)
        yield from (document.name for document in manifests.documents if document.kind == "Pipeline")
        yield from desired_graph(manifests.documents)


def _manifests(context: click.Context, environ: Mapping[str, str]) -> "Manifests":
    from flowctl.masking.secret_values import SecretValues
    from flowctl.operations.validate import load_manifests

    workspace = _workspace(context)
    environment = _environment(context, workspace)
    return load_manifests(workspace, environment=environment, overrides={}, environ=environ, secrets=SecretValues())
