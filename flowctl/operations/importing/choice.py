"""Which flows an import is about: all of a sandbox, or those that a person names by ID or by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from flowctl.manifest.document import Document
from flowctl.model.errors import ManifestError
from flowctl.model.selection import EVERYTHING, Selection
from flowctl.operations.importing.sandbox import Part, Told, adoptable, all_flows, flows_by_id
from flowctl.operations.importing.selected import selected_flows
from flowctl.operations.session import Session
from flowctl.validation.wording import nearest, quoted


@dataclass(frozen=True, slots=True)
class Choice:
    """IDs and names of flows, the latter with `*` and `?`, every flow if there are none; of these, a selection."""

    patterns: tuple[str, ...] = ()
    selection: Selection = EVERYTHING

    def why_not(self, flow: Part) -> str | None:
        """Why a chosen flow is not meant."""
        return adoptable().why_not(flow.live.body)


def chosen_flows(session: Session, choice: Choice, documents: Sequence[Document], told: Told) -> list[Part]:
    """The flows that are chosen. Raises ManifestError for a choice that nothing fits."""
    flows = _named_flows(session, choice, told)
    if not choice.selection:
        return flows
    return selected_flows(
        flows, choice.selection, documents, root=session.workspace.root, environment=session.environment.name
    )


def _named_flows(session: Session, choice: Choice, told: Told) -> list[Part]:
    if not choice.patterns:
        return [flow for flow in all_flows(session, told) if choice.why_not(flow) is None]
    by_id = flows_by_id(session, choice.patterns)
    found = {flow.live.id: flow for flow in by_id}
    patterns = [pattern for pattern in choice.patterns if pattern not in found]
    known = list(all_flows(session, told)) if patterns else []
    problems = []
    for pattern in patterns:
        matching = [flow for flow in known if fnmatchcase(flow.title, pattern)]
        if not matching:
            problems.append(_nothing(pattern, known))
        found |= {flow.live.id: flow for flow in matching}
    if problems:
        raise ManifestError([diagnostic for problem in problems for diagnostic in problem.diagnostics])
    return list(found.values())


def _nothing(pattern: str, known: Sequence[Part]) -> ManifestError:
    near = nearest(pattern, {flow.title for flow in known})
    return ManifestError.because(
        "import-nothing-named",
        f"no dataflow of a source has the ID or the name {quoted(pattern)}",
        hint=f"Did you mean {quoted(near)}?" if near else "Check the name in the Experience Platform UI.",
    )
