"""Values and rows of previews, mapping tests and runs that read files: codes of their problems."""

from typing import Final

from flowctl.model.codes.code import ERROR, WARNING, Area, DiagnosticCode

AREA: Final = Area(
    "Values and rows",
    (
        DiagnosticCode(
            "evaluation-failed",
            "Expression without a value",
            WARNING,
            meaning="A function or an operation has no result for the values of a row. The destination stays empty.",
            cure="Change the value first, or choose another one with `iif`. A mapping test can expect the code.",
        ),
        DiagnosticCode(
            "null-operand",
            "Operation on null",
            WARNING,
            meaning="An operator needs a value and finds null inside a record. The destination stays empty.",
            cure="Write a value in place of null: `(X.y ?? 0) + 1`.",
        ),
        DiagnosticCode(
            "null-column",
            "Operation on an empty column",
            WARNING,
            meaning="An operator needs a value, and the row has none in this column. The destination stays empty, "
            "also if the whole operation stands before `??`.",
            cure="Write a value in place of null inside the operation: `(X ?? 0) + 1`.",
        ),
        DiagnosticCode(
            "no-such-member",
            "No such member",
            WARNING,
            meaning="An expression asks a value for a member or an element that it cannot have: the value is not an "
            "object, or the index is negative.",
            cure="Correct the path, or test with `is_empty` whether the object is there.",
        ),
        DiagnosticCode(
            "not-a-date",
            "Not a date",
            WARNING,
            meaning="A value is not a date in the pattern or in the default formats, or the date does not exist. The "
            "destination stays empty.",
            cure='Write the pattern of the source\'s dates: `date(X, "dd.MM.yyyy")`.',
        ),
        DiagnosticCode(
            "not-a-number",
            "Not a number",
            WARNING,
            meaning="A value is not a number, or is too large for the type. The destination stays empty.",
            cure="Remove what is not part of the number with `replacestr`, or use `to_bigint` for a large one.",
        ),
        DiagnosticCode(
            "unknown-charset",
            "Unknown character set",
            WARNING,
            meaning="A function is given the name of a character set that does not exist.",
            cure="Write a name such as `UTF-8`.",
        ),
        DiagnosticCode(
            "expression-budget",
            "Expression that takes too long",
            WARNING,
            meaning="The evaluation of an expression for one row was ended: it takes too many steps, or makes a value "
            "that is too large.",
            cure="Split the expression, or write a simpler regular expression.",
        ),
        DiagnosticCode(
            "malformed-row",
            "Malformed row",
            ERROR,
            meaning="A row of a sample file cannot be read, such as one with more values than the header has names.",
            cure="Correct the row. If all rows have this, set `source.data.properties` to the file's delimiter.",
        ),
        DiagnosticCode(
            "required-missing",
            "Required field without a value",
            ERROR,
            meaning="A record has no value for a field that its schema requires. Ingestion rejects the row.",
            cure="Map a value to the field, or a constant for rows without one.",
        ),
        DiagnosticCode(
            "not-in-enum",
            "Value outside of an enumeration",
            ERROR,
            meaning="A value is not one of those that the schema allows. Ingestion rejects the row.",
            cure="Map the source's values to those of the schema with `decode` or `iif`.",
        ),
        DiagnosticCode(
            "pattern-mismatch",
            "Value that its pattern excludes",
            ERROR,
            meaning="A string does not match the pattern of its field. Ingestion rejects the row.",
            cure="Change the value in the mapping, or leave it out with `iif`.",
        ),
        DiagnosticCode(
            "wrong-format",
            "Value in the wrong format",
            ERROR,
            meaning="A string is not in the format of its field, such as a time with its time zone. Ingestion rejects "
            "the row.",
            cure='Use a function that makes it: `date(X, "yyyy-MM-dd HH:mm:ss")`.',
        ),
        DiagnosticCode(
            "out-of-range",
            "Value out of range",
            ERROR,
            meaning="A number is below the minimum or above the maximum of its field. Ingestion rejects the row.",
            cure="Correct the value in the mapping, or leave it out with `iif`.",
        ),
        DiagnosticCode(
            "wrong-length",
            "Value of the wrong length",
            ERROR,
            meaning="A string or an array is shorter or longer than its field allows. Ingestion rejects the row.",
            cure="Change it with `substr`, or leave it out with `iif`.",
        ),
    ),
)
