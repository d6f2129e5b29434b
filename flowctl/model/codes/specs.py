"""Connectors and flow specs: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import EITHER, ERROR, WARNING, Area, DiagnosticCode

AREA: Final = Area(
    "Connectors and flow specs",
    (
        DiagnosticCode(
            "unknown-connector",
            "Unknown connector",
            ERROR,
            meaning="The catalogue has no such connector.",
            cure="Take a name from the [connector reference](connectors.md), or write `connectionSpec`.",
        ),
        DiagnosticCode(
            "unknown-connection-spec",
            "Unknown connection spec",
            ERROR,
            meaning="The connection spec is not in the catalogue and the pipeline names no `flowSpec`; or the "
            "platform has no such connection spec.",
            cure="Correct the id, or add `flowSpec`.",
        ),
        DiagnosticCode(
            "unknown-auth-spec",
            "Unknown authentication type",
            EITHER,
            meaning="The connector has no authentication of that name. A warning if the catalogue's names are not "
            "verified.",
            cure="Take one of the names in the message, exactly as it is spelled.",
        ),
        DiagnosticCode(
            "invalid-auth-params",
            "Invalid authentication parameters",
            EITHER,
            meaning="`auth.params` are not what the authentication accepts. A warning if the catalogue's keys are "
            "not verified.",
            cure="Correct the keys and values named.",
        ),
        DiagnosticCode(
            "connector-mismatch",
            "Connector mismatch",
            ERROR,
            meaning="A pipeline's connector and that of its connection differ.",
            cure="Leave `connector` out, or name another connection.",
        ),
        DiagnosticCode(
            "connection-not-allowed",
            "Connection not allowed",
            ERROR,
            meaning="The connector reads without an account.",
            cure="Remove the connection.",
        ),
        DiagnosticCode(
            "invalid-format",
            "Invalid data format",
            ERROR,
            meaning="The connector does not read that `data.format`.",
            cure="Take one of the formats in the message.",
        ),
        DiagnosticCode(
            "invalid-source-params",
            "Invalid source parameters",
            EITHER,
            meaning="`source.params` are not what the connector accepts. A warning if the catalogue's keys are not "
            "verified.",
            cure="Correct the keys and values named.",
        ),
        DiagnosticCode(
            "unknown-flow-spec",
            "Unknown flow spec",
            ERROR,
            meaning="There is no such flow spec, in flowctl or on the platform.",
            cure="Correct `flowSpec`; check that sources are provisioned for the organization.",
        ),
        DiagnosticCode(
            "flow-spec-mismatch",
            "Flow spec mismatch",
            ERROR,
            meaning="The flow spec does not serve the connector.",
            cure="Leave `flowSpec` out, or take one of the names in the message.",
        ),
        DiagnosticCode(
            "missing-schedule",
            "Missing schedule",
            ERROR,
            meaning="The flow spec needs a schedule.",
            cure="Add `schedule`.",
        ),
        DiagnosticCode(
            "invalid-schedule",
            "Invalid schedule",
            ERROR,
            meaning="The schedule breaks a rule of the flow spec: `interval` with `once`, less than 15 minutes.",
            cure="Correct it as the message says.",
        ),
        DiagnosticCode(
            "invalid-options",
            "Invalid options",
            ERROR,
            meaning="`options` are not what the flow spec accepts.",
            cure="Correct the keys and values named.",
        ),
        DiagnosticCode(
            "invalid-incremental",
            "Invalid incremental loading",
            ERROR,
            meaning="`incremental` is not what the flow spec accepts.",
            cure="Correct the keys and values named.",
        ),
        DiagnosticCode(
            "incremental-not-supported",
            "Incremental loading not supported",
            ERROR,
            meaning="The flow spec reads no column of changes.",
            cure="Remove `incremental`.",
        ),
        DiagnosticCode(
            "missing-incremental",
            "Missing incremental loading",
            WARNING,
            meaning="A table is read again and again without a column that tells new rows from old ones.",
            cure="Add `incremental: {column: ...}`.",
        ),
        DiagnosticCode(
            "invalid-mappings",
            "Invalid mappings",
            ERROR,
            meaning="`mappings` are not what the flow spec accepts.",
            cure="Correct what is named.",
        ),
        DiagnosticCode(
            "mappings-not-supported",
            "Mappings not supported",
            ERROR,
            meaning="The flow spec maps no fields.",
            cure="Remove `mappings`, or name another `flowSpec`.",
        ),
        DiagnosticCode(
            "encryption-not-supported",
            "Encryption not supported",
            ERROR,
            meaning="The flow spec decrypts no files.",
            cure="Remove `encryption`.",
        ),
        DiagnosticCode(
            "flow-spec-differs",
            "Flow spec differs from the platform's",
            WARNING,
            meaning="The platform's flow spec is not the one that this flowctl was made with.",
            cure="Read the differences; a newer flowctl may know it. The plan uses the platform's.",
        ),
        DiagnosticCode(
            "live-flow-spec-violated",
            "Platform's flow spec violated",
            ERROR,
            meaning="A pipeline breaks a rule of the platform's own flow spec.",
            cure="Correct it as the message says.",
        ),
        DiagnosticCode(
            "connector-not-served",
            "Connector not served",
            ERROR,
            meaning="The platform's flow spec does not serve this connection spec.",
            cure="Name another `flowSpec`.",
        ),
    ),
)
