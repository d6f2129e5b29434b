"""The dataflows of pipelines that the lockfile records, by the names of the pipelines."""

from collections.abc import Mapping, Sequence

from flowctl.kinds.registry import KINDS
from flowctl.model.errors import ManifestError
from flowctl.state.ledger import Ledger
from flowctl.validation.wording import did_you_mean, nearest, quoted


def recorded_flows(ledger: Ledger) -> dict[str, str]:
    """The ID of each recorded dataflow by its pipeline."""
    entries = ledger.lockfile.entries
    return {address.name: entry.id for address, entry in sorted(entries.items()) if KINDS[entry.kind].is_pipeline}


def chosen_flows(ledger: Ledger, names: Sequence[str], environment: str) -> Mapping[str, str]:
    """The recorded dataflows of these pipelines, or all. Raises ManifestError for a pipeline without one."""
    flows = recorded_flows(ledger)
    unknown = next((name for name in names if name not in flows), None)
    if unknown is not None:
        raise ManifestError.because(
            "pipeline-not-applied",
            f"the lockfile of environment {environment} has no dataflow of a pipeline named {quoted(unknown)}",
            hint=did_you_mean(nearest(unknown, flows), "Run `flowctl apply` first, or use another `--environment`."),
        )
    return {name: flows[name] for name in names} if names else flows
