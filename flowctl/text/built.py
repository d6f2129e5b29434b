"""The state and the result of building the documents of one text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from yaml.nodes import Node

from flowctl.model.json_value import JSON
from flowctl.text.bounded import MOST
from flowctl.text.source import TextProblem
from flowctl.text.substitution import Expand, Expanded

MOST_ALIASED = 100_000


@dataclass(slots=True, kw_only=True)
class Build:
    """The problems of one text so far, and how many values may still be built from it.

    A text of n characters composes into at most n nodes; only aliases can turn them into more values.
    """

    expand: Expand
    room: int
    text: str = field(repr=False)
    problems: list[TextProblem] = field(default_factory=list)
    expanded: dict[int, Expanded] = field(default_factory=dict)
    counts: dict[bool, int] = field(default_factory=lambda: {False: 0, True: 0})

    def __post_init__(self) -> None:
        self.room += MOST_ALIASED

    def refuse(
        self, node: Node, code: str, summary: str, *, detail: str = "", hint: str = "", warning: bool = False
    ) -> None:
        """Remember a problem at a node, up to the limit for its severity."""
        self.counts[warning] += 1
        if self.counts[warning] > MOST + 1:
            return
        mark = node.start_mark
        self.problems.append(
            TextProblem(
                code=code,
                summary=summary,
                detail=detail,
                hint=hint,
                line=mark.line + 1,
                column=mark.column + 1,
                warning=warning,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Built:
    """One document: its value, its scalars with a substitution by node, and the whole text of its file.

    `composed` returns its nodes, which have the place of each value. They are needed only if something is wrong.
    """

    composed: Callable[[], Node]
    value: JSON
    expanded: Mapping[int, Expanded]
    sound: bool
    text: str = field(repr=False)

    @property
    def root(self) -> Node:
        """The node of the whole document."""
        return self.composed()
