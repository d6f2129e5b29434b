"""The dataflows of pipelines that the lockfile records, by the names of the pipelines."""

from collections.abc import Mapping, Sequence

from flowctl.kinds.registry import KINDS
from flowctl.model.errors import ManifestError
from flowctl.model.selection import Choice
from flowctl.state.ledger import Ledger
from flowctl.validation.wording import did_you_mean, nearest, quoted


def recorded_flows(ledger: Ledger) -> dict[str, str]:
    """The ID of each recorded dataflow by its pipeline."""
    entries = ledger.lockfile.entries
    return {address.name: entry.id for address, entry in sorted(entries.items()) if KINDS[entry.kind].is_pipeline}


def recorded_names(ledger: Ledger, choice: Choice) -> list[str]:
    """The pipelines of a choice that have a recorded dataflow."""
    chosen = pipelines_of(choice)
    return [name for name in recorded_flows(ledger) if name in chosen]


def pipelines_of(choice: Choice) -> frozenset[str]:
    """The pipelines of a choice: those of manifests, and those that only the lockfile has."""
    gone = frozenset(address.name for address in choice.gone if KINDS[address.kind].is_pipeline)
    return choice.names("Pipeline") | gone


def chosen_flows(ledger: Ledger, names: Sequence[str] | None, environment: str) -> Mapping[str, str]:
    """The recorded dataflows of these pipelines, or with None of all. Raises ManifestError if one has none."""
    flows = recorded_flows(ledger)
    unknown = next((name for name in names or () if name not in flows), None)
    if unknown is not None:
        raise ManifestError.because(
            "pipeline-not-applied",
            f"the lockfile of environment {environment} has no dataflow of a pipeline named {quoted(unknown)}",
            hint=did_you_mean(nearest(unknown, flows), "Run `flowctl apply` first, or use another `--environment`."),
        )
    return {name: flows[name] for name in names} if names is not None else flows
