"""Build plain values from composed YAML nodes, with every problem at its line and column."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from flowctl.model.json_value import JSON
from flowctl.text.bounded import MOST
from flowctl.text.built import Built
from flowctl.text.positions import ValuePath, pairs_by_key
from flowctl.text.scalars import FIRST, loses_zeros, resolve
from flowctl.text.source import TextProblem
from flowctl.text.substitution import OPENING, Expand, Expanded

DEEPEST = 100
MERGE_KEY: Final = "<<"
MOST_ALIASED = 100_000
_TEXT = "tag:yaml.org,2002:str"


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


class _Endless(Exception):  # noqa: N818 - reads as what happened
    """Aliases grow without end."""


def build(root: Node, state: Build) -> Built:
    """The value of a document. A refused part is omitted, or is a string."""
    before = state.counts[False]
    state.expanded = {}
    value: JSON = None
    try:
        value = _value(root, state, 0)
    except _Endless:
        state.refuse(
            root,
            "alias-too-large",
            "the aliases of the document expand to too many values",
            detail=f"The limit is {MOST_ALIASED:,} values, and no alias may contain itself.",
            hint="Write the values instead of the aliases.",
        )
    return Built(
        composed=lambda: root,
        value=value,
        expanded=dict(_expanded_in(root, value, state, ())) if state.expanded else {},
        sound=before == state.counts[False],
        text=state.text,
    )


def _value(node: Any, state: Build, depth: int) -> JSON:
    state.room -= 1
    kind = type(node)
    if kind is ScalarNode:
        text = node.value
        if node.tag == "":
            if text and text[0] not in FIRST:
                return text if OPENING not in text else _expanded(node, state)
            return _plain(node, state)
        if node.tag != _TEXT:
            return _tagged(node, state)
        return text if OPENING not in text else _expanded(node, state)
    if state.room < 0 or depth > DEEPEST:
        raise _Endless
    if node.tag != "" and node.tag not in ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
        _tagged(node, state)
    if kind is SequenceNode:
        return [_value(item, state, depth + 1) for item in node.value]
    return _mapping(node, state, depth)


def _mapping(node: MappingNode, state: Build, depth: int) -> dict[str, JSON]:
    built: dict[str, JSON] = {}
    for key_node, value_node in node.value:
        text = key_node.value
        # Most keys are known at once to be text: a call for each would take a third of the time.
        is_text = type(key_node) is ScalarNode and key_node.tag == "" and text and text[0] not in FIRST
        key = text if is_text and text != MERGE_KEY else _key(key_node, state)
        if key is None:
            continue
        if key in built:
            first = pairs_by_key(node)[key][0].start_mark.line + 1
            state.refuse(
                key_node,
                "duplicate-key",
                f"duplicate key `{key}`",
                detail=f"The first one is at line {first}.",
                hint="Remove one of them.",
            )
            continue
        built[key] = _value(value_node, state, depth + 1)
    return built


def _key(node: Node, state: Build) -> str | None:
    """The string of a key, or None if it is refused."""
    if type(node) is not ScalarNode:
        state.refuse(
            node,
            "key-not-text",
            "a key must be a string",
            detail="Found a list or a mapping.",
            hint="Write a string before the colon.",
        )
        return None
    text: str = node.value
    if node.tag == _TEXT:
        return text
    if node.tag != "":
        _tagged(node, state)
        return None
    if text == MERGE_KEY:
        state.refuse(
            node,
            "merge-key",
            "the merge key `<<` is not supported",
            detail="YAML 1.2 does not have it.",
            hint="Write the keys here, or repeat a whole value with an alias.",
        )
        return None
    if text and text[0] not in FIRST:
        return text
    try:
        is_text = isinstance(resolve(text), str)
    except ValueError:
        is_text = False
    if not is_text:
        found = f"`{text}`" if text else "an empty key"
        state.refuse(
            node,
            "key-not-text",
            "a key must be a string",
            detail=f"YAML reads {found} as another type.",
            hint=f"Write it in quotes: `'{text}'`." if text else "Write a key before the colon.",
        )
        return None
    return text


def _plain(node: ScalarNode, state: Build) -> JSON:
    text: str = node.value
    try:
        value = resolve(text)
    except ValueError as error:
        state.refuse(
            node,
            "number-not-json",
            f"{error}",
            hint="Write another number, or put it in quotes to make it a string.",
        )
        return text
    if isinstance(value, str):
        return value if OPENING not in value else _expanded(node, state)
    if type(value) is int and loses_zeros(text):
        state.refuse(
            node,
            "leading-zeros",
            f"`{text}` is read as the number {value}",
            hint=f"Write `'{text}'` if the zeros matter, otherwise `{value}`.",
            warning=True,
        )
    return value


def _expanded(node: ScalarNode, state: Build) -> JSON:
    found = state.expand(node.value)
    if found.is_told:
        state.expanded[id(node)] = found
    return found.value


def _expanded_in(node: Any, value: JSON, state: Build, path: ValuePath) -> Iterator[tuple[ValuePath, Expanded]]:
    """The scalars of a value that came out of `${...}`, by path, in the order of the text. Each alias has its own.

    What was refused is not in the value, and not looked through: there may be no end to it.
    """
    if type(node) is ScalarNode:
        if id(node) in state.expanded:
            yield path, state.expanded[id(node)]
    elif isinstance(value, list):
        for index, (below, item) in enumerate(zip(node.value, value, strict=True)):
            yield from _expanded_in(below, item, state, (*path, index))
    elif isinstance(value, dict):
        pairs = pairs_by_key(node)
        for key, member in value.items():
            yield from _expanded_in(pairs[key][1], member, state, (*path, key))


def _tagged(node: Node, state: Build) -> JSON:
    tag = str(node.tag).replace("tag:yaml.org,2002:", "!!")
    state.refuse(
        node,
        "yaml-tag",
        f"the YAML tag `{tag}` is not supported",
        hint="Remove the tag. Put the value in quotes if it must be a string.",
    )
    return node.value if type(node) is ScalarNode else None
