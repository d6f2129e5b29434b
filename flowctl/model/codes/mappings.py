"""Mappings: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import ERROR, WARNING, Area, DiagnosticCode

AREA: Final = Area(
    "Mappings",
    (
        DiagnosticCode(
            "source-path-syntax",
            "Not a source path",
            ERROR,
            meaning="`source` is not a path: an empty name, or an index that is not closed.",
            cure="Write a column, or a path such as `a.b`, `a[0].b` or `a[*].b`; a dot in a name has a "
            "backslash before it.",
        ),
        DiagnosticCode(
            "unknown-column",
            "Misspelled column",
            WARNING,
            meaning="`source.params.columns` lists the columns that are read, and the mapping reads another one whose "
            "name is similar.",
            cure="Use the name in the message, or add the column to the list.",
        ),
        DiagnosticCode(
            "destination-syntax",
            "Not a destination path",
            ERROR,
            meaning="`destination` is not a dotted path, or has slashes, `properties.` or `xdm:` in it.",
            cure="Write it as Experience Platform shows it: `person.name.firstName`.",
        ),
        DiagnosticCode(
            "destination-unknown",
            "Unknown destination",
            ERROR,
            meaning="The schema has no such field. flowctl does not check fields of your organization "
            "(below `_TENANT`), schemas that are given by ID or title, and names "
            "unlike any other if a field group is not a standard one.",
            cure="Use the name in the message, or add the field to the schema.",
        ),
        DiagnosticCode(
            "field-group-missing",
            "Missing field group",
            WARNING,
            meaning="The schema does not have the standard field group that has the field.",
            cure="Add the field group in the message to the Schema document.",
        ),
        DiagnosticCode(
            "destination-needs-index",
            "Array without an index",
            ERROR,
            meaning="The path continues below an array without an index.",
            cure="Write `[0]` for one element, or `[*]` for each.",
        ),
        DiagnosticCode(
            "destination-index-on-scalar",
            "Index on a field that is not an array",
            ERROR,
            meaning="The path has an index on a field that is not an array.",
            cure="Remove the index.",
        ),
        DiagnosticCode(
            "destination-index-gap",
            "Gap between array elements",
            WARNING,
            meaning="A mapping writes an element of an array, and none writes an element before it.",
            cure="Number the elements from 0.",
        ),
        DiagnosticCode(
            "wildcard-count",
            "Different numbers of wildcards",
            WARNING,
            meaning="Source and destination have different numbers of `[*]`.",
            cure="Write as many in the destination as in the source.",
        ),
        DiagnosticCode(
            "tenant-mismatch",
            "Another tenant",
            ERROR,
            meaning="A destination begins with another tenant, such as `_acne`, than that of the organization, which "
            "`flowctl specs pull` has read; or, before that, than another destination of the pipeline.",
            cure="Write `_${tenant}`, which stands for the tenant of each environment's organization.",
        ),
        DiagnosticCode(
            "object-copy-override",
            "Part of a copied object",
            WARNING,
            meaning="A mapping writes a field, and another mapping copies an object to a field above it. The "
            "field's own mapping wins.",
            cure="Keep both if that is what you want, and set the rule to `off`; otherwise remove one.",
        ),
        DiagnosticCode(
            "object-into-scalar",
            "Object for a simple field",
            ERROR,
            meaning="The expression returns an object, and the field is a string, number or boolean.",
            cure="Map to an object, or use one value of it.",
        ),
        DiagnosticCode(
            "array-into-scalar",
            "Array for a simple field",
            WARNING,
            meaning="The expression returns an array, and the field is not an array.",
            cure="Use one element, or join them with `array_to_string`.",
        ),
        DiagnosticCode(
            "scalar-into-object",
            "Simple value for an object",
            ERROR,
            meaning="The value is a string, number, boolean or date, and the field is an object.",
            cure="Map to a field of the object.",
        ),
        DiagnosticCode(
            "literal-type",
            "Constant of another type",
            ERROR,
            meaning="A constant cannot be converted to the type of its field.",
            cure="Write a value of the field's type.",
        ),
        DiagnosticCode(
            "text-into-number",
            "String for a number",
            WARNING,
            meaning="A function, or a column whose `xdm` type is listed, returns a string, and the field is a number. "
            "No document says how Experience Platform converts it.",
            cure="Write `to_integer(X)` or `to_decimal(X)`.",
        ),
        DiagnosticCode(
            "text-into-date",
            "String for a date",
            WARNING,
            meaning="A function, or a column whose `xdm` type is listed, returns a string, and the field is a date. "
            "Experience Platform tries its default formats, and the first that fits wins.",
            cure='Write the format: `date(X, "dd.MM.yyyy")`.',
        ),
        DiagnosticCode(
            "boolean-text",
            "Not a boolean",
            WARNING,
            meaning="The field is a boolean, which is read from `true`, `y`, `yes`, `on` and `false`, "
            "`n`, `no`, `off` only, all in lower or in upper case.",
            cure="Write `true` or `false`.",
        ),
        DiagnosticCode(
            "enum-value",
            "Value that the field does not accept",
            ERROR,
            meaning="The field accepts only the values of a fixed list.",
            cure="Use one of the values in the message.",
        ),
        DiagnosticCode(
            "string-constraint",
            "String that breaks a rule of its field",
            WARNING,
            meaning="The string is too short or too long for its field, or does not have its form.",
            cure="Write one that fits.",
        ),
        DiagnosticCode(
            "number-range",
            "Number out of range",
            ERROR,
            meaning="The number is below the minimum of its field or above the maximum.",
            cure="Write one within the range.",
        ),
        DiagnosticCode(
            "required-unmapped",
            "Required field without a mapping",
            ERROR,
            meaning="No mapping writes a field that the schema requires, or an object that contains the field.",
            cure="Add a mapping for each field in the message.",
        ),
        DiagnosticCode(
            "required-may-be-null",
            "Null for a required field",
            WARNING,
            meaning="A branch of the expression is null, and the schema requires the field: Experience "
            "Platform rejects the records that take this branch.",
            cure="Write a value for each case, or map a column that is never empty.",
        ),
        DiagnosticCode(
            "identity-unmapped",
            "Primary identity without a mapping",
            WARNING,
            meaning="The schema has a primary identity, and no mapping writes it. Known for schemas that "
            "`flowctl specs pull` has read.",
            cure="Add a mapping for it.",
        ),
        DiagnosticCode(
            "identity-map-shape",
            "Wrong form of the identity map",
            WARNING,
            meaning="The identity map has a list for each namespace, and each element of a list is an "
            "object with an `id`. The value surely has another form.",
            cure='Write, for example, `{"ECID": [{"id": ecid}]}` to `identityMap`, or a string to '
            "`identityMap.ECID[0].id`.",
        ),
        DiagnosticCode(
            "pulled-schemas-unusable",
            "Unusable file of pulled schemas",
            WARNING,
            meaning="The file that `flowctl specs pull` writes is damaged or of another release. Mappings to schemas "
            "that only Experience Platform has are not checked.",
            cure="Run `flowctl specs pull` again.",
        ),
        DiagnosticCode(
            "mapping-file",
            "Wrong mapping file",
            ERROR,
            meaning="A CSV file with mappings has an unknown or a missing column, a row that is not a mapping, or "
            "broken quotes.",
            cure="Correct the row; the columns are in [Mappings](mappings.md#a-file-of-mappings).",
        ),
        DiagnosticCode(
            "mapping-rejected",
            "Mapping rejected by Experience Platform",
            ERROR,
            meaning="Experience Platform's own validation rejects a mapping that the plan would create or change.",
            cure="Correct it. The message quotes the reason.",
        ),
    ),
)
