"""Plans and approval: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import EITHER, ERROR, WARNING, Area, DiagnosticCode

AREA: Final = Area(
    "Plans and approval",
    (
        DiagnosticCode(
            "not-approved",
            "Not approved",
            ERROR,
            meaning="The answer was not `yes`, or there is no terminal to ask.",
            cure="Answer `yes`, give `--auto-approve`, or apply a saved plan.",
        ),
        DiagnosticCode(
            "prevent-destroy",
            "Deletion prevented by lifecycle",
            ERROR,
            meaning="The plan would delete or replace an object that is guarded by `lifecycle.preventDestroy`.",
            cure="Undo the edit; or remove the guard, apply that, and then go on.",
        ),
        DiagnosticCode(
            "too-many-deletions",
            "Too many deletions",
            ERROR,
            meaning="The plan deletes or replaces more than `--max-delete` or `maxDelete` allows.",
            cure="Look at the plan. If it is right, give a higher `--max-delete`.",
        ),
        DiagnosticCode(
            "duplicate-object",
            "Duplicate object",
            EITHER,
            meaning="The plan would create an object that the platform already has and the lockfile does not record: "
            "it has the same title, or it reads the same source and writes to the same dataset. A warning if "
            "`--allow-duplicates` is given.",
            cure="Record it with `flowctl state repair`, as `ADDRESS=ID` if several objects have the title; or "
            "give `--allow-duplicates`. See [State](../concepts/state.md#what-nothing-records).",
        ),
        DiagnosticCode(
            "similar-object",
            "Similar object",
            WARNING,
            meaning="An object has the title of one that will be created, and is another one: another connector, or "
            "another flow spec.",
            cure="Choose another title if people could confuse the two.",
        ),
        DiagnosticCode(
            "all-pipelines-removed",
            "All pipelines removed",
            WARNING,
            meaning="The plan removes every recorded pipeline (at least two), because no manifest describes them.",
            cure="If their files were moved or renamed, correct `manifests` in `flowctl.yaml`.",
        ),
        DiagnosticCode(
            "plan-has-errors",
            "Plan has errors",
            ERROR,
            meaning="A plan with errors cannot be saved.",
            cure="Correct the errors.",
        ),
        DiagnosticCode(
            "plan-file-unwritable",
            "Plan file cannot be written",
            ERROR,
            meaning="The plan cannot be saved there. A plan is saved where nothing stands, or in place of a saved "
            "plan. Lockfiles, manifests, links and everything else stay as they are.",
            cure="Give `--out` another path.",
        ),
        DiagnosticCode(
            "not-a-plan-file",
            "Not a saved plan",
            ERROR,
            meaning="The file is not a saved plan, is damaged, or is one of another release.",
            cure="Save one with `plan --out FILE`.",
        ),
        DiagnosticCode(
            "plan-elsewhere",
            "Saved plan of another environment",
            ERROR,
            meaning="The plan file was saved for another environment.",
            cure="Give `-e` with that environment.",
        ),
        DiagnosticCode(
            "plan-stale",
            "Stale saved plan",
            ERROR,
            meaning="Manifests, endpoint, environment, lockfile, secrets or platform have changed since the plan was "
            "saved. The message says which.",
            cure="Plan again and review the new plan.",
        ),
    ),
)
