"""The rules for mappings: the code of each, how severe it is unless the workspace says otherwise, and what to do."""

from typing import Final, NamedTuple

from flowctl.manifest.mapping_rows import Row
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.validation.wording import did_you_mean


class Rule(NamedTuple):
    """One rule. `hint` is what to do if nothing better is known."""

    code: str
    hint: str
    severity: Severity


_ALL: Final = (
    Rule("expression-syntax", "Correct the expression.", severity=Severity.ERROR),
    Rule("expression-too-long", "Split the expression, or compute a part of it earlier.", severity=Severity.ERROR),
    Rule("expression-statement", "Write one expression: `==` compares, `iif` chooses.", severity=Severity.ERROR),
    Rule("unknown-function", "Use a function of the mapping language.", severity=Severity.ERROR),
    Rule("function-not-evaluated", "Test the mapping on Experience Platform.", severity=Severity.WARNING),
    Rule("too-few-arguments", "Add the arguments that are missing.", severity=Severity.ERROR),
    Rule("too-many-arguments", "Remove the additional arguments.", severity=Severity.ERROR),
    Rule("iif-arguments", "Write `iif(CONDITION, VALUE, OTHERWISE)`.", severity=Severity.ERROR),
    Rule("odd-pairs", "Write a value for each key.", severity=Severity.ERROR),
    Rule("unknown-method", "Use a function instead.", severity=Severity.WARNING),
    Rule("reserved-word", "Write the name in `${...}`.", severity=Severity.ERROR),
    Rule("field-named-like-function", "Write the name in `${...}`.", severity=Severity.WARNING),
    Rule("ambiguous-dot", "Write `\\.` for a dot in a name, and a path without `${...}`.", severity=Severity.WARNING),
    Rule("hyphen-is-minus", "Write the name in `${...}`.", severity=Severity.WARNING),
    Rule("unwrapped-name", "Write the name in `${...}`.", severity=Severity.ERROR),
    Rule("wildcard-in-expression", "Use `[*]` in a source and a destination.", severity=Severity.ERROR),
    Rule("placeholder-in-text", "Join the parts with `concat`.", severity=Severity.WARNING),
    Rule("bare-date", 'Write `date("...")`.', severity=Severity.ERROR),
    Rule(
        "flow-kind-function",
        "Use another function, or test the mapping on Experience Platform.",
        severity=Severity.WARNING,
    ),
    Rule("upsert-outside-streaming", "Remove the function, and map its argument.", severity=Severity.WARNING),
    Rule("upsert-array-missing", "Use `upsert_array_append` or `upsert_array_replace`.", severity=Severity.WARNING),
    Rule("deprecated-function", "Use `contains_key`.", severity=Severity.WARNING),
    Rule("split-is-a-set", "Use `explode` to split at a whole word.", severity=Severity.WARNING),
    Rule("explode-unescaped", "Escape it with two backslashes.", severity=Severity.ERROR),
    Rule("bad-regex", "Correct the regular expression.", severity=Severity.ERROR),
    Rule("bad-date-pattern", "Use the letters of Java's date patterns.", severity=Severity.ERROR),
    Rule("week-year", "Write `y` for the year.", severity=Severity.WARNING),
    Rule("twelve-hour-without-am-pm", "Write `H` for 24 hours, or add `a`.", severity=Severity.WARNING),
    Rule("date-part-unknown", "Use a component of the mapping language.", severity=Severity.ERROR),
    Rule("argument-type", "Write a lambda such as `x -> x`.", severity=Severity.ERROR),
    Rule("lambda-misplaced", "Use it in `filterArray` or `transformArray`.", severity=Severity.ERROR),
    Rule("string-plus-number", "Use `concat` to join strings, or a number to add.", severity=Severity.WARNING),
    Rule("date-default-format", 'Add the format, such as `date(X, "yyyy-MM-dd")`.', severity=Severity.WARNING),
    Rule("ambiguous-date", 'Add the format, such as `date(X, "yyyyMMdd")`.', severity=Severity.WARNING),
    Rule("source-path-syntax", "Write a column, or a path such as `a.b[0].c`.", severity=Severity.ERROR),
    Rule("unknown-column", "Correct the name, or add the column to the list.", severity=Severity.WARNING),
    Rule("destination-syntax", "Write a dotted path such as `person.name.firstName`.", severity=Severity.ERROR),
    Rule("destination-unknown", "Correct the path, or add the field to the schema.", severity=Severity.ERROR),
    Rule("field-group-missing", "Add the field group to the schema.", severity=Severity.WARNING),
    Rule("destination-needs-index", "Write `[0]` for one element, or `[*]` for each.", severity=Severity.ERROR),
    Rule("destination-index-on-scalar", "Remove the index.", severity=Severity.ERROR),
    Rule("destination-index-gap", "Number the elements from 0.", severity=Severity.WARNING),
    Rule("wildcard-count", "Write as many `[*]` in the destination as in the source.", severity=Severity.WARNING),
    Rule("tenant-mismatch", "Write `_${tenant}` for the tenant of your organization.", severity=Severity.ERROR),
    Rule(
        "object-copy-override",
        "Remove one of them, or set the rule to `off` if you need both.",
        severity=Severity.WARNING,
    ),
    Rule("object-into-scalar", "Map to an object, or use one value of it.", severity=Severity.ERROR),
    Rule("array-into-scalar", "Use one element, or join them with `join`.", severity=Severity.WARNING),
    Rule("scalar-into-object", "Map to a field of the object.", severity=Severity.ERROR),
    Rule("literal-type", "Write a value of the field's type.", severity=Severity.ERROR),
    Rule("text-into-number", "Write `to_integer(X)` or `to_decimal(X)`.", severity=Severity.WARNING),
    Rule("text-into-date", 'Write the format, such as `date(X, "yyyy-MM-dd")`.', severity=Severity.WARNING),
    Rule("boolean-text", "Write `true` or `false`.", severity=Severity.WARNING),
    Rule("enum-value", "Use one of these values.", severity=Severity.ERROR),
    Rule("string-constraint", "Write a value that fits.", severity=Severity.WARNING),
    Rule("number-range", "Write a number in this range.", severity=Severity.ERROR),
    Rule("required-unmapped", "Add a mapping for each of them.", severity=Severity.ERROR),
    Rule("required-may-be-null", "Write a value for each case.", severity=Severity.WARNING),
    Rule("identity-unmapped", "Add a mapping for it.", severity=Severity.WARNING),
    Rule("identity-map-shape", "Write a list of objects with an `id` for each namespace.", severity=Severity.WARNING),
)
RULES: Final = {rule.code: rule for rule in _ALL}


class Finding(NamedTuple):
    """A rule that a value breaks, at a character of the value. The mapping is not known yet."""

    code: str
    summary: str
    offset: int
    detail: str = ""
    near: str | None = None

    def of(self, row: Row, key: str) -> Diagnostic:
        """The diagnostic for a mapping."""
        return broken(self.code, self.summary, row, key, offset=self.offset, detail=self.detail, near=self.near)


def broken(
    code: str,
    summary: str,
    row: Row,
    key: str,
    *,
    offset: int = 0,
    detail: str = "",
    near: str | None = None,
    hint: str = "",
) -> Diagnostic:
    """Return the diagnostic of a rule that a mapping breaks, at a character of one of its strings."""
    rule = RULES.get(code, RULES["expression-syntax"])
    is_shown = row.is_shown(key)
    return Diagnostic(
        code=rule.code,
        summary=summary if is_shown else f"`{key}` of a mapping breaks the rule {rule.code}",
        severity=rule.severity,
        detail=detail if is_shown else "Its value comes from an environment variable.",
        hint=did_you_mean(near if is_shown else None, hint or rule.hint),
        span=row.place(key, offset),
    )
