"""Runs of dataflows: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import ERROR, WARNING, Area, DiagnosticCode

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
            "no-rejected-rows",
            "No rejected rows",
            ERROR,
            meaning="Experience Platform has no rejected rows of the run: it rejected none, the dataflow does not keep "
            "them, or they are older than 30 days.",
            cure="Set `options.errorDiagnosticsEnabled: true` in the manifest, so that later runs keep them.",
        ),
        DiagnosticCode(
            "rows-folder",
            "Folder for rejected rows cannot be used",
            ERROR,
            meaning="The folder that `--out` names is not empty, or cannot be written to.",
            cure="Use a new folder.",
        ),
        DiagnosticCode(
            "no-run",
            "Pipeline without a run",
            ERROR,
            meaning="`flowctl runs watch` has nothing to watch, because the pipeline has not run yet.",
            cure="Wait for its first run, or start one with `flowctl runs start`.",
        ),
        DiagnosticCode(
            "run-failed",
            "First run failed",
            ERROR,
            meaning="The changes are applied, and the first run of a pipeline failed, or with `--fail-on errors` "
            "rejected rows.",
            cure="Correct what the codes of the run are about, and apply again.",
        ),
        DiagnosticCode(
            "run-not-over",
            "Run not over in time",
            ERROR,
            meaning="The run has not ended within `--timeout`, or `--wait` of an apply. It goes on.",
            cure="Run the command again with a longer `--timeout`.",
        ),
        DiagnosticCode(
            "run-not-on-demand",
            "Run on demand not possible",
            ERROR,
            meaning="Experience Platform starts only dataflows with `schedule.frequency: once` on demand, and no "
            "streaming ones. Nothing was sent.",
            cure="Wait for the next scheduled run.",
        ),
        DiagnosticCode(
            "run-not-repeatable",
            "Run cannot be repeated",
            ERROR,
            meaning="Experience Platform repeats only runs that failed, and successful ones without a record. Nothing "
            "was sent.",
            cure="Run `flowctl runs start`, or wait for the next run if the pipeline has a schedule.",
        ),
        DiagnosticCode(
            "run-window",
            "Invalid window of a run",
            ERROR,
            meaning="`--to` is before `--from`, or the pipeline reads a table and has no delta column, or one that is "
            "not that of `--delta-column`. Nothing was sent.",
            cure="Correct the times, or use `--delta-column` with the column of the dataflow.",
        ),
        DiagnosticCode(
            "run-outcome-unknown",
            "Start interrupted",
            ERROR,
            meaning="You interrupted the command while it started a run, so that the run may exist.",
            cure="Look at `flowctl runs list` before you start another run.",
        ),
        DiagnosticCode(
            "runs-unread",
            "Runs not read",
            WARNING,
            meaning="A plan changes dataflows, and Experience Platform does not return their runs, so that the plan "
            "does not tell whether one is in progress.",
            cure="Run `flowctl status` before you apply.",
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
