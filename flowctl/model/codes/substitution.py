"""Substitution and secrets: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import EITHER, ERROR, WARNING, Area, DiagnosticCode

AREA: Final = Area(
    "Substitution and secrets",
    (
        DiagnosticCode(
            "unset-variable",
            "Unset environment variable",
            ERROR,
            meaning="The environment variable of `${env:NAME}` is not set, or is empty.",
            cure="Set the variable: `export NAME=VALUE`.",
        ),
        DiagnosticCode(
            "variable-not-utf-8",
            "Environment variable that is not UTF-8",
            ERROR,
            meaning="The value of an environment variable is not UTF-8.",
            cure="Set the variable to a value in UTF-8.",
        ),
        DiagnosticCode(
            "unset-secret",
            "Unset secret",
            WARNING,
            meaning="The environment variable of a secret is not set, so flowctl does not detect changes of the "
            "secret.",
            cure="Set the variable before you apply.",
        ),
        DiagnosticCode(
            "secret-not-set",
            "Secret to send is not set",
            ERROR,
            meaning="flowctl has to send a secret, but its environment variable is not set. Nothing was sent.",
            cure="Set the variable, and run the command again.",
        ),
        DiagnosticCode(
            "unknown-variable",
            "Unknown variable",
            ERROR,
            meaning="`${var:NAME}` has no value.",
            cure="Add NAME to `variables` of the environment, or use `--var NAME=VALUE`.",
        ),
        DiagnosticCode(
            "malformed-substitution",
            "Malformed substitution",
            ERROR,
            meaning="A substitution has a mistake, or is not allowed here.",
            cure="Write `${env:NAME}` or `${var:NAME}`, without spaces. Write `$${` for the characters `${`.",
        ),
        DiagnosticCode(
            "looks-like-substitution",
            "Substitution of another tool",
            EITHER,
            meaning="A value looks like a substitution of another tool, for example `{{ env.NAME }}`. An error in a "
            "secret, otherwise a warning.",
            cure="Write `${env:NAME}` or `${var:NAME}`. If it is the secret itself, move it to an environment "
            "variable.",
        ),
        DiagnosticCode(
            "literal-secret",
            "Secret written out",
            WARNING,
            meaning="A secret is written in a manifest or in `flowctl.yaml`.",
            cure="Move the secret to an environment variable, and write `${env:NAME}`.",
        ),
        DiagnosticCode(
            "secret-in-clear",
            "Secret used in clear",
            ERROR,
            meaning="The variable of a secret is also used in plain view, for example in a title, where flowctl "
            "would send and record its value in clear.",
            cure="Use another variable there.",
        ),
    ),
)
