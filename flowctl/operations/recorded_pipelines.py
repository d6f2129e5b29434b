"""Lockfile entries without a manifest: what to say if no manifest is left, or no pipeline."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from flowctl.model.address import Address
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.record import LockEntry

_MOST_NAMED = 10
_FEW = 2
"""So many pipelines have to go at once, and all of them, to be told apart from the deletion of the last one."""


def with_what_is_recorded(
    diagnostics: Iterable[Diagnostic], entries: Callable[[], Mapping[Address, LockEntry]], environment: str
) -> tuple[Diagnostic, ...]:
    """The diagnostics, where those of absent manifests also tell what the lockfile of the environment records."""
    return tuple(
        _TOLD[diagnostic.code](diagnostic, found, environment)
        if diagnostic.code in _TOLD and (found := entries())
        else diagnostic
        for diagnostic in diagnostics
    )


def all_gone(
    changes: Sequence[Change], entries: Mapping[Address, LockEntry], desired: Iterable[Address]
) -> list[Diagnostic]:
    """A warning where the plan removes every recorded pipeline, as it does after a folder was renamed."""
    leaving = {change.address.name for change in changes if change.action in (Action.DELETE, Action.FORGET)}
    if not leaving:
        return []
    pipelines = _pipelines(entries)
    wanted = {address.name for address in desired}
    if len(pipelines) < _FEW or not set(pipelines) <= leaving - wanted:
        return []
    return [
        Diagnostic(
            code="all-pipelines-removed",
            severity=Severity.WARNING,
            summary=f"the plan deletes all {len(pipelines)} pipelines, because no manifest describes them",
            detail=f"The pipelines are {_named(pipelines)}.",
            hint="If their files were moved or renamed, correct `manifests` in flowctl.yaml.",
        )
    ]


def _no_manifest(diagnostic: Diagnostic, entries: Mapping[Address, LockEntry], environment: str) -> Diagnostic:
    return replace(
        diagnostic,
        detail=f"{diagnostic.detail} {_record(entries, environment)}",
        hint=f"If the manifests were moved or renamed, correct `manifests` in flowctl.yaml, `-C` or `-e`. To delete "
        f"everything in the lockfile, run `flowctl -e {environment} destroy`.",
    )


def _no_folder(diagnostic: Diagnostic, entries: Mapping[Address, LockEntry], environment: str) -> Diagnostic:
    """Taking the folder out of `manifests` would plan the deletion of all that was described in it."""
    return replace(
        diagnostic,
        detail=f"{diagnostic.detail} {_record(entries, environment)}".strip(),
        hint=f"{diagnostic.hint} If you remove the folder from `manifests`, the next plan deletes the objects that its "
        "manifests described.",
    )


_TOLD = {"no-manifests": _no_manifest, "manifests-folder": _no_folder}


def _record(entries: Mapping[Address, LockEntry], environment: str) -> str:
    pipelines = _pipelines(entries)
    objects = f"{len(entries)} entr{'y' if len(entries) == 1 else 'ies'}"
    of_pipelines = (
        f", among them the pipeline{'' if len(pipelines) == 1 else 's'} {_named(pipelines)}" if pipelines else ""
    )
    return f"The lockfile of environment {environment} has {objects}{of_pipelines}."


def _pipelines(entries: Iterable[Address]) -> list[str]:
    # Imported where something is recorded: `validate` of a good workspace needs no kinds.
    from flowctl.kinds.registry import KINDS

    return sorted({address.name for address in entries if KINDS[address.kind].is_pipeline})


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
