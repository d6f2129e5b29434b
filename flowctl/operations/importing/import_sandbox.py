"""Import a sandbox: read it, describe what nothing records, prove it, and write manifests and an Import document."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from flowctl.durable import remove_second_names
from flowctl.kinds.kind import Use
from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Manifests
from flowctl.masking.parts import texts_of
from flowctl.model.attribute_path import value_at
from flowctl.model.diagnostic import Severity, in_file_order
from flowctl.model.errors import FlowctlError, ManifestError, PlatformError, StateError
from flowctl.model.import_report import BoundObject, ImportedSandbox, SkippedObject, WrittenFile
from flowctl.model.resource import Sensitive
from flowctl.model.values import walk
from flowctl.operations.importing.choice import Choice, chosen_flows
from flowctl.operations.importing.clashes import clashing, left_over
from flowctl.operations.importing.describing import Describing
from flowctl.operations.importing.drafts import Drafts
from flowctl.operations.importing.files import files_of
from flowctl.operations.importing.known import Known, known_of
from flowctl.operations.importing.matching import Bindings, bindings
from flowctl.operations.importing.obstacles import obstacle, shared
from flowctl.operations.importing.places import Places
from flowctl.operations.importing.referred import has_own_fields, referred_objects
from flowctl.operations.importing.sandbox import Part, Reading, Sandbox, Told, read_sandbox
from flowctl.operations.new_files import Unwritten, write_all
from flowctl.operations.reading_threads import reading_threads
from flowctl.operations.session import Session
from flowctl.operations.tenant import tenant_of
from flowctl.settings.workspace import Workspace

_EMPTY: Final = frozenset({"no-manifests", "manifests-folder"})
"""Problems of a workspace that has no manifests yet."""


def import_sandbox(
    session: Session,
    manifests: Manifests,
    choice: Choice,
    *,
    out: str | None,
    reload: Callable[[], Manifests] | None,
    told: Told,
) -> ImportedSandbox:
    """Describe the live flows that nothing records, and what they stand on.

    Everything is read before anything is written. `reload` reads the manifests again; without it, nothing is written.
    Raises ManifestError for a workspace with errors, for a choice that names no flow and for a folder that is not read,
    StateError if the manifests change meanwhile, PlatformError, and FlowctlError for a file that cannot be written.
    """
    errors = [each for each in manifests.diagnostics if each.severity is Severity.ERROR and each.code not in _EMPTY]
    if errors:
        raise ManifestError(in_file_order(errors))
    places = Places(session.workspace, out)
    known = known_of(session, manifests)
    reading = Reading(session, told)
    sandbox = _read(reading, manifests, known, choice)
    shown = [secret for part in sandbox.parts.values() for secret in _secrets(part)]
    session.secrets.add(*shown)
    reasons = _obstacles(choice, known, sandbox)
    bound = bindings(known.desired, known.ids, sandbox, _left(sandbox, reasons))
    reasons |= clashing(bound, known, sandbox, _left(sandbox, reasons))
    unbound = [flow for flow in _left(sandbox, reasons) if flow.key not in bound.addresses]
    described = Describing(
        session=session,
        known=known,
        bound=bound,
        sandbox=sandbox,
        secrets=frozenset(shown),
        tenant=tenant_of(session) if any(has_own_fields(sandbox, flow) for flow in unbound) else "",
    ).describe(unbound)
    drafts = described.drafts
    files = files_of(drafts, bound, known, session.environment.name, places)
    if reload is not None:
        _clean(session.workspace, manifests)
    if reload is not None and files:
        _require_unchanged(manifests, reload())
        _write(session.workspace, [(file.file, text) for file, text in files])
    skipped = [*_skipped(sandbox, {**reasons, **described.reasons}), *_unreadable(reading, choice, known)]
    return replace(
        _report(known, bound, drafts, [file for file, _ in files], skipped),
        environment=session.environment.name,
        referred=referred_objects(described, sandbox, known, bound),
        is_written=reload is not None,
        diagnostics=in_file_order(left_over(bound, drafts.addresses, known)),
    )


def _require_unchanged(before: Manifests, now: Manifests) -> None:
    """Raise StateError if someone wrote manifests meanwhile: an import for another environment, for example."""
    if now.digest != before.digest:
        raise StateError.because(
            "manifest-changed",
            "the manifests were changed while this import ran",
            detail="The import wrote no file.",
            hint="Run the import again.",
        )


def _clean(workspace: Workspace, manifests: Manifests) -> None:
    """Remove what an import that was killed left beside the files that it wrote."""
    written = {workspace.root / document.file for document in manifests.documents}
    for folder in {workspace.root, *(file.parent for file in written)}:
        remove_second_names(folder)


def _write(workspace: Workspace, texts: Sequence[tuple[str, str]]) -> None:
    """Write the manifests: what others refer to comes first, and what records the objects last.

    So a run that is killed in between leaves manifests that the next import finds and binds.
    """
    try:
        write_all(workspace.root, texts, folders=workspace.manifests)
    except Unwritten as error:
        raise FlowctlError.because(
            "import-unwritable",
            f"{error.place} cannot be written: {error.why}",
            detail="The files that this import wrote before are removed again.",
            hint="Free disk space, correct the permissions, or move what is in the way; then run the import again.",
        ) from error


def _read(reading: Reading, manifests: Manifests, known: Known, choice: Choice) -> Sandbox:
    """What the import is about. An error of Experience Platform says that no file was written."""
    try:
        with reading_threads(reading.session) as pool:
            reading.session.authenticate()
            chosen = chosen_flows(reading, choice, manifests.documents)
            flows = [flow for flow in chosen if not known.is_taken(flow)]
            return read_sandbox(reading, flows, pool)
    except PlatformError as error:
        error.diagnostics = tuple(
            replace(each, detail=f"{each.detail} The import wrote no file.".lstrip()) for each in error.diagnostics
        )
        raise


def _obstacles(choice: Choice, known: Known, sandbox: Sandbox) -> dict[Use, str]:
    """Why flows are left out, as far as the live objects tell."""
    reasons = {flow.use: why for flow in sandbox.flows if (why := choice.why_not(flow))}
    reasons |= {flow.use: why for flow in _left(sandbox, reasons) if (why := obstacle(flow, sandbox))}
    owners = {use: f"`{address}`" for use, address in known.owners.items()}
    return reasons | shared(_left(sandbox, reasons), sandbox, owners)


def _left(sandbox: Sandbox, reasons: dict[Use, str]) -> list[Part]:
    return [flow for flow in sandbox.flows if flow.use not in reasons]


def _secrets(part: Part) -> Iterator[str]:
    """The secrets that the platform shows of an object, and their parts, so that nothing repeats them."""
    for path, value in walk(part.live.attributes):
        shown = value_at(part.live.body, path, {}) if isinstance(value, Sensitive) else None
        yield from texts_of(shown)


def _skipped(sandbox: Sandbox, reasons: dict[Use, str]) -> tuple[SkippedObject, ...]:
    return tuple(
        SkippedObject(kind=flow.kind.name, id=flow.live.id, name=flow.title, reason=reasons[flow.use])
        for flow in sandbox.flows
        if flow.use in reasons
    )


def _unreadable(reading: Reading, choice: Choice, known: Known) -> Iterator[SkippedObject]:
    """The flows that cannot be read, and that nothing records."""
    for one in reading.unreadable:
        if KINDS[one.kind].is_pipeline and choice.names(one) and Use(kind=one.kind, id=one.id) not in known.owners:
            reason = f"it cannot be read: {one.why}"
            yield SkippedObject(kind=one.kind, id=one.id, name=one.title, reason=reason)


def _report(
    known: Known,
    bound: Bindings,
    drafts: Drafts,
    written: Sequence[WrittenFile],
    skipped: Sequence[SkippedObject],
) -> ImportedSandbox:
    flows = sum(draft.subject.kind.is_pipeline for draft in drafts.drafts)
    return ImportedSandbox(
        environment="",
        written=tuple(written),
        bound=tuple(
            BoundObject(address=address, id=part.live.id, file=known.file_of(address))
            for address, part in sorted(bound.parts.items())
        ),
        skipped=tuple(skipped),
        is_written=False,
        objects=sum(len(draft.parts) for draft in drafts.drafts) + len(bound.parts),
        pipelines=flows + sum(KINDS[address.kind].is_pipeline for address in bound.parts),
        variables=drafts.variables,
    )
