"""Keys and values: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import ERROR, WARNING, Area, DiagnosticCode

AREA: Final = Area(
    "Keys and values",
    (
        DiagnosticCode(
            "unknown-kind",
            "Unknown kind",
            ERROR,
            meaning="flowctl does not know this `kind`.",
            cure="Use the kind that the message suggests.",
        ),
        DiagnosticCode(
            "unknown-key",
            "Unknown key",
            ERROR,
            meaning="flowctl does not know this key here.",
            cure="Use the key that the message suggests, move it to the place in the message, or remove it.",
        ),
        DiagnosticCode(
            "missing-key",
            "Missing key",
            ERROR,
            meaning="A required key is missing.",
            cure="Add the key. The message has an example.",
        ),
        DiagnosticCode(
            "conflicting-keys",
            "Conflicting keys",
            ERROR,
            meaning="The document has several keys of which only one is allowed.",
            cure="Keep one of them.",
        ),
        DiagnosticCode(
            "wrong-type",
            "Wrong type",
            ERROR,
            meaning="A value has the wrong type, for example a list instead of a string. In a preview or a test: "
            "a value of a record is not of the type of its field, and ingestion rejects the row.",
            cure="Write a value of the type in the message.",
        ),
        DiagnosticCode(
            "invalid-value",
            "Invalid value",
            ERROR,
            meaning="A value is not one of the allowed values, or is too small, too large or too long.",
            cure="Change it to a value that the message allows.",
        ),
        DiagnosticCode(
            "invalid-name",
            "Invalid name",
            ERROR,
            meaning="A name has a character that it may not have. The name of a document has lowercase letters, "
            "digits and hyphens, and begins with a letter or digit. The name of an environment may also have "
            "uppercase letters and underscores.",
            cure="Use the name that the message suggests.",
        ),
        DiagnosticCode(
            "invalid-start-time",
            "Invalid start time",
            ERROR,
            meaning="`schedule.startTime` is not a valid time.",
            cure="Write a date and time with an offset (RFC 3339), such as `2026-12-01T00:00:00Z`, or seconds since "
            "1970.",
        ),
        DiagnosticCode(
            "duplicate-title",
            "Duplicate schema title",
            ERROR,
            meaning="Two Schema documents have the same title. Experience Platform requires unique titles of XDM "
            "schemas.",
            cure="Change one of the titles.",
        ),
        DiagnosticCode(
            "duplicate-namespace",
            "Duplicate namespace code",
            ERROR,
            meaning="Two Namespace documents have the same code. Upper and lower case do not tell codes apart.",
            cure="Change one of the codes, or delete one of the documents.",
        ),
        DiagnosticCode(
            "field-name",
            "Invalid field name",
            ERROR,
            meaning="The name of a field is reserved, empty, or has characters that Schema Registry does not take.",
            cure="Rename the field: letters, digits, hyphens and underscores, with a letter or a digit first.",
        ),
        DiagnosticCode(
            "field-type",
            "Invalid field type",
            ERROR,
            meaning="A field has no type or an unknown one, lacks what its type holds, or lies below a field that is "
            "not an object. In a preview or a mapping test: a value cannot be converted to the type of its "
            "destination.",
            cure="Write one of the types. An object has `fields`, an array `items`, a map `values`. Convert a value "
            "with a function such as `to_integer`.",
        ),
        DiagnosticCode(
            "field-limit",
            "Limit does not fit the field",
            ERROR,
            meaning="A key of a field does not apply to its type, or no value can meet its limits.",
            cure="Correct or remove the key.",
        ),
        DiagnosticCode(
            "duplicate-field",
            "Field declared twice",
            ERROR,
            meaning="Two keys of a document stand for the same field, such as `loyalty.id` and `id` in the fields of "
            "`loyalty`.",
            cure="Keep one of them.",
        ),
        DiagnosticCode(
            "recursive-data-type",
            "Data type contains itself",
            ERROR,
            meaning="A field of a data type is of that type, or of one that contains it.",
            cure="Remove the field, or give it another type.",
        ),
        DiagnosticCode(
            "duplicate-name",
            "Duplicate name",
            ERROR,
            meaning="Two documents of the same kind have the same name.",
            cure="Rename one of them.",
        ),
        DiagnosticCode(
            "duplicate-address",
            "Duplicate address",
            ERROR,
            meaning="The dataset of a pipeline has the same address as a Dataset document.",
            cure="Rename one of the documents, or write the name of the Dataset document in `dataset`.",
        ),
        DiagnosticCode(
            "duplicate-destination",
            "Duplicate mapping destination",
            ERROR,
            meaning="Two mappings write the same field.",
            cure="Remove one of them, or combine both in one expression.",
        ),
        DiagnosticCode(
            "duplicate-column",
            "Duplicate column",
            ERROR,
            meaning="`source.params.columns` has a column twice.",
            cure="Remove one of them.",
        ),
        DiagnosticCode(
            "unknown-platform-key",
            "Unknown platform key",
            WARNING,
            meaning="A key in `data`, `params`, `auth.params`, `options` or `tags` looks like a spelling mistake.",
            cure="Use the key that the message suggests. flowctl sends a key that resembles no other one without a "
            "warning.",
        ),
        DiagnosticCode(
            "misplaced-platform-key",
            "Misplaced platform key",
            WARNING,
            meaning="A key in `data`, `params` or `options` belongs to another place in the pipeline.",
            cure="Move the key to the place in the message.",
        ),
        DiagnosticCode(
            "invalid-path",
            "Invalid path of files",
            ERROR,
            meaning="A path of files is empty, ends with a slash, or has a character or name that Adobe does not "
            "accept.",
            cure="Correct the path, or rename the file or folder.",
        ),
        DiagnosticCode(
            "unescaped-path",
            "Unescaped path of files",
            WARNING,
            meaning="A path of files has a reserved URL character.",
            cure="Write the escape in the message, or rename the file or folder.",
        ),
        DiagnosticCode(
            "unknown-timezone",
            "Unknown time zone",
            ERROR,
            meaning="The time zone does not exist.",
            cure="Write `UTC`, or the name that the message suggests.",
        ),
        DiagnosticCode(
            "timezone-not-utc",
            "Time zone is not UTC",
            WARNING,
            meaning="`incremental.timezone` is not UTC, but Experience Platform expects UTC.",
            cure="Use a column in UTC.",
        ),
        DiagnosticCode(
            "invalid-tag",
            "Invalid dataset tag",
            ERROR,
            meaning="The tag `unifiedProfile` or `unifiedIdentity` has a value other than `enabled:true` or "
            "`enabled:false`.",
            cure="Write one of these values.",
        ),
        DiagnosticCode(
            "tags-disagree",
            "Profile and Identity tags disagree",
            WARNING,
            meaning="A dataset is enabled for Identity Service but not for Real-Time Customer Profile.",
            cure="Add `unifiedProfile`, or remove `unifiedIdentity`.",
        ),
    ),
)
