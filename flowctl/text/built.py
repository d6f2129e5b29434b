"""Documents as they were built of a text."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from flowctl.model.json_value import JSON
from flowctl.text.source import TextProblem
from flowctl.text.substitution import Expanded

if TYPE_CHECKING:
    from flowctl.text.nodes import Node
    from flowctl.text.positions import ValuePath

RECENT = 128
"""Files whose nodes are kept; those of any other are composed again when a place in it is asked for."""


class Built(NamedTuple):
    """One document: its value, its scalars with a substitution by path, and the whole text of its file.

    `composed` returns its nodes, which have the place of each value. They are needed only if something is wrong.
    """

    composed: "Callable[[], Node]"
    value: JSON
    expanded: "Mapping[ValuePath, Expanded]"
    sound: bool
    text: str

    @property
    def root(self) -> "Node":
        """The node of the whole document."""
        return self.composed()


class Reading(NamedTuple):
    """The documents of one text, in order, and its problems.

    `complete` is false if the text ends with something that is not YAML: documents may be missing.
    """

    documents: tuple[Built, ...]
    problems: tuple[TextProblem, ...]
    complete: bool = True
