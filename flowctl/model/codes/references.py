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
            meaning="A manifest refers to a document that is not there.",
            cure="Correct the name, or write the document.",
        ),
        DiagnosticCode(
            "dependency-cycle",
            "Dependency cycle",
            ERROR,
            meaning="Resources depend on each other in a circle.",
            cure="Take one of the references out.",
        ),
        DiagnosticCode(
            "lookup-not-found",
            "Referenced object not found",
            ERROR,
            meaning="No object on the platform has the id or title that a manifest refers to.",
            cure="Correct it, check the sandbox, or declare the object in a manifest.",
        ),
        DiagnosticCode(
            "lookup-ambiguous",
            "Ambiguous title",
            ERROR,
            meaning="Several objects on the platform have that title.",
            cure="Refer to one by `{id: ...}`.",
        ),
        DiagnosticCode(
            "run-under-way",
            "Another run under way",
            WARNING,
            meaning="`plan` found that another run holds the environment, so the plan may show it half done.",
            cure="Plan again when it has ended.",
        ),
        DiagnosticCode(
            "unknown-target",
            "Unknown target",
            ERROR,
            meaning="`--target` names neither a resource nor a pipeline.",
            cure="Take a name from `flowctl show`.",
        ),
    ),
)
