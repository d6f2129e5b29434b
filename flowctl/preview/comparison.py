"""What a case of a mapping test expects, beside the record that came out."""

from collections.abc import Iterator, Mapping

from flowctl.dataprep.paths import place, read_path
from flowctl.dataprep.problem import ExpressionError
from flowctl.model.json_value import JSONValue
from flowctl.model.mapping_report import Difference, MappedRow
from flowctl.xdm.overlap import overlap

Values = Mapping[str, JSONValue]


def partial_differences(expected: Values, row: MappedRow) -> Iterator[Difference]:
    """Yield each expected place that differs; an expected mapping is partial too, and null means no value."""
    for path, value in leaves(expected):
        actual = value_at(row.record, path)
        if not same(value, actual):
            yield Difference(path, value, actual, _note(path, row))


def exact_differences(expected: Values, row: MappedRow) -> Iterator[Difference]:
    """Yield each place in which the whole record differs from the expected one."""
    whole: dict[str, JSONValue] = {}
    for path, value in leaves(expected):
        place(whole, path, value)  # type: ignore[arg-type]
    yield from (
        Difference(each.path, each.expected, each.actual, _note(each.path, row))
        for each in record_differences(whole, row.record)
    )


def record_differences(expected: JSONValue, actual: JSONValue, path: str = "") -> Iterator[Difference]:
    """Yield the innermost places in which two records differ."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for name in dict.fromkeys([*expected, *actual]):
            below = f"{path}.{name}" if path else name
            yield from record_differences(expected.get(name), actual.get(name), below)
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for number, (left, right) in enumerate(zip(expected, actual, strict=True)):
            yield from record_differences(left, right, f"{path}[{number}]")
    elif not same(expected, actual):
        yield Difference(path, expected, actual)


def leaves(values: Values, path: str = "", *, is_record: bool = False) -> Iterator[tuple[str, JSONValue]]:
    """Yield the values below mappings, each with its dotted path; an empty mapping is a value.

    The names of a record are no paths: a dot in one of them is escaped.
    """
    for name, value in values.items():
        step = str(name).replace(".", "\\.") if is_record else str(name)
        below = f"{path}.{step}" if path else step
        if isinstance(value, Mapping) and value:
            yield from leaves(value, below, is_record=is_record)
        else:
            yield below, value


def value_at(record: Values, path: str) -> JSONValue:
    """Return the value at a path, or None if there is none or the text is not a path."""
    try:
        found: JSONValue = read_path(record, path)  # type: ignore[assignment]
    except ExpressionError:
        return None
    return found


def same(expected: JSONValue, actual: JSONValue) -> bool:
    """Return whether two values are equal as JSON has them: true is not 1, and 1 is 1.0."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(same, expected, actual))
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return expected.keys() == actual.keys() and all(same(value, actual[name]) for name, value in expected.items())
    return expected == actual


def _note(path: str, row: MappedRow) -> str:
    """Return the problem of the mapping that writes a place."""
    return next((error.message for error in row.errors if overlap(error.destination, path)), "")
