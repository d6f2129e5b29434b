"""Policies of a plan: the entries that rules look at, and what the rules say of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Document
from flowctl.manifest.documents.policy import LAST_RUN
from flowctl.manifest.graph import Declaration, declarations
from flowctl.manifest.index import Named
from flowctl.manifest.pulled import NOTHING, Pulled
from flowctl.manifest.schema_facts import schema_facts
from flowctl.model.address import Address
from flowctl.model.attribute_path import Path
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import SourceSpan, in_file_order
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.plan import Plan
from flowctl.model.resource import Resource
from flowctl.model.values import transform
from flowctl.policies.judging import breaches
from flowctl.policies.policy_input import XDM, Entry, as_written
from flowctl.policies.rule import Rule, Weight, asks_for, rules_of, waivers_of
from flowctl.policies.sentences import day_of, diagnostic_of, waiver_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What rules may look at beside the plan and its documents.

    `documents` are all of the workspace, by kind and name. `last_runs` reads the last run of each pipeline, and is
    called only if a rule asks for one.
    """

    documents: Named = field(default_factory=Named)
    pulled: Pulled = NOTHING
    last_runs: Callable[[], Mapping[str, JSONObject]] = dict


def judged(
    plan: Plan,
    desired: Mapping[Address, Resource],
    documents: Sequence[Document],
    policies: Sequence[Document],
    known: Known,
) -> Plan:
    """The plan with what the rules of the policies say of it, and the rules that ask for an approval.

    `documents` are those that the plan is made from. Raises PlatformError if a rule asks for runs that cannot be read.
    """
    rules = rules_of(policies)
    today = day_of(plan.made_at or 0)
    entries = list(_with_facts(list(_entries(plan, desired, documents)), rules, known))
    found = list(breaches(rules, entries))
    asking = {
        breach.rule.id for breach in found if breach.rule.weight is Weight.APPROVAL and waiver_of(breach, today) is None
    }
    told = in_file_order(diagnostic_of(breach, today) for breach in found)
    return replace(plan, diagnostics=(*plan.diagnostics, *told), approvals=tuple(sorted(asking)))


def _entries(plan: Plan, desired: Mapping[Address, Resource], documents: Sequence[Document]) -> Iterator[Entry]:
    """The documents of a plan, and then its resources, the unchanged ones too."""
    changes = (*plan.changes, *plan.kept)
    declared = declarations(documents, frozenset(change.address for change in changes))
    by_document: dict[Document, list[Change]] = {}
    for change in changes:
        if change.address in declared:
            by_document.setdefault(declared[change.address].document, []).append(change)
    for document, parts in by_document.items():
        yield _document(plan, document, parts)
    for change in changes:
        yield _resource(plan, change, declared.get(change.address), desired.get(change.address))


def _with_facts(entries: Sequence[Entry], rules: Sequence[Rule], known: Known) -> Iterator[Entry]:
    """The entries with what rules ask for besides: facts of schemas, and last runs."""
    has_xdm = asks_for(rules, XDM)
    runs = known.last_runs() if asks_for(rules, LAST_RUN) else {}
    for entry in entries:
        document = entry.document
        xdm = schema_facts(document, known.documents, known.pulled) if has_xdm and document is not None else {}
        last_run = runs.get(entry.pipeline, {}) if entry.pipeline is not None else {}
        yield replace(entry, xdm=xdm, last_run=last_run) if xdm or last_run else entry


def _document(plan: Plan, document: Document, parts: Sequence[Change]) -> Entry:
    actions = {str(change.action) for change in parts}
    moving = actions - {str(Action.NO_OP)}
    return Entry(
        kind=document.kind,
        name=document.name,
        environment=plan.environment,
        actions=frozenset(moving or actions),
        body=as_written(document),
        pipeline=document.name if any(KINDS[change.kind].is_pipeline for change in parts) else None,
        labels=_labels(document),
        effects=frozenset(str(effect) for change in parts for effect in change.effects),
        place=document.span,
        waivers=waivers_of(document),
        document=document,
    )


def _resource(plan: Plan, change: Change, declaration: Declaration | None, resource: Resource | None) -> Entry:
    document = declaration.document if declaration is not None else None
    is_wanted = change.action not in (Action.DELETE, Action.FORGET)
    attributes: JSONObject = transform(dict(change.desired if is_wanted else change.observed), str)
    entry = Entry(
        kind=change.kind,
        name=change.address.name,
        environment=plan.environment,
        actions=frozenset({str(change.action)}),
        body=attributes,
        address=change.address,
        effects=frozenset(map(str, change.effects)),
    )
    if document is None or declaration is None:
        return entry
    declared = resource or declaration.resource

    def place(*path: str | int) -> SourceSpan | None:
        return declared.place(*_keyed(path, attributes, KINDS[change.kind].keyed_lists))

    return replace(
        entry,
        pipeline=document.name if any(KINDS[address.kind].is_pipeline for address in declaration.together) else None,
        labels=_labels(document),
        place=place,
        waivers=waivers_of(document),
        document=document,
    )


def _labels(document: Document) -> Mapping[str, str]:
    return {str(name): str(value) for name, value in (document.at("metadata", "labels") or {}).items()}


def _keyed(path: tuple[str | int, ...], value: JSON, keyed_lists: Mapping[Path, str]) -> Path:
    """A place with `[key]` in place of each number, as places of attributes are looked up."""
    steps: Path = ()
    for step in path:
        is_there = isinstance(value, Mapping | list | tuple)
        value = value[step] if is_there and (isinstance(step, int) or step in value) else None
        if isinstance(step, str):
            steps = (*steps, step)
        else:
            key = keyed_lists.get(steps)
            steps = (*steps, f"[{value.get(key) if key and isinstance(value, Mapping) else step}]")
    return steps
