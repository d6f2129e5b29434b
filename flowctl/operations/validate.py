"""Validation: every problem of every manifest, without a network."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flowctl.manifest.document import Manifests
from flowctl.manifest.reading.load import load
from flowctl.manifest.secrets import name_in_clear, secrets_of
from flowctl.masking.secret_values import SecretValues
from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic, has_errors, in_file_order
from flowctl.model.errors import ManifestError, StateError
from flowctl.model.selection import EVERYTHING, Selection
from flowctl.operations.import_environments import unknown_environments
from flowctl.operations.rejected_rows_advice import rejected_rows_advice
from flowctl.operations.tenant import known_tenant
from flowctl.settings.declaration import literal_secrets
from flowctl.settings.workspace import Workspace, variables
from flowctl.settings.workspace import environment as resolve

if TYPE_CHECKING:
    from flowctl.model.record import LockEntry


def validate(
    workspace: Workspace,
    *,
    environment: str,
    overrides: Mapping[str, str],
    environ: Mapping[str, str],
    secrets: SecretValues,
    paths: Sequence[Path] = (),
    selection: Selection = EVERYTHING,
    advised: Callable[[str], None] = lambda _sentence: None,
) -> tuple[Diagnostic, ...]:
    """The problems of the manifests, or of those below `paths` and of those that a selection needs.

    `advised` gets a sentence about what is not wrong and could be better. Raises ManifestError for a selection that
    names nothing.
    """
    manifests = load_manifests(
        workspace,
        environment=environment,
        overrides=overrides,
        environ=environ,
        secrets=secrets,
        paths=paths,
        has_digest=False,
    )
    if selection:
        from flowctl.operations.moving import addresses_now
        from flowctl.operations.selecting import choose, narrowed_manifests

        choice = choose(
            manifests,
            selection,
            root=workspace.root,
            environment=environment,
            recorded=lambda: addresses_now(workspace.moved, _recorded(workspace, environment), manifests),
        )
        manifests = narrowed_manifests(manifests, choice)
    found = manifests.diagnostics
    if not has_errors(found) and any(document.at("lifecycle", "ignoreChanges") for document in manifests.documents):
        from flowctl.operations.ignored_paths import ignored_path_problems

        found = (*found, *ignored_path_problems(manifests.documents))
    settings = () if paths else _settings_problems(workspace, environment, environ)
    if found:
        from flowctl.operations.recorded_pipelines import with_what_is_recorded

        found = with_what_is_recorded(found, lambda: _recorded(workspace, environment), environment)
    if not has_errors(found) and (advice := rejected_rows_advice(manifests.documents)):
        advised(advice)
    return in_file_order([*settings, *found])


def _recorded(workspace: Workspace, environment: str) -> "Mapping[Address, LockEntry]":
    """What the lockfile records; nothing if it cannot be read, because a validation is about manifests."""
    from flowctl.operations.record import recorded

    try:
        return recorded(workspace, environment).lockfile.entries
    except StateError:
        return {}


def _settings_problems(workspace: Workspace, environment: str, environ: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """What is wrong with an environment's settings; credentials need not be set for a validation."""
    secrets = tuple(literal_secrets(workspace.environments))
    try:
        resolve(workspace, environment, environ)
    except ManifestError as error:
        return (*secrets, *(problem for problem in error.diagnostics if problem.code != "unset-variable"))
    return secrets


def load_manifests(
    workspace: Workspace,
    *,
    environment: str,
    overrides: Mapping[str, str],
    environ: Mapping[str, str],
    secrets: SecretValues,
    paths: Sequence[Path] = (),
    edited: Mapping[str, bytes] | None = None,
    tenant: str = "",
    has_digest: bool = True,
) -> Manifests:
    """The workspace's documents with the variables of an environment filled in; `secrets` learns theirs.

    `edited` holds files as they would be after an edit. `tenant` is the tenant ID, if Experience Platform has told it.
    Without `has_digest` the digest of the manifests is empty.
    """
    chosen = variables(workspace, environment, overrides)
    manifests = load(
        workspace,
        variables=chosen,
        environ=environ,
        paths=paths,
        environment=environment,
        edited=edited,
        tenant=lambda: tenant or known_tenant(workspace, environment),
        has_digest=has_digest,
    )
    secrets.publish((*workspace.environments, *(name_in_clear(document) for document in manifests.documents)))
    secrets.add(*(secret for document in manifests.documents for secret in secrets_of(document)))
    astray = [
        *(workspace.spec_problems if not paths else ()),
        *unknown_environments(manifests.documents, workspace.environments),
    ]
    return manifests._replace(diagnostics=(*manifests.diagnostics, *astray)) if astray else manifests
