"""Import a sandbox: read it, describe what nothing records, prove it, and write manifests and an Import document."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Final

from flowctl.kinds.kind import Use
from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.documents.import_objects import IMPORT_KIND
from flowctl.manifest.graph import desired_graph
from flowctl.manifest.reading.in_memory import beside
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.model.address import Address
from flowctl.model.attribute_path import value_at
from flowctl.model.diagnostic import Severity, in_file_order
from flowctl.model.errors import ManifestError, PlatformError
from flowctl.model.import_report import BoundObject, ImportedSandbox, SkippedObject, WrittenFile
from flowctl.model.resource import Resource, Sensitive
from flowctl.model.values import walk
from flowctl.operations.importing.choice import Choice, chosen_flows
from flowctl.operations.importing.drafts import Draft, Drafts, compose
from flowctl.operations.importing.matching import Bindings, bindings
from flowctl.operations.importing.names import names
from flowctl.operations.importing.obstacles import obstacle, shared
from flowctl.operations.importing.places import Places, folder_of
from flowctl.operations.importing.proof import unproven
from flowctl.operations.importing.sandbox import Part, Sandbox, Told, read_sandbox
from flowctl.operations.importing.writing import write_all
from flowctl.operations.imports import named_ids
from flowctl.operations.reading_threads import reading_threads
from flowctl.operations.session import Session
from flowctl.text.writer import document_text

_EMPTY: Final = frozenset({"no-manifests", "manifests-folder"})
"""Problems of a workspace that has no manifests yet."""
_FOLDERS: Final = folder_of(DOCUMENT_KINDS)


@dataclass(slots=True)
class _Known:
    """What the workspace describes or records already: its resources, and the IDs of those that have an object."""

    documents: Sequence[Document]
    desired: Mapping[Address, Resource]
    ids: dict[Address, str]
    old: frozenset[tuple[str, str]]

    def is_taken(self, part: Part) -> bool:
        """Whether an address stands for an object already."""
        return (part.kind.name, part.live.id) in self.owners or (part.kind.name, part.live.id) in self.old

    @property
    def owners(self) -> dict[tuple[str, str], Address]:
        """The address of each object."""
        return {(address.kind, object_id): address for address, object_id in self.ids.items()}


@dataclass(slots=True)
class _Outcome:
    """What became of the flows."""

    reasons: dict[Use, str] = field(default_factory=dict)
    drafts: Drafts = field(default_factory=lambda: Drafts(drafts=(), variables=()))
    files: dict[Draft, str] = field(default_factory=dict)


def import_sandbox(
    session: Session, manifests: Manifests, choice: Choice, *, out: str | None, writes: bool, told: Told
) -> ImportedSandbox:
    """Describe the live flows that nothing records, and what they stand on.

    Everything is read before anything is written. Raises ManifestError for a workspace with errors, for a choice that
    names no flow and for a folder that is not read, PlatformError, and NotWritten.
    """
    errors = [each for each in manifests.diagnostics if each.severity is Severity.ERROR and each.code not in _EMPTY]
    if errors:
        raise ManifestError(in_file_order(errors))
    places = Places(session.workspace, out)
    known = _known(session, manifests)
    sandbox = _read(session, known, choice, told)
    for part in sandbox.parts.values():
        session.secrets.add(*_secrets(part))
    outcome = _Outcome(reasons=_unwanted(choice, sandbox))
    outcome.reasons |= {flow.use: why for flow in _left(sandbox, outcome) if (why := obstacle(flow, sandbox))}
    outcome.reasons |= shared(_left(sandbox, outcome), sandbox, _owners(known))
    bound = bindings(known.desired, known.ids, sandbox, _left(sandbox, outcome))
    outcome.reasons |= {use: _differing(known, *found) for use, found in bound.differing.items()}
    _describe(session, known, bound, sandbox, outcome, places)
    texts = _texts(session, known, bound, outcome, places)
    if writes and texts:
        files = [(file.file, text) for file, text in texts]
        write_all(session.workspace.root, files, folders=session.workspace.manifests)
    return _report(session, known, bound, sandbox, outcome, texts, writes=writes)


def _read(session: Session, known: _Known, choice: Choice, told: Told) -> Sandbox:
    """What the import is about. An error of Experience Platform says that no file was written."""
    try:
        with reading_threads(session) as pool:
            session.authenticate()
            flows = [flow for flow in chosen_flows(session, choice, told) if not known.is_taken(flow)]
            return read_sandbox(session, flows, pool, told)
    except PlatformError as error:
        error.diagnostics = tuple(
            replace(each, detail=f"{each.detail} The import wrote no file.".lstrip()) for each in error.diagnostics
        )
        raise


def _known(session: Session, manifests: Manifests) -> _Known:
    entries = session.ledger.lockfile.entries
    named = named_ids(manifests.documents, session.environment.name)
    return _Known(
        documents=manifests.documents,
        desired=desired_graph(manifests.documents),
        ids={
            **{address: line.id for address, line in named.items()},
            **{address: entry.id for address, entry in entries.items()},
        },
        old=frozenset((entry.kind, one) for entry in entries.values() for one in entry.deposed),
    )


def _owners(known: _Known) -> dict[Use, str]:
    return {Use(kind=kind, id=one): f"`{address}`" for (kind, one), address in known.owners.items()}


def _left(sandbox: Sandbox, outcome: _Outcome) -> list[Part]:
    return [flow for flow in sandbox.flows if flow.use not in outcome.reasons]


def _unwanted(choice: Choice, sandbox: Sandbox) -> dict[Use, str]:
    """Flows that a person names and that are not meant, such as those to destinations."""
    return {flow.use: why for flow in sandbox.flows if (why := choice.why_not(flow))}


def _differing(known: _Known, address: Address, why: str) -> str:
    place = known.desired[address].span
    where = f"{place.file}:{place.line}" if place is not None else str(address)
    return f"{where} describes a dataflow of this title, and {why}"


def _secrets(part: Part) -> Iterator[str]:
    """The secrets that the platform shows of an object, so that no output repeats them."""
    for path, value in walk(part.live.attributes):
        shown = value_at(part.live.body, path, {}) if isinstance(value, Sensitive) else None
        if isinstance(shown, str):
            yield shown


def _describe(
    session: Session, known: _Known, bound: Bindings, sandbox: Sandbox, outcome: _Outcome, places: Places
) -> None:
    """Compose documents until every one of them is proven; what cannot be proven is left out or referred to."""
    undescribed = {
        part.use for part in sandbox.parts.values() if not part.kind.is_pipeline and part.kind.obstacle(part.live)
    }
    addresses = {
        **{Use(kind=kind, id=one): address for (kind, one), address in known.owners.items()},
        **{Use(kind=kind, id=one): address for (kind, one), address in bound.ids.items()},
    }
    bound_flows = {part.use for part in bound.parts.values()}
    while True:
        flows = [flow for flow in _left(sandbox, outcome) if flow.use not in bound_flows]
        outcome.drafts = compose(flows, sandbox, known.documents, addresses, undescribed)
        names_of_files = {draft: f"{draft.kind.name}/{draft.name}" for draft in outcome.drafts.drafts}
        wrong = _problems(session, known, bound, sandbox, outcome.drafts, names_of_files)
        if not wrong:
            break
        for draft, why in wrong.items():
            if draft.subject.kind.is_pipeline:
                outcome.reasons[draft.subject.use] = why
            else:
                undescribed.add(draft.subject.use)
    outcome.files = {draft: places.of(_FOLDERS[draft.kind.name], draft.name) for draft in outcome.drafts.drafts}


def _problems(
    session: Session,
    known: _Known,
    bound: Bindings,
    sandbox: Sandbox,
    drafts: Drafts,
    files: Mapping[Draft, str],
) -> dict[Draft, str]:
    """What is wrong with each draft: as a manifest, or as a description of its live objects."""
    texts = {files[draft]: document_text(draft.content) for draft in drafts.drafts}
    documents, diagnostics = beside(known.documents, texts)
    by_file = {file: draft for draft, file in files.items()}
    errors = [each for each in diagnostics if each.severity is Severity.ERROR]
    wrong: dict[Draft, str] = {}
    for error in errors:
        draft = by_file.get(error.span.file) if error.span is not None else None
        if draft is None:
            raise ManifestError([error])
        wrong.setdefault(draft, f"a manifest cannot say it: {error.summary}")
    if wrong:
        return wrong
    desired = {**known.desired, **desired_graph([*known.documents, *documents])}
    parts = {address: part for draft in drafts.drafts for address, part in draft.addresses.items()} | bound.parts
    needed = _with_dependencies(parts, desired)
    now = session.clock.now()
    why = unproven(needed, parts, session.ledger.lockfile, sandbox, now / 1000 if now is not None else time.time())
    return {
        draft: next(why[address] for address in draft.addresses if address in why)
        for draft in drafts.drafts
        if any(address in why for address in draft.addresses)
    }


def _with_dependencies(
    addresses: Mapping[Address, Part], desired: Mapping[Address, Resource]
) -> dict[Address, Resource]:
    needed: dict[Address, Resource] = {}
    waiting = list(addresses)
    while waiting:
        address = waiting.pop()
        if address not in needed:
            needed[address] = desired[address]
            waiting += desired[address].depends_on
    return {address: resource for address, resource in desired.items() if address in needed}


def _texts(
    session: Session, known: _Known, bound: Bindings, outcome: _Outcome, places: Places
) -> list[tuple[WrittenFile, str]]:
    """Every file to write with its text, in the order in which they are written."""
    drafts = outcome.drafts.drafts
    texts = [
        (WrittenFile(file=outcome.files[draft], addresses=tuple(draft.addresses)), document_text(draft.content))
        for draft in drafts
    ]
    objects = {address: part.live.id for draft in drafts for address, part in draft.addresses.items()}
    objects |= {address: part.live.id for address, part in sorted(bound.parts.items())}
    if not objects:
        return []
    if outcome.drafts.variables:
        texts.append((WrittenFile(file=places.free(PurePosixPath(".env.example"))), _example(outcome.drafts.variables)))
    environment = session.environment.name
    taken = {document.name for document in known.documents if document.kind == IMPORT_KIND}
    name = names([("", environment)], taken, "environment")[""]
    content = {
        "apiVersion": "flowctl/v1",
        "kind": IMPORT_KIND,
        "metadata": {"name": name},
        "environment": environment,
        "objects": objects,
    }
    texts.append((WrittenFile(file=places.of(_FOLDERS[IMPORT_KIND], name)), document_text(content)))
    return texts


def _example(variables: Sequence[str]) -> str:
    head = "# The secrets of the imported connections. Copy this file to .env, and never commit that one.\n"
    return head + "".join(f"{variable}=\n" for variable in variables)


def _report(
    session: Session,
    known: _Known,
    bound: Bindings,
    sandbox: Sandbox,
    outcome: _Outcome,
    texts: Sequence[tuple[WrittenFile, str]],
    *,
    writes: bool,
) -> ImportedSandbox:
    def file_of(address: Address) -> str:
        place = known.desired[address].span
        return place.file if place is not None else ""

    flows = [draft for draft in outcome.drafts.drafts if draft.subject.kind.is_pipeline]
    return ImportedSandbox(
        environment=session.environment.name,
        written=tuple(file for file, _ in texts),
        bound=tuple(
            BoundObject(address=address, id=part.live.id, file=file_of(address))
            for address, part in sorted(bound.parts.items())
        ),
        skipped=tuple(
            SkippedObject(kind=flow.kind.name, id=flow.live.id, name=flow.title, reason=outcome.reasons[flow.use])
            for flow in sandbox.flows
            if flow.use in outcome.reasons
        ),
        is_written=writes,
        objects=sum(len(draft.parts) for draft in outcome.drafts.drafts) + len(bound.parts),
        pipelines=len(flows) + sum(KINDS[address.kind].is_pipeline for address in bound.parts),
        variables=outcome.drafts.variables,
    )
