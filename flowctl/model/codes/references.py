"""References: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import ERROR, WARNING, Area, DiagnosticCode

AREA: Final = Area(
    "References",
    (
        DiagnosticCode(
            "unknown-schema",
            "Unknown schema",
            ERROR,
            meaning="`new pipeline` does not know to which Schema document it is to map the columns.",
            cure="Use `--schema` with a name in the message, or write a Schema document first.",
        ),
        DiagnosticCode(
            "nothing-to-map",
            "Nothing to map",
            ERROR,
            meaning="The table or file that `new pipeline` was given has no columns.",
            cure="Use another table or file; `flowctl explore CONNECTION` lists them.",
        ),
        DiagnosticCode(
            "unknown-connection",
            "Unknown connection",
            ERROR,
            meaning="`explore` or `new pipeline` was given a name that no Connection document has, or an ID that the "
            "sandbox does not have.",
            cure="Use the name of a Connection document, or the ID of a base connection of this sandbox.",
        ),
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
