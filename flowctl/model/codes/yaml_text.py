"""Reading YAML: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import EITHER, ERROR, WARNING, Area, DiagnosticCode

AREA: Final = Area(
    "Reading YAML",
    (
        DiagnosticCode(
            "yaml-syntax",
            "YAML syntax error",
            ERROR,
            meaning="The file is not valid YAML.",
            cure="Fix the place that the message shows; its last line tells how.",
        ),
        DiagnosticCode(
            "yaml-tag",
            "YAML tag",
            ERROR,
            meaning="A value has a YAML tag, such as `!secret`.",
            cure="Remove the tag. Put the value in quotes if it must be a string.",
        ),
        DiagnosticCode(
            "merge-key",
            "YAML merge key",
            ERROR,
            meaning="A mapping has a merge key (`<<`).",
            cure="Write the keys instead, or repeat a whole value with an alias.",
        ),
        DiagnosticCode(
            "alias-too-large",
            "Aliases too large",
            ERROR,
            meaning="The aliases of a document expand to too many values, or an alias contains itself.",
            cure="Write the values instead of the aliases.",
        ),
        DiagnosticCode(
            "duplicate-key",
            "Duplicate key",
            ERROR,
            meaning="A mapping has the same key twice.",
            cure="Remove one of them.",
        ),
        DiagnosticCode(
            "key-not-text",
            "Key that is not text",
            ERROR,
            meaning="A key is a number, a boolean, a list, a mapping or empty.",
            cure="Write the key in quotes, or correct it.",
        ),
        DiagnosticCode(
            "number-not-json",
            "Number that JSON does not have",
            ERROR,
            meaning="JSON does not have this number, for example `.inf`.",
            cure="Write another number, or put it in quotes to make it a string.",
        ),
        DiagnosticCode(
            "leading-zeros",
            "Leading zeros are lost",
            WARNING,
            meaning="YAML reads digits with leading zeros as a number without them.",
            cure="Put the digits in quotes if the zeros matter.",
        ),
        DiagnosticCode(
            "merge-conflict",
            "Merge conflict in a manifest",
            ERROR,
            meaning="The file has the markers of a merge conflict.",
            cure="Resolve the conflict, and remove the lines with markers.",
        ),
        DiagnosticCode(
            "tab",
            "Tab in YAML",
            ERROR,
            meaning="A tab is used for indentation.",
            cure="Indent with spaces.",
        ),
        DiagnosticCode(
            "not-utf-8",
            "File that is not UTF-8",
            ERROR,
            meaning="The file is not UTF-8.",
            cure="Save it as UTF-8.",
        ),
        DiagnosticCode(
            "control-character",
            "Control character",
            ERROR,
            meaning="The file has a control character that YAML does not allow.",
            cure="Remove the character, or write it as an escape in double quotes.",
        ),
        DiagnosticCode(
            "file-too-large",
            "File too large",
            ERROR,
            meaning="The file is larger than 10 MB, or has more than 50,000 documents.",
            cure="Split it into several files.",
        ),
        DiagnosticCode(
            "too-many-problems",
            "Too many problems",
            EITHER,
            meaning="A file has more problems than flowctl shows. A warning if those are warnings.",
            cure="Fix the problems that are shown, and run `flowctl validate` again.",
        ),
        DiagnosticCode(
            "not-formatted",
            "Not formatted",
            WARNING,
            meaning="`flowctl fmt` leaves a file as it is: a value or a comment would change, or a second run would "
            "change it again.",
            cure="Change its form yourself. Write an escape, such as `\\u2028`, for a line separator of Unicode.",
        ),
        DiagnosticCode(
            "nested-too-deep",
            "Nested too deep",
            ERROR,
            meaning="Lists and mappings are nested more than 100 levels deep.",
            cure="Close every bracket, and check the indentation.",
        ),
        DiagnosticCode(
            "not-a-manifest",
            "Not a manifest",
            ERROR,
            meaning="A document is not a mapping with `apiVersion` and `kind`, or has another `apiVersion`.",
            cure="Begin it with `apiVersion: flowctl/v1` and a `kind`, or move the file out of the folders in "
            "`manifests`.",
        ),
    ),
)
