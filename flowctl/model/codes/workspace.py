"""Workspace and settings: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import ERROR, Area, DiagnosticCode

AREA: Final = Area(
    "Workspace and settings",
    (
        DiagnosticCode(
            "workspace-not-found",
            "Workspace not found",
            ERROR,
            meaning="No `flowctl.yaml` in this folder or above it.",
            cure="Change into a workspace, or name one with `-C DIR`.",
        ),
        DiagnosticCode(
            "empty-workspace-file",
            "Empty workspace file",
            ERROR,
            meaning="`flowctl.yaml` holds no document.",
            cure="Write at least `apiVersion: flowctl/v1` and `kind: Workspace`.",
        ),
        DiagnosticCode(
            "several-documents",
            "Several documents in flowctl.yaml",
            ERROR,
            meaning="`flowctl.yaml` holds more than one document.",
            cure="Keep the Workspace; move manifests into files of their own.",
        ),
        DiagnosticCode(
            "misplaced-workspace",
            "Workspace document among the manifests",
            ERROR,
            meaning="A Workspace document stands among the manifests.",
            cure="There is one Workspace, in `flowctl.yaml`.",
        ),
        DiagnosticCode(
            "manifests-folder",
            "Unusable folder in manifests",
            ERROR,
            meaning="`manifests` names something that is no folder, or a hidden folder, or has a backslash.",
            cure="Make or rename the folder, write slashes, or take it out of `manifests`.",
        ),
        DiagnosticCode(
            "outside-workspace",
            "Manifests outside the workspace",
            ERROR,
            meaning="`manifests`, or a link below it, leads out of the workspace.",
            cure="Put the files into the workspace.",
        ),
        DiagnosticCode(
            "no-manifests",
            "No manifests",
            ERROR,
            meaning="No document was found in the folders of `manifests`. The message tells what the lockfile records.",
            cure="Write a manifest, or correct `manifests`, `-C` or `-e`. To delete what is recorded, run "
            "`flowctl destroy`.",
        ),
        DiagnosticCode(
            "path-not-found",
            "No manifest at a path",
            ERROR,
            meaning="A path given to `validate` holds no manifest of this workspace.",
            cure="Name a manifest file, or a folder of them.",
        ),
        DiagnosticCode(
            "unreadable-file",
            "Unreadable file",
            ERROR,
            meaning="A file or folder cannot be read.",
            cure="Check that it exists and that you may read it.",
        ),
        DiagnosticCode(
            "unknown-environment",
            "Unknown environment",
            ERROR,
            meaning="`-e` or `defaultEnvironment` names an environment that is not declared.",
            cure="Declare it below `environments`, or take one of the names in the message.",
        ),
        DiagnosticCode(
            "environments-differ-in-case",
            "Environments that differ only in case",
            ERROR,
            meaning="Two environments differ only in upper and lower case. Windows and macOS keep one lockfile for "
            "both.",
            cure="Rename one of them, and its lockfile with it.",
        ),
        DiagnosticCode(
            "missing-setting",
            "Missing setting",
            ERROR,
            meaning="An environment lacks a setting that it needs.",
            cure="Add it to the environment in `flowctl.yaml`.",
        ),
        DiagnosticCode(
            "invalid-url",
            "Invalid URL",
            ERROR,
            meaning="An endpoint or token address is no address, is not https, or holds a password.",
            cure="Write `https://HOST`. Plain http is accepted on this machine only.",
        ),
        DiagnosticCode(
            "invalid-setting",
            "Invalid setting",
            ERROR,
            meaning="A setting of an environment holds what a request cannot carry, such as a line break. The value "
            "is not shown.",
            cure="Remove control characters, non-ASCII characters, and blanks at its ends.",
        ),
    ),
)
