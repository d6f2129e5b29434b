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
            meaning="The catalogue has no connector of that name.",
            cure="Use a name from the [connector reference](connectors.md), or write `connectionSpec`.",
        ),
        DiagnosticCode(
            "specs-folder",
            "Folder of specs",
            EITHER,
            meaning="`specs` in flowctl.yaml, or `--specs`, is not a folder, is a hidden folder, or has a backslash. A "
            "warning if the folder has no file of specs.",
            cure="Create or rename the folder, or save a connection spec in it.",
        ),
        DiagnosticCode(
            "damaged-spec",
            "Damaged file of specs",
            ERROR,
            meaning="A file in the folder `specs` is not JSON.",
            cure="Save the reply of Experience Platform to `GET /connectionSpecs/ID` or `GET /flowSpecs/ID` again.",
        ),
        DiagnosticCode(
            "invalid-spec",
            "Invalid spec",
            ERROR,
            meaning="A file in the folder `specs` has something else than connection specs and flow specs in the form "
            "in which Experience Platform returns them.",
            cure="Correct the member in the message, or move the file to another folder.",
        ),
        DiagnosticCode(
            "duplicate-spec",
            "Duplicate spec",
            ERROR,
            meaning="Two specs in the folder `specs` have the same ID.",
            cure="Remove one of them.",
        ),
        DiagnosticCode(
            "replaced-spec",
            "Spec of flowctl replaced",
            WARNING,
            meaning="A spec in the folder `specs` has the ID of one that comes with flowctl, and is used in its place.",
            cure="Remove the file to use the spec of flowctl.",
        ),
        DiagnosticCode(
            "spec-name-taken",
            "Name of a connector taken",
            WARNING,
            meaning="A connection spec in the folder `specs` has the name of another connector.",
            cure="Use the name in the message, or give the spec another `name`.",
        ),
        DiagnosticCode(
            "unknown-connection-spec",
            "Unknown connection spec",
            ERROR,
            meaning="The connection spec is not in the catalogue and the pipeline has no `flowSpec`, or Experience "
            "Platform does not have the connection spec.",
            cure="Correct the ID, or add `flowSpec`.",
        ),
        DiagnosticCode(
            "unknown-auth-spec",
            "Unknown authentication type",
            EITHER,
            meaning="The catalogue has no authentication type of that name for the connector, which is a warning, or "
            "the connection spec of Experience Platform has none, which is an error of the plan.",
            cure="Use one of the names in the message, in its exact spelling.",
        ),
        DiagnosticCode(
            "invalid-auth-params",
            "Invalid authentication parameters",
            EITHER,
            meaning="`auth.params` do not fit the authentication type. A warning if the connector is not verified; "
            "`plan` then asks Experience Platform for the rules.",
            cure="Correct the key or value in the message.",
        ),
        DiagnosticCode(
            "connector-mismatch",
            "Connector mismatch",
            ERROR,
            meaning="A pipeline and its connection have different connectors.",
            cure="Remove `connector` from the pipeline, or choose another connection.",
        ),
        DiagnosticCode(
            "connection-not-allowed",
            "Connection not allowed",
            ERROR,
            meaning="The connector works without a base connection (account).",
            cure="Remove `connection` from the pipeline, and remove the Connection document.",
        ),
        DiagnosticCode(
            "invalid-format",
            "Invalid data format",
            ERROR,
            meaning="The connector does not support that `data.format`, or has no `data` at all, such as HTTP API.",
            cure="Use one of the formats in the message, or remove `data`.",
        ),
        DiagnosticCode(
            "invalid-source-params",
            "Invalid source parameters",
            EITHER,
            meaning="`source.params` do not fit the connector. A warning if the connector is not verified: then, "
            "and for a connector of the workspace or a `connectionSpec`, `plan` checks them by the live spec.",
            cure="Correct the key or value in the message.",
        ),
        DiagnosticCode(
            "unknown-flow-spec",
            "Unknown flow spec",
            EITHER,
            meaning="Neither flowctl nor Experience Platform has that flow spec. A warning for an unknown ID.",
            cure="Correct `flowSpec`, or ask your administrator whether your organization has access to sources.",
        ),
        DiagnosticCode(
            "flow-spec-mismatch",
            "Flow spec mismatch",
            ERROR,
            meaning="The flow spec does not support the connector.",
            cure="Remove `flowSpec`, or use one of the names in the message.",
        ),
        DiagnosticCode(
            "missing-schedule",
            "Missing schedule",
            ERROR,
            meaning="The flow spec requires a schedule.",
            cure="Add `schedule`.",
        ),
        DiagnosticCode(
            "invalid-schedule",
            "Invalid schedule",
            ERROR,
            meaning="The schedule breaks a rule of the flow spec, for example `interval` with `once`, or an "
            "interval below 15 minutes.",
            cure="Correct the key or value in the message.",
        ),
        DiagnosticCode(
            "invalid-options",
            "Invalid options",
            ERROR,
            meaning="`options` do not fit the flow spec.",
            cure="Correct the key or value in the message.",
        ),
        DiagnosticCode(
            "invalid-duration",
            "Invalid duration",
            ERROR,
            meaning="`health.overdue` is not a duration.",
            cure="Write numbers with a unit: `s`, `m`, `h`, `d` or `w`, such as `2h` or `1d12h`.",
        ),
        DiagnosticCode(
            "invalid-incremental",
            "Invalid incremental loading",
            ERROR,
            meaning="`incremental` does not fit the flow spec.",
            cure="Correct the key or value in the message.",
        ),
        DiagnosticCode(
            "incremental-not-supported",
            "Incremental loading not supported",
            ERROR,
            meaning="The flow spec does not support incremental loading.",
            cure="Remove `incremental`.",
        ),
        DiagnosticCode(
            "missing-incremental",
            "Missing incremental loading",
            WARNING,
            meaning="A recurring dataflow reads a table without a delta column, so each run may read the whole "
            "table again.",
            cure="Add `incremental: {column: ...}`.",
        ),
        DiagnosticCode(
            "invalid-mappings",
            "Invalid mappings",
            ERROR,
            meaning="`mappings` do not fit the flow spec.",
            cure="Correct the mapping in the message.",
        ),
        DiagnosticCode(
            "draft-not-supported",
            "Drafts not supported",
            ERROR,
            meaning="The flow spec of a pipeline with `state: draft` has no drafts.",
            cure="Write `state: disabled`, or remove `state`.",
        ),
        DiagnosticCode(
            "mappings-not-supported",
            "Mappings not supported",
            ERROR,
            meaning="The flow spec does not support mappings.",
            cure="Remove `mappings`, or choose another `flowSpec`.",
        ),
        DiagnosticCode(
            "encryption-not-supported",
            "Encryption not supported",
            ERROR,
            meaning="The flow spec does not support encrypted files.",
            cure="Remove `encryption`.",
        ),
        DiagnosticCode(
            "flow-spec-differs",
            "Flow spec differs from that of Experience Platform",
            WARNING,
            meaning="The flow spec on Experience Platform differs from the copy in this release of flowctl. The "
            "plan follows Experience Platform.",
            cure="Read the differences in the message. Install a newer release of flowctl if there is one.",
        ),
        DiagnosticCode(
            "live-flow-spec-violated",
            "Flow spec of Experience Platform violated",
            ERROR,
            meaning="A pipeline breaks a rule of the flow spec on Experience Platform.",
            cure="Correct the key or value in the message.",
        ),
        DiagnosticCode(
            "connector-not-served",
            "Connector not served",
            ERROR,
            meaning="The flow spec on Experience Platform does not support this connection spec.",
            cure="Choose another `flowSpec`.",
        ),
    ),
)
