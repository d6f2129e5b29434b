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
            cure="Correct the place that is named.",
        ),
        DiagnosticCode(
            "yaml-tag",
            "YAML tag",
            ERROR,
            meaning="A value has a tag, such as `!secret`.",
            cure="Remove it; quotes make text.",
        ),
        DiagnosticCode(
            "merge-key",
            "YAML merge key",
            ERROR,
            meaning="A merge key (`<<`) is used.",
            cure="Write the keys out, or repeat a whole value with an alias.",
        ),
        DiagnosticCode(
            "alias-too-large",
            "Aliases too large",
            ERROR,
            meaning="Aliases make the document too large, or contain themselves.",
            cure="Write the values out.",
        ),
        DiagnosticCode(
            "duplicate-key",
            "Duplicate key",
            ERROR,
            meaning="A key stands twice in one mapping.",
            cure="Keep one.",
        ),
        DiagnosticCode(
            "key-not-text",
            "Key that is not text",
            ERROR,
            meaning="A key is a number, a boolean, a list or nothing.",
            cure="Write it in quotes, or correct it.",
        ),
        DiagnosticCode(
            "number-not-json",
            "Number that JSON does not have",
            ERROR,
            meaning="A number is one that JSON does not have, such as `.inf`.",
            cure="Write another number, or put it in quotes to make it text.",
        ),
        DiagnosticCode(
            "leading-zeros",
            "Leading zeros are lost",
            WARNING,
            meaning="Digits with leading zeros are read as a number, and the zeros are lost.",
            cure="Put them in quotes if the zeros matter.",
        ),
        DiagnosticCode(
            "merge-conflict",
            "Merge conflict in a manifest",
            ERROR,
            meaning="The file holds merge conflict markers.",
            cure="Resolve the conflict.",
        ),
        DiagnosticCode(
            "tab",
            "Tab in YAML",
            ERROR,
            meaning="A tab stands where YAML allows none.",
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
            meaning="The file holds a character that YAML does not allow.",
            cure="Remove it.",
        ),
        DiagnosticCode(
            "file-too-large",
            "File too large",
            ERROR,
            meaning="The file is larger than a manifest may be, or holds too many documents.",
            cure="Split it.",
        ),
        DiagnosticCode(
            "too-many-problems",
            "Too many problems",
            EITHER,
            meaning="A file has more problems than are shown. A warning if those are warnings.",
            cure="Correct those that are shown first.",
        ),
        DiagnosticCode(
            "nested-too-deep",
            "Nested too deep",
            ERROR,
            meaning="Lists and mappings are nested deeper than any manifest needs.",
            cure="Check the indentation.",
        ),
        DiagnosticCode(
            "not-a-manifest",
            "Not a manifest",
            ERROR,
            meaning="A document is not a mapping with `apiVersion` and `kind`, or has another `apiVersion`.",
            cure="Begin it with `apiVersion: flowctl/v1` and a `kind`, or move the file out of the folders of "
            "`manifests`.",
        ),
    ),
)
