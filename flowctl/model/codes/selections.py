"""Selections: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import ERROR, Area, DiagnosticCode

AREA: Final = Area(
    "Selections",
    (
        DiagnosticCode(
            "unknown-selection",
            "Unknown selection",
            ERROR,
            meaning="`--select` or `--exclude` matches nothing, or is not a name, a glob, `label:KEY=VALUE`, "
            "`path:GLOB` or `git:REF`.",
            cure="Correct the expression. The message has the nearest one.",
        ),
        DiagnosticCode(
            "selection-splits",
            "Selection splits what belongs together",
            ERROR,
            meaning="The plan would delete or replace an object that another one uses, and that other one is not "
            "selected.",
            cure="Add the other one with `--select`, or plan the whole workspace.",
        ),
        DiagnosticCode(
            "git-unusable",
            "Unusable git",
            ERROR,
            meaning="`git:REF` needs the program git, and it is not installed or fails.",
            cure="Install git or repair the repository, or select by name, label or path.",
        ),
        DiagnosticCode(
            "no-git-repository",
            "Not in a git repository",
            ERROR,
            meaning="`git:REF` needs a workspace in a git repository.",
            cure="Run flowctl in a clone, or select by name, label or path.",
        ),
        DiagnosticCode(
            "unknown-git-ref",
            "Unknown git reference",
            ERROR,
            meaning="git does not know the branch, tag or commit of `git:REF` in this clone.",
            cure="Correct the name, or fetch the branch: CI clones often have one branch only.",
        ),
        DiagnosticCode(
            "no-common-commit",
            "No common commit",
            ERROR,
            meaning="git finds no commit at which this branch began: the clone is shallow, or the two histories have "
            "nothing in common.",
            cure="Run `git fetch --unshallow`, or set `fetch-depth: 0` of actions/checkout.",
        ),
    ),
)
