"""What manifests say about the health of pipelines: their names, and their `health`."""

from flowctl.manifest.document import Manifests
from flowctl.model.diagnostic import has_errors
from flowctl.model.durations import seconds_of
from flowctl.model.health import Thresholds

_PIPELINE = "Pipeline"


def declared_pipelines(manifests: Manifests) -> list[str]:
    """The names of the pipelines that manifests declare."""
    return [document.name for document in manifests.documents if document.kind == _PIPELINE and document.name]


def declared_limits(manifests: Manifests, default: Thresholds | None = None) -> dict[str, Thresholds]:
    """The limits of each pipeline with `health`: what it leaves out is as in `default`.

    Manifests with errors declare none.
    """
    if has_errors(manifests.diagnostics):
        return {}
    base = default or Thresholds()
    return {
        document.name: _limits(health, base)
        for document in manifests.documents
        if document.kind == _PIPELINE and isinstance(health := document.at("health"), dict)
    }


def _limits(health: dict[str, object], base: Thresholds) -> Thresholds:
    percent, overdue, least = (health.get(name) for name in ("maxFailedPercent", "overdue", "minRecords"))
    return Thresholds(
        max_failed_percent=float(percent) if isinstance(percent, int | float) else base.max_failed_percent,
        tolerance=seconds_of(overdue) if isinstance(overdue, str) else base.tolerance,
        min_records=int(least) if isinstance(least, int | float) else base.min_records,
    )
