"""Edit YAML text in place: values are replaced, added and removed where they stand, and all else stays as it is.

Comments, order, quotes and line ends are kept. What an anchor, an alias or a tag makes of a value cannot be edited
without changing another one, so it is refused.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from flowctl.model.json_value import JSON
from flowctl.text.composing import compose_all
from flowctl.text.lines import content_end, indent_of, line_end, line_start, newline_of
from flowctl.text.positions import APPEND, ValuePath, node_at, pairs_by_key
from flowctl.text.written import key_text, replacement, written


class _Removed:
    """The value of an edit that removes."""


REMOVED: Final = _Removed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """The value at a path becomes another one, or is removed; `renamed` is the key that it has from then on."""

    path: ValuePath
    value: JSON | _Removed
    renamed: str | None = None


class NotEditable(Exception):  # noqa: N818 - reads as what happened
    """A value cannot be edited where it stands; `why` is the reason, as a clause."""

    def __init__(self, why: str, path: ValuePath = ()) -> None:
        super().__init__(why)
        self.why, self.path = why, path


def document_at(text: str, line: int) -> int:
    """Which document of a text begins at a line, counted from 0."""
    return [root.start_mark.line for root in compose_all(text)].index(line)


def why_not_editable(text: str, root: Node, path: ValuePath) -> str:
    """Why the value at a path, or at the nearest parent that is there, cannot be edited; empty if it can."""
    shared = _shared(root)
    node: Node | None = root
    for length in range(len(path) + 1):
        node = node_at(root, path[:length])
        if node is None:
            return ""
        if id(node) in shared:
            return "an alias repeats it in another place"
        if text[node.start_mark.index : node.start_mark.index + 1] in ("&", "!"):
            return "it has an anchor or a tag"
    return ""


def edited(text: str, document: int, edits: Sequence[Edit]) -> str:
    """The text with these edits of one document; removals come last, from the end of a list to its beginning.

    Raises NotEditable.
    """
    for edit in sorted(edits, key=_order):
        root = list(compose_all(text))[document]
        try:
            text = _one(text, root, edit)
        except NotEditable as error:
            raise NotEditable(error.why, edit.path) from None
    return text


def _order(edit: Edit) -> tuple[int, tuple[int, ...]]:
    """Values first, then what is added, then what is removed, the last of a list first."""
    if edit.value is REMOVED:
        return 2, tuple(-step for step in edit.path if isinstance(step, int))
    return (1 if edit.path[-1] == APPEND else 0), ()


def _one(text: str, root: Node, edit: Edit) -> str:
    why = why_not_editable(text, root, edit.path)
    if why:
        raise NotEditable(why)
    node = node_at(root, edit.path) if edit.path[-1] != APPEND else None
    if isinstance(edit.value, _Removed):
        return _removed(text, root, edit.path) if node is not None else text
    if node is None:
        return _added(text, root, edit.path, edit.value)
    if edit.renamed is not None:
        parent = node_at(root, edit.path[:-1])
        assert isinstance(parent, MappingNode)
        key, _ = pairs_by_key(parent)[edit.path[-1]]
        text = _spliced(text, node.start_mark.index, _end(text, node), _value(text, node, edit.value))
        return _spliced(text, key.start_mark.index, key.end_mark.index, key_text(edit.renamed))
    return _spliced(text, node.start_mark.index, _end(text, node), _value(text, node, edit.value))


def _value(text: str, node: Node, value: JSON) -> str:
    """The text of the new value; a collection that spans lines would lose the comments in it."""
    if isinstance(node, ScalarNode):
        return replacement(node, value) + (newline_of(text) if node.style in ("|", ">") else "")
    if "#" in text[node.start_mark.index : content_end(text, node)]:
        raise NotEditable("there are comments in it")
    return written(value)


def _end(text: str, node: Node) -> int:
    return int(node.end_mark.index) if isinstance(node, ScalarNode) else content_end(text, node)


def _spliced(text: str, start: int, end: int, new: str) -> str:
    return f"{text[:start]}{new}{text[end:]}"


def _added(text: str, root: Node, path: ValuePath, value: JSON) -> str:
    """The text with a new value; parents that are not there come with it."""
    depth = len(path) - 1
    while (parent := node_at(root, path[:depth])) is None:
        depth -= 1
    for step in reversed(path[depth + 1 :]):
        value = [value] if step == APPEND else {step: value}
    if isinstance(parent, SequenceNode):
        return _with_item(text, parent, written(value))
    if isinstance(parent, MappingNode):
        return _with_pair(text, parent, f"{key_text(str(path[depth]))}: {written(value)}")
    if isinstance(parent, ScalarNode) and parent.tag == "" and parent.value in ("", "~", "null"):
        new = written({path[depth]: value}) if path[depth] != APPEND else written([value])
        start = parent.start_mark.index
        return _spliced(text, start, parent.end_mark.index, new if parent.value else f" {new}")
    raise NotEditable("its parent is not a mapping")


def _with_pair(text: str, parent: MappingNode, pair: str) -> str:
    if parent.flow_style:
        return _before_bracket(text, parent, pair)
    last_key, last_value = parent.value[-1]
    return _line_after(text, max(content_end(text, last_value), last_key.end_mark.index), indent_of(parent), pair)


def _with_item(text: str, parent: SequenceNode, item: str) -> str:
    if parent.flow_style:
        return _before_bracket(text, parent, item)
    last = parent.value[-1]
    return _line_after(text, content_end(text, last), indent_of(parent), f"- {item}")


def _before_bracket(text: str, parent: MappingNode | SequenceNode, new: str) -> str:
    """A new member at the end of a flow collection, after its last one."""
    if not parent.value:
        return _spliced(text, parent.start_mark.index + 1, parent.end_mark.index - 1, new)
    last = parent.value[-1][1] if isinstance(parent, MappingNode) else parent.value[-1]
    end = content_end(text, last)
    return _spliced(text, end, end, f", {new}")


def _line_after(text: str, end: int, indent: int, content: str) -> str:
    """A new line after the one in which something ends."""
    place, newline = line_end(text, end), newline_of(text)
    before = "" if place and text[place - 1] in "\r\n" else newline
    return _spliced(text, place, place, f"{before}{' ' * indent}{content}{newline}")


def _removed(text: str, root: Node, path: ValuePath) -> str:
    """The text without the value at a path; a parent that would be empty goes with it."""
    while len(path) > 1 and _is_alone(node_at(root, path[:-1])):
        path = path[:-1]
    parent = node_at(root, path[:-1])
    members = list(_members(parent)) if isinstance(parent, MappingNode | SequenceNode) else []
    place = next(index for index, (step, _, _) in enumerate(members) if step == path[-1])
    _, first, last = members[place]
    start, end = first.start_mark.index, content_end(text, last)
    if isinstance(parent, MappingNode | SequenceNode) and parent.flow_style:
        before = content_end(text, members[place - 1][2]) if place else start
        after = end if place else members[1][1].start_mark.index
        if "#" in text[before:start] + text[end:after]:
            return _without_lines(text, start, end)
        return _spliced(text, before, after, "")
    if isinstance(parent, MappingNode) and text[line_start(text, start) : start].strip():
        # The first key of a list item stands behind the dash: the next key takes its place.
        return _spliced(text, start, members[place + 1][1].start_mark.index, "")
    return _spliced(text, line_start(text, start), line_end(text, end), "")


def _without_lines(text: str, start: int, end: int) -> str:
    """The text without a member of a flow collection that has its lines for itself; a comma may stand before the end.

    Raises NotEditable where comments of other members are in these lines.
    """
    first, last = line_start(text, start), line_end(text, end)
    rest = text[end:last].strip().removeprefix(",").lstrip()
    if text[first:start].strip() or (rest and not rest.startswith("#")):
        raise NotEditable("there are comments beside it")
    return _spliced(text, first, last, "")


def _is_alone(parent: Node | None) -> bool:
    return isinstance(parent, MappingNode | SequenceNode) and len(parent.value) == 1


def _members(parent: MappingNode | SequenceNode) -> Iterator[tuple[str | int, Node, Node]]:
    """Step, first node and last node of each member of a collection."""
    if isinstance(parent, MappingNode):
        yield from ((key.value, key, value) for key, value in parent.value)
    else:
        yield from ((index, item, item) for index, item in enumerate(parent.value))


def _shared(root: Node) -> frozenset[int]:
    """The nodes that stand in more than one place."""
    counts: Counter[int] = Counter()
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        counts[id(node)] += 1
        if counts[id(node)] > 1:
            continue
        if isinstance(node, MappingNode | SequenceNode):
            waiting.extend(last for _, _, last in _members(node))
    return frozenset(one for one, count in counts.items() if count > 1)
