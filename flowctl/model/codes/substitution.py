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
            meaning="`${env:NAME}` is not set or empty.",
            cure="Set it.",
        ),
        DiagnosticCode(
            "variable-not-utf-8",
            "Environment variable that is not UTF-8",
            ERROR,
            meaning="The value of `${env:NAME}` has bytes that are not UTF-8.",
            cure="Set it to text in UTF-8.",
        ),
        DiagnosticCode(
            "unset-secret",
            "Unset secret",
            WARNING,
            meaning="A secret's `${env:NAME}` is not set. The secret is not compared.",
            cure="Set it before the value has to be sent.",
        ),
        DiagnosticCode(
            "secret-not-set",
            "Secret to send is not set",
            ERROR,
            meaning="A secret has to be sent and its environment variable is not set. Nothing was sent.",
            cure="Set it and run again.",
        ),
        DiagnosticCode(
            "unknown-variable",
            "Unknown variable",
            ERROR,
            meaning="`${var:NAME}` has no value.",
            cure="Add it to the environment's `variables`, or give `--var NAME=VALUE`.",
        ),
        DiagnosticCode(
            "malformed-substitution",
            "Malformed substitution",
            ERROR,
            meaning="Something looks like a substitution and is none, or is not allowed here.",
            cure="`${env:NAME}` or `${var:NAME}`, without blanks; `$${` for a literal.",
        ),
        DiagnosticCode(
            "looks-like-substitution",
            "Substitution of another tool",
            EITHER,
            meaning="A value looks like another tool's substitution, such as `{{ env.NAME }}`. In a secret it is an "
            "error, elsewhere a warning.",
            cure="Write `${env:NAME}` or `${var:NAME}`. If it is the secret itself, put it into an environment "
            "variable.",
        ),
        DiagnosticCode(
            "literal-secret",
            "Secret written out",
            WARNING,
            meaning="A secret is written out in a manifest or in `flowctl.yaml`.",
            cure="Move it into an environment variable.",
        ),
        DiagnosticCode(
            "secret-in-clear",
            "Secret used in clear",
            ERROR,
            meaning="The variable of a secret is also used where its value would be sent and recorded in clear, such "
            "as in a title.",
            cure="Use another variable there.",
        ),
    ),
)
