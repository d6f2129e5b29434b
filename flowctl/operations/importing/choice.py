"""Which flows an import is about: all of a sandbox, or those that a person names by ID or by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from flowctl.engine.observe.unreadable import Unreadable
from flowctl.manifest.document import Document
from flowctl.model.errors import ManifestError
from flowctl.model.selection import EVERYTHING, Selection
from flowctl.operations.importing.sandbox import Part, Reading, adoptable, all_flows, flows_by_id
from flowctl.operations.importing.selected import selected_flows
from flowctl.validation.wording import nearest, quoted


@dataclass(frozen=True, slots=True)
class Choice:
    """IDs and names of flows, the latter with `*` and `?`, every flow if there are none; of these, a selection."""

    patterns: tuple[str, ...] = ()
    selection: Selection = EVERYTHING

    def names(self, one: Unreadable) -> bool:
        """Whether a flow that cannot be read is meant, as far as it tells."""
        if self.patterns:
            return one.id in self.patterns or any(fnmatchcase(one.title, pattern) for pattern in self.patterns)
        return not self.selection

    def why_not(self, flow: Part) -> str | None:
        """Why a chosen flow is not meant."""
        return adoptable().why_not(flow.live.body)


def chosen_flows(reading: Reading, choice: Choice, documents: Sequence[Document]) -> list[Part]:
    """The flows that are chosen. Raises ManifestError for a choice that nothing fits."""
    flows = _named_flows(reading, choice)
    if not choice.selection:
        return flows
    session = reading.session
    return selected_flows(
        flows, choice.selection, documents, root=session.workspace.root, environment=session.environment.name
    )


def _named_flows(reading: Reading, choice: Choice) -> list[Part]:
    if not choice.patterns:
        return [flow for flow in all_flows(reading) if choice.why_not(flow) is None]
    by_id = flows_by_id(reading, choice.patterns)
    found = {flow.live.id: flow for flow in by_id}
    there = found.keys() | {one.id for one in reading.unreadable}
    patterns = [pattern for pattern in choice.patterns if pattern not in there]
    known = list(all_flows(reading)) if patterns else []
    problems = []
    for pattern in patterns:
        matching = [flow for flow in known if fnmatchcase(flow.title, pattern)]
        if not matching and not any(fnmatchcase(one.title, pattern) for one in reading.unreadable):
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
        hint=f"Did you mean {quoted(near)}?" if near else "Run `flowctl import --dry-run` to see the dataflows.",
    )
