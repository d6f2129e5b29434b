"""The platform: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import ERROR, WARNING, Area, DiagnosticCode

AREA: Final = Area(
    "The platform",
    (
        DiagnosticCode(
            "invalid-proxy",
            "Invalid proxy",
            ERROR,
            meaning="A proxy variable of the process cannot be used. The message names it.",
            cure="Correct or unset it; see [Network](network.md#proxies).",
        ),
        DiagnosticCode(
            "invalid-certificates",
            "Invalid certificates",
            ERROR,
            meaning="`SSL_CERT_FILE`, `SSL_CERT_DIR` or `SSLKEYLOGFILE` cannot be used.",
            cure="Correct or unset it; see [Network](network.md#private-certificate-authorities).",
        ),
        DiagnosticCode(
            "unsendable-request",
            "Unsendable request",
            ERROR,
            meaning="A value of a request holds what HTTP cannot carry. The value is not shown, and nothing was sent.",
            cure="Remove control characters and non-ASCII characters from the setting, secret or ID.",
        ),
        DiagnosticCode(
            "unreachable",
            "Endpoint unreachable",
            ERROR,
            meaning="No connection, or it broke.",
            cure="Check the endpoint, the network and the proxy settings.",
        ),
        DiagnosticCode(
            "timed-out",
            "Request timed out",
            ERROR,
            meaning="No connection, or no whole reply, in time.",
            cure="Run again; raise `--connect-timeout` or `--read-timeout` if it is only slow.",
        ),
        DiagnosticCode(
            "credentials-refused",
            "Credentials refused",
            ERROR,
            meaning="No token was given for these credentials.",
            cure="Check `clientId`, `clientSecret`, `scopes` and `tokenUrl`.",
        ),
        DiagnosticCode(
            "http-STATUS",
            "Request refused by the platform",
            ERROR,
            meaning="The platform refused a request with that status: `http-400`, `http-403`, `http-429`. The "
            "message holds its words.",
            cure="403: check the product profile, organization and sandbox. 429: run again later or with a lower "
            "`--parallelism`.",
        ),
        DiagnosticCode(
            "html-reply",
            "Web page in place of a reply",
            ERROR,
            meaning="A web page answered instead of the platform.",
            cure="A proxy or login page stands between: check endpoint and proxy.",
        ),
        DiagnosticCode(
            "unexpected-reply",
            "Unexpected reply",
            ERROR,
            meaning="A reply does not have the form that the API describes: no usable ID, etag or version, or "
            "another object than the one asked for. After a write, flowctl looks on the platform for what "
            "was done.",
            cure="Check that the endpoint is the platform's own.",
        ),
        DiagnosticCode(
            "endless-list",
            "Endless list",
            ERROR,
            meaning="A list names a page twice, goes on without anything new, or has more pages than any list of the "
            "platform.",
            cure="Check that the endpoint is the platform's own.",
        ),
        DiagnosticCode(
            "reply-too-large",
            "Reply too large",
            ERROR,
            meaning="A reply is larger than any that the platform sends.",
            cure="Check that the endpoint is the platform's own.",
        ),
        DiagnosticCode(
            "not-ready",
            "Object not ready",
            ERROR,
            meaning="An object was made, and the platform was still preparing it when the wait ended.",
            cure="Run again later.",
        ),
        DiagnosticCode(
            "live-state",
            "Dataflow is disabled or a draft",
            WARNING,
            meaning="A flow is disabled or a draft on the platform, so it does not run.",
            cure="flowctl does not change this; enable it in the user interface.",
        ),
        DiagnosticCode(
            "title-taken",
            "Schema title taken",
            ERROR,
            meaning="A schema would be made with a title that the platform has already, perhaps for the schema that "
            "it replaces.",
            cure="Another title, `{title: ...}`, `state mv` or `state repair`.",
        ),
        DiagnosticCode(
            "schema-not-enabled",
            "Schema not enabled for Profile",
            ERROR,
            meaning="A dataset would be enabled for Profile or Identity, and its schema is not enabled for Profile.",
            cure="Enable the schema in the Experience Platform UI, or remove the tag. flowctl does not enable schemas.",
        ),
        DiagnosticCode(
            "unknown-xdm-resource",
            "Unknown class or field group",
            ERROR,
            meaning="A schema names a class or field group that the platform does not have.",
            cure="Correct the id.",
        ),
        DiagnosticCode(
            "gone-since-plan",
            "Object gone since the plan",
            ERROR,
            meaning="An object was there when the plan was made and is not any more.",
            cure="Plan again.",
        ),
        DiagnosticCode(
            "changed-since-plan",
            "Object changed since the plan",
            ERROR,
            meaning="Somebody changed what this plan was about to change. The message names who and what.",
            cure="Plan again.",
        ),
    ),
)
