"""The columns that a pipeline's mappings read."""

from collections.abc import Container, Iterable, Iterator

from flowctl.dataprep.mapping import Mapping
from flowctl.dataprep.paths import steps
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.reading import calls_of, columns_of
from flowctl.dataprep.tree import Literal

_BY_NAME = frozenset({"contains_key", "is_set"})
"""Functions whose argument may be a string with the name of a column."""


def read_columns(mappings: Iterable[Mapping]) -> frozenset[str]:
    """Return the names and first steps of all paths that the mappings read."""
    return frozenset(name for mapping in mappings for name in _of(mapping))


def reads_any(mappings: Iterable[Mapping], columns: Container[str]) -> bool:
    """Whether the mappings read one of these columns, or none at all."""
    read = read_columns(mappings)
    return not read or any(name in columns for name in read)


def _of(mapping: Mapping) -> Iterator[str]:
    if mapping.kind == "STATIC":
        return
    try:
        if mapping.kind == "ATTRIBUTE":
            yield mapping.source
            yield str(steps(mapping.source)[0])
            return
        for field in columns_of(mapping.source):
            yield field.name
            yield str(steps(field.name)[0])
        for call in calls_of(mapping.source):
            if call.name in _BY_NAME:
                yield from (str(each.value) for each in call.arguments if isinstance(each, Literal))
    except ExpressionError:
        return
