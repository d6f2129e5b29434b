"""Experience Platform: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import ERROR, WARNING, Area, DiagnosticCode

AREA: Final = Area(
    "Experience Platform",
    (
        DiagnosticCode(
            "invalid-proxy",
            "Invalid proxy",
            ERROR,
            meaning="flowctl cannot use a proxy variable, such as `HTTPS_PROXY`. The message has its name.",
            cure="Correct or unset the variable; see [Network](network.md#proxies).",
        ),
        DiagnosticCode(
            "invalid-certificates",
            "Invalid certificates",
            ERROR,
            meaning="flowctl cannot use `SSL_CERT_FILE`, `SSL_CERT_DIR` or `SSLKEYLOGFILE`.",
            cure="Correct or unset the variable; see [Network](network.md#private-certificate-authorities).",
        ),
        DiagnosticCode(
            "unsendable-request",
            "Unsendable request",
            ERROR,
            meaning="A value has a character that HTTP cannot carry. Nothing was sent, and the message does not "
            "show the value.",
            cure="Remove control characters and non-ASCII characters from the setting, secret or ID.",
        ),
        DiagnosticCode(
            "unreachable",
            "Endpoint unreachable",
            ERROR,
            meaning="flowctl cannot connect to the host, or the connection broke.",
            cure="Check the setting in the message, the network and the proxy.",
        ),
        DiagnosticCode(
            "timed-out",
            "Request timed out",
            ERROR,
            meaning="The host did not reply in time, or no connection was opened in time.",
            cure="Run the command again. If the host is only slow, raise `--connect-timeout` or `--read-timeout`.",
        ),
        DiagnosticCode(
            "credentials-refused",
            "Credentials refused",
            ERROR,
            meaning="Adobe IMS returned no access token for these credentials.",
            cure="Check `clientId`, `clientSecret`, `scopes` and `tokenUrl` of the environment.",
        ),
        DiagnosticCode(
            "http-STATUS",
            "Request rejected by Experience Platform",
            ERROR,
            meaning="Experience Platform rejected a request with this HTTP status, for example `http-400`, "
            "`http-403` or `http-429`. The message quotes its reason.",
            cure="400: correct the manifest. 403: add the credential to a product profile (Developer Console) and "
            "to a role with access to the sandbox (Permissions). 429: run again later, or lower `--parallelism`. "
            "5xx: run again later.",
        ),
        DiagnosticCode(
            "html-reply",
            "Web page in place of a reply",
            ERROR,
            meaning="A web page came instead of a reply of Experience Platform.",
            cure="Check the endpoint and the proxy: a proxy or a login page answered.",
        ),
        DiagnosticCode(
            "unexpected-reply",
            "Unexpected reply",
            ERROR,
            meaning="A reply does not have the form of the API: it lacks a usable ID, etag or version, or has "
            "another object than the requested one. After a write, flowctl looks on Experience Platform for what "
            "was done.",
            cure="Check that `endpoint` is the one of Experience Platform.",
        ),
        DiagnosticCode(
            "unreadable-object",
            "Object of another form",
            ERROR,
            meaning="An object or a run does not have the form of the API: a value has another type, for example. The "
            "command goes on with the others.",
            cure="Correct or delete the object in the Experience Platform UI.",
        ),
        DiagnosticCode(
            "endless-list",
            "Endless list",
            ERROR,
            meaning="A list repeats a page, continues without new items, or has more pages than Experience Platform "
            "returns.",
            cure="Check that `endpoint` is the one of Experience Platform.",
        ),
        DiagnosticCode(
            "reply-too-large",
            "Reply too large",
            ERROR,
            meaning="A reply is larger than any reply of Experience Platform.",
            cure="Check that `endpoint` is the one of Experience Platform.",
        ),
        DiagnosticCode(
            "not-ready",
            "Object not ready",
            ERROR,
            meaning="Experience Platform was still preparing a new object when flowctl stopped waiting.",
            cure="Run the command again later.",
        ),
        DiagnosticCode(
            "live-state",
            "Dataflow is disabled or a draft",
            WARNING,
            meaning="A dataflow is disabled or a draft on Experience Platform, so it does not run, and the "
            "manifest does not say which state it should have.",
            cure="Write `state: enabled` in the manifest, or the state in which it should stay.",
        ),
        DiagnosticCode(
            "title-taken",
            "Schema title taken",
            ERROR,
            meaning="The title of a new XDM schema is already used on Experience Platform, possibly by the schema "
            "that it replaces.",
            cure="Change `title` if you need a new schema. Use `{title: ...}` in the pipeline if the schema belongs "
            "to someone else. If you renamed the document, write a line of `moved` into flowctl.yaml. Run "
            "`flowctl state repair` if the lockfile lost the schema.",
        ),
        DiagnosticCode(
            "namespace-taken",
            "Namespace code taken",
            ERROR,
            meaning="The code of a new identity namespace is already used on Experience Platform.",
            cure="Change `code`, or delete the document if schemas only use the namespace. To manage it, write an "
            "`Import` document with its ID.",
        ),
        DiagnosticCode(
            "unknown-namespace",
            "Unknown identity namespace",
            ERROR,
            meaning="An identity has a namespace that neither Experience Platform nor a `Namespace` document has.",
            cure="Correct the code, or add a `Namespace` document with it.",
        ),
        DiagnosticCode(
            "breaking-change",
            "Change breaks a schema in use",
            ERROR,
            meaning="The plan changes a field or a schema in a way that Experience Platform rejects because a dataset "
            "uses it. The message has the rule of [Changes of schemas](schema-changes.md).",
            cure="Undo the edit, or use the way out that the message offers: deprecate the field, add another field, "
            "or declare another schema.",
        ),
        DiagnosticCode(
            "namespace-fixed",
            "Namespace cannot change",
            ERROR,
            meaning="A manifest changes the code or the identity type of an identity namespace that exists. Identity "
            "Service rejects both, and cannot delete a namespace.",
            cure="Restore the value, or declare another namespace with a code of its own.",
        ),
        DiagnosticCode(
            "schema-not-enabled",
            "Schema not enabled for Profile",
            ERROR,
            meaning="A dataset has a tag for Profile or Identity, but its XDM schema is not enabled for Profile.",
            cure="Enable the schema in the Experience Platform UI, or remove the tag. flowctl does not enable schemas.",
        ),
        DiagnosticCode(
            "unknown-xdm-resource",
            "Unknown class, field group or data type",
            ERROR,
            meaning="Experience Platform does not have a class, field group or data type whose `$id` a manifest names.",
            cure="Correct the `$id` in the message.",
        ),
        DiagnosticCode(
            "gone-since-plan",
            "Object gone since the plan",
            ERROR,
            meaning="An object was deleted after the plan was made.",
            cure="Run `flowctl plan` again.",
        ),
        DiagnosticCode(
            "changed-since-plan",
            "Object changed since the plan",
            ERROR,
            meaning="Someone changed an object after the plan was made. The message tells who changed what.",
            cure="Run `flowctl plan` again, and review the new plan.",
        ),
    ),
)
