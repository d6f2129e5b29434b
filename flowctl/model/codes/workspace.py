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
            meaning="There is no `flowctl.yaml` in this folder or in a folder above it.",
            cure="Run `flowctl init` to begin one, change to the folder of a workspace, or use `-C DIR`.",
        ),
        DiagnosticCode(
            "workspace-exists",
            "Workspace exists",
            ERROR,
            meaning="The folder for `init` has a file that `init` would write.",
            cure="Use another folder, or move the files in the message away. `init` replaces no file.",
        ),
        DiagnosticCode(
            "workspace-unwritable",
            "Workspace cannot be written",
            ERROR,
            meaning="`init` cannot write a file. It has removed those that it wrote before.",
            cure="Correct the permissions of the folder, free disk space, or use another folder.",
        ),
        DiagnosticCode(
            "empty-workspace-file",
            "Empty workspace file",
            ERROR,
            meaning="`flowctl.yaml` has no document.",
            cure="Write at least `apiVersion: flowctl/v1` and `kind: Workspace`.",
        ),
        DiagnosticCode(
            "several-documents",
            "Several documents in flowctl.yaml",
            ERROR,
            meaning="`flowctl.yaml` has more than one document.",
            cure="Keep the Workspace document, and move the others to files of their own.",
        ),
        DiagnosticCode(
            "misplaced-workspace",
            "Workspace document among the manifests",
            ERROR,
            meaning="A manifest is a Workspace document.",
            cure="Remove it: the only Workspace document is `flowctl.yaml`.",
        ),
        DiagnosticCode(
            "manifests-folder",
            "Unusable folder in manifests",
            ERROR,
            meaning="An entry of `manifests` is not a folder, is a hidden folder, or has a backslash.",
            cure="Create or rename the folder, write slashes, or remove the entry.",
        ),
        DiagnosticCode(
            "outside-workspace",
            "Manifests outside the workspace",
            ERROR,
            meaning="A folder in `manifests`, or a link in one, leads out of the workspace.",
            cure="Move the files into the workspace.",
        ),
        DiagnosticCode(
            "no-manifests",
            "No manifests",
            ERROR,
            meaning="The folders in `manifests` have no documents. The message tells how many objects the lockfile "
            "has.",
            cure="Write a manifest, or correct `manifests`, `-C` or `-e`. To delete all objects of the lockfile, "
            "run `flowctl destroy`.",
        ),
        DiagnosticCode(
            "path-not-found",
            "No manifest at a path",
            ERROR,
            meaning="A path given to `validate` has no manifests of this workspace.",
            cure="Use the path of a manifest, or of a folder with manifests.",
        ),
        DiagnosticCode(
            "unreadable-file",
            "Unreadable file",
            ERROR,
            meaning="flowctl cannot read a file or folder.",
            cure="Restore it, or give your user permission to read it.",
        ),
        DiagnosticCode(
            "unknown-environment",
            "Unknown environment",
            ERROR,
            meaning="`-e` or `defaultEnvironment` has the name of an environment that `flowctl.yaml` does not declare.",
            cure="Use one of the names in the message, or add the environment to `environments`.",
        ),
        DiagnosticCode(
            "environments-differ-in-case",
            "Environments that differ only in case",
            ERROR,
            meaning="The names of two environments differ only in case. On Windows and macOS both would use the "
            "same lockfile.",
            cure="Rename one of them, and rename its lockfile too.",
        ),
        DiagnosticCode(
            "missing-setting",
            "Missing setting",
            ERROR,
            meaning="An environment lacks a setting that it needs.",
            cure="Add the setting to the environment in `flowctl.yaml`.",
        ),
        DiagnosticCode(
            "invalid-url",
            "Invalid URL",
            ERROR,
            meaning="`endpoint` or `auth.tokenUrl` is not a URL, does not use https, or has a password.",
            cure="Write a URL such as `https://platform.adobe.io`. Only this machine may use plain http.",
        ),
        DiagnosticCode(
            "invalid-setting",
            "Invalid setting",
            ERROR,
            meaning="A setting of an environment has a character that a request cannot carry, such as a line break. "
            "The message does not show the value.",
            cure="Remove control characters, non-ASCII characters, and spaces at both ends.",
        ),
    ),
)
