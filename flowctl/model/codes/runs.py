"""Runs of dataflows: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import ERROR, Area, DiagnosticCode

AREA: Final = Area(
    "Runs",
    (
        DiagnosticCode(
            "pipeline-not-applied",
            "Pipeline without a dataflow",
            ERROR,
            meaning="The lockfile of the environment has no dataflow of the pipeline, so that it has no runs.",
            cure="Correct the name, apply the pipeline, or use another environment.",
        ),
        DiagnosticCode(
            "unknown-run",
            "No such run",
            ERROR,
            meaning="The sandbox has no run with this ID. Runs of other sandboxes cannot be read.",
            cure="Use an ID that `flowctl runs list` shows, or use the environment of the run.",
        ),
        DiagnosticCode(
            "since-in-future",
            "Beginning in the future",
            ERROR,
            meaning="`--since` begins later than the time of Experience Platform, which its replies show.",
            cure="Use a time in the past, or a duration such as `24h`.",
        ),
    ),
)
