"""Which pipelines a command about runs works on: those that are named, or those that a selection chooses."""

from collections.abc import Mapping
from typing import Any

import click

from flowctl.cli.options import selection_of
from flowctl.cli.run import choice_of
from flowctl.manifest.document import Manifests
from flowctl.model.selection import Choice
from flowctl.settings.workspace import Workspace


def choice_beside(
    context: click.Context,
    given: Mapping[str, Any],
    names: tuple[str, ...],
    manifests: Manifests,
    workspace: Workspace,
    environment: str,
) -> Choice | None:
    """What `--select` and `--exclude` choose, which cannot stand beside names; None without them."""
    if names and selection_of(given):
        raise click.UsageError("PIPELINE cannot be combined with `--select` or `--exclude`", context)
    return choice_of(context, given, manifests, workspace, environment)
