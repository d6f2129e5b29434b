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
            meaning="`new pipeline` does not know to which Schema document it is to map the columns, or no Class "
            "document has the name that `new fieldgroup` was given.",
            cure="Use `--schema` or `--extends` with a name in the message, or write the document first.",
        ),
        DiagnosticCode(
            "nothing-to-map",
            "Nothing to map",
            ERROR,
            meaning="The table or file that `new pipeline` or `new fieldgroup` was given has no columns or no rows, a "
            "pipeline from this source reads something else, or the source streams and so cannot be explored.",
            cure="Use another table or file; `flowctl explore CONNECTION` lists them. `flowctl connectors NAME` shows "
            "a manifest to copy.",
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
            "identity-path",
            "Identity or display name at a field that is not there",
            ERROR,
            meaning="The path of an identity, a relationship or a display name leads to no field of the schema.",
            cure="Correct the path, or add a field group that has the field.",
        ),
        DiagnosticCode(
            "identity-type",
            "Identity is not a string",
            ERROR,
            meaning="The field of an identity or a relationship is not of type string.",
            cure="Choose a field of type string.",
        ),
        DiagnosticCode(
            "duplicate-identity",
            "Field is an identity twice",
            ERROR,
            meaning="Two identities of a schema have the same path.",
            cure="Remove one of the two.",
        ),
        DiagnosticCode(
            "two-primary-identities",
            "Two primary identities",
            ERROR,
            meaning="A schema has more than one primary identity.",
            cure="Keep `primary: true` at one of them.",
        ),
        DiagnosticCode(
            "profile-without-identity",
            "Profile without identity",
            ERROR,
            meaning="A schema with `profile: true` has neither a primary identity nor an identity map.",
            cure="Add a primary identity to `identities`, or the field group of the identity map.",
        ),
        DiagnosticCode(
            "field-group-class",
            "Field group for another class",
            ERROR,
            meaning="A schema uses a field group that is for other classes than its own, or would be after the change.",
            cure="Add the class to `extends` of the field group, or remove the field group from the schema.",
        ),
        DiagnosticCode(
            "relationship-target",
            "Relationship leads to no identity",
            ERROR,
            meaning="The schema that a relationship leads to has no primary identity, or none at `toPath`.",
            cure="Write the path of one of its identities in `toPath`, or give the schema a primary identity.",
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
