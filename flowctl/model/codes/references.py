"""References: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import ERROR, WARNING, Area, DiagnosticCode

AREA: Final = Area(
    "References",
    (
        DiagnosticCode(
            "missing-reference",
            "Missing reference",
            ERROR,
            meaning="A manifest refers to a document that does not exist.",
            cure="Correct the name, or add the document.",
        ),
        DiagnosticCode(
            "dependency-cycle",
            "Dependency cycle",
            ERROR,
            meaning="Resources depend on each other in a circle.",
            cure="Remove one of the references.",
        ),
        DiagnosticCode(
            "lookup-not-found",
            "Referenced object not found",
            ERROR,
            meaning="No object on Experience Platform has the ID or title in the manifest.",
            cure="Correct the ID or title, check the sandbox, or declare the object in a manifest.",
        ),
        DiagnosticCode(
            "lookup-ambiguous",
            "Ambiguous title",
            ERROR,
            meaning="Several objects on Experience Platform have that title.",
            cure="Refer to one of them with `{id: ...}`.",
        ),
        DiagnosticCode(
            "run-under-way",
            "Another run under way",
            WARNING,
            meaning="Another run is changing the environment, so the plan may show an intermediate state.",
            cure="Run `flowctl plan` again when the other run has ended.",
        ),
        DiagnosticCode(
            "unknown-ignored-path",
            "Unknown path in ignoreChanges",
            ERROR,
            meaning="A path in `lifecycle.ignoreChanges` is not one of the document's resources.",
            cure="Write the kind, a dot and the path as `plan -v` prints it, such as `flow.scheduleParams.frequency`.",
        ),
        DiagnosticCode(
            "path-not-ignorable",
            "Changes cannot be ignored",
            ERROR,
            meaning="A path in `lifecycle.ignoreChanges` holds a secret, or a value that flowctl sets from another "
            "object.",
            cure="Remove the path, or write a path below it.",
        ),
        DiagnosticCode(
            "unknown-target",
            "Unknown target",
            ERROR,
            meaning="`--target` is neither an address nor the name of a document.",
            cure="Use a name or an address that `flowctl state list` shows, or one of your manifests.",
        ),
    ),
)
