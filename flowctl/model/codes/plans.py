"""Plans and approval: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import EITHER, ERROR, WARNING, Area, DiagnosticCode

AREA: Final = Area(
    "Plans and approval",
    (
        DiagnosticCode(
            "irreversible",
            "Change cannot be undone",
            ERROR,
            meaning="The plan makes a change that nobody can take back, such as enabling an XDM schema for Profile.",
            cure="Review the plan. If it is right, run `apply`, or `plan --out` before it, with "
            "`--allow-irreversible`.",
        ),
        DiagnosticCode(
            "not-approved",
            "Not approved",
            ERROR,
            meaning="You did not enter `yes`, or there is no terminal to ask.",
            cure="Enter `yes`, use `--auto-approve`, or apply a saved plan.",
        ),
        DiagnosticCode(
            "prevent-destroy",
            "Deletion prevented by lifecycle",
            ERROR,
            meaning="The plan would delete or replace an object with `lifecycle.preventDestroy`.",
            cure="Undo the edit. If the object must go, set `preventDestroy: false`, apply that, and then make the "
            "edit again.",
        ),
        DiagnosticCode(
            "drift",
            "Drift",
            WARNING,
            meaning="An object was changed outside flowctl since the last apply, or is no longer found. Only `--format "
            "github`, `gitlab` and `sarif` show it with this code.",
            cure="Read the plan: it shows what the next apply does about it. `flowctl drift` shows who changed it.",
        ),
        DiagnosticCode(
            "not-accepted",
            "Drift not accepted",
            WARNING,
            meaning="`flowctl drift --accept` cannot write a live value into the manifests: a substitution, an anchor, "
            "an alias or a file of mappings makes the value, no key stands for it, or the object is not found.",
            cure="Change the manifest by hand, or restore the recorded value with `flowctl apply`.",
        ),
        DiagnosticCode(
            "manifest-changed",
            "Manifest changed meanwhile",
            ERROR,
            meaning="Someone edited a manifest while `flowctl drift --accept` or `flowctl import` ran.",
            cure="Run the command again.",
        ),
        DiagnosticCode(
            "manifest-unwritable",
            "Manifest cannot be written",
            ERROR,
            meaning="A manifest that `flowctl drift --accept` edits, `flowctl fmt` formats, or `flowctl new` "
            "writes, cannot be written. No manifest was changed.",
            cure="Correct the permissions or free disk space, and run the command again. `new` replaces no file: use "
            "another name if one exists.",
        ),
        DiagnosticCode(
            "too-many-deletions",
            "Too many deletions",
            ERROR,
            meaning="The plan deletes or replaces more resources than `--max-delete` or `maxDelete` allows.",
            cure="Review the plan. If it is right, use a higher `--max-delete`.",
        ),
        DiagnosticCode(
            "duplicate-object",
            "Duplicate object",
            EITHER,
            meaning="The plan would create an object that Experience Platform already has and that is not in the "
            "lockfile: one with the same title, or a dataflow with the same source and dataset. A warning with "
            "`--allow-duplicates`.",
            cure="Add it to the lockfile with `flowctl state repair`, or with `flowctl state repair ADDRESS=ID` if "
            "several objects have the title. Use `--allow-duplicates` to create another one. See "
            "[State](../concepts/state.md#what-nothing-records).",
        ),
        DiagnosticCode(
            "similar-object",
            "Similar object",
            WARNING,
            meaning="An object has the title of a new one, but another connector or flow spec.",
            cure="Change the title if people could confuse the two.",
        ),
        DiagnosticCode(
            "impossible-state",
            "Impossible change of state",
            ERROR,
            meaning="`state` of a pipeline cannot be reached from the state of the live flow: a published flow cannot "
            "become a draft, and a draft can only be published.",
            cure="Write a state that can be reached, such as `disabled` in place of `draft`.",
        ),
        DiagnosticCode(
            "probable-rename",
            "Probable rename",
            WARNING,
            meaning="A new document has the content of one that is no longer in the manifests. The plan would delete "
            "the old objects and create new ones.",
            cure="If it was renamed, add the `moved` line in the message to `flowctl.yaml`. See [Rename, move, guard, "
            "delete](../guides/renaming-and-deleting.md#titles-and-names).",
        ),
        DiagnosticCode(
            "moved-conflict",
            "Contradictory moved line",
            ERROR,
            meaning="A line of `moved` in `flowctl.yaml` contradicts another one, the manifests or the lockfile: both "
            "names exist, no document has the new name, or the lines form a circle.",
            cure="Correct or remove the line. Lines that have done their work may be removed.",
        ),
        DiagnosticCode(
            "all-pipelines-removed",
            "All pipelines removed",
            WARNING,
            meaning="The plan removes every pipeline in the lockfile (at least two), because no manifest declares "
            "them.",
            cure="If the files were moved or renamed, correct `manifests` in `flowctl.yaml`.",
        ),
        DiagnosticCode(
            "plan-has-errors",
            "Plan has errors",
            ERROR,
            meaning="flowctl does not save a plan with errors.",
            cure="Fix the errors, and run the command again.",
        ),
        DiagnosticCode(
            "plan-file-unwritable",
            "Plan file cannot be written",
            ERROR,
            meaning="flowctl cannot save the plan there. It creates a new file or replaces a saved plan, and never "
            "writes over any other file.",
            cure="Use another path with `--out`.",
        ),
        DiagnosticCode(
            "not-a-plan-file",
            "Not a saved plan",
            ERROR,
            meaning="The file does not exist, is not a saved plan, is damaged, or comes from another release.",
            cure="Save a plan with `flowctl plan --out FILE`.",
        ),
        DiagnosticCode(
            "plan-elsewhere",
            "Saved plan of another environment",
            ERROR,
            meaning="The plan was saved for another environment.",
            cure="Use `-e` with that environment.",
        ),
        DiagnosticCode(
            "plan-stale",
            "Stale saved plan",
            ERROR,
            meaning="The manifests, the endpoint, the environment, the lockfile, a secret or a live object changed "
            "after the plan was saved. The message tells which. A run that ended does not count.",
            cure="Run `flowctl plan --out FILE` again, and review the new plan.",
        ),
        DiagnosticCode(
            "plan-not-expected",
            "Another plan than the approved one",
            ERROR,
            meaning="The plan does not have the digest in `--expect-digest`: a manifest, a live object or the "
            "lockfile changed after the review, or the options differ.",
            cure="Run `flowctl plan` with the same options, review the new plan and use its digest.",
        ),
    ),
)
