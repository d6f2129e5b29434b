"""The place of a value in a document, looked up in the node tree only if a message needs it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from flowctl.model.diagnostic import SourceSpan
from flowctl.text.nodes import is_mapping, is_scalar, is_sequence

if TYPE_CHECKING:
    from flowctl.text.nodes import MappingNode, Node, ScalarNode

Step: TypeAlias = str | int
ValuePath: TypeAlias = tuple[Step, ...]
"""The place of a value in a document: keys and positions in lists."""
APPEND: Final = -1
"""The last step of a path to an item that is to be added to a list."""
_PAIRS = "pairs_by_key"


def span(root: "Node", file: str, path: Sequence[Step]) -> SourceSpan:
    """The place of the value at a path; if there is none, of its nearest parent."""
    return _place(_follow(root, path)[0], file)


def key_span(root: "Node", file: str, path: Sequence[Step]) -> SourceSpan:
    """The place of the key at a path, or of the list item; if there is none, of its nearest parent's."""
    return _place(_follow(root, path)[1], file)


def node_at(root: "Node", path: Sequence[Step]) -> "Node | None":
    """The node of the value at a path."""
    value, _, steps = _follow(root, path)
    return value if steps == len(path) else None


def scalars(root: "Node") -> "Iterator[tuple[tuple[Step, ...], ScalarNode]]":
    """Path and node of every scalar, in the order of the text. What an alias repeats of itself is left out."""
    yield from _walk(root, (), ())


def _walk(node: Any, path: tuple[Step, ...], above: tuple[int, ...]) -> "Iterator[tuple[tuple[Step, ...], ScalarNode]]":
    if is_scalar(node):
        yield path, node
    elif id(node) in above:
        return
    elif is_sequence(node):
        for index, item in enumerate(node.value):
            yield from _walk(item, (*path, index), (*above, id(node)))
    else:
        seen: set[str] = set()
        for key, value in node.value:
            if is_scalar(key) and key.value not in seen:
                seen.add(key.value)
                yield from _walk(value, (*path, key.value), (*above, id(node)))


def _follow(root: "Node", path: Sequence[Step]) -> "tuple[Node, Node, int]":
    """The deepest value node on a path, the node of its key, and how many steps were found."""
    value, key = root, root
    for count, step in enumerate(path):
        below = _below(value, step)
        if below is None:
            return value, key, count
        key, value = below
    return value, key, len(path)


def _below(node: "Node", step: Step) -> "tuple[Node, Node] | None":
    if is_mapping(node):
        return pairs_by_key(node).get(step)
    if is_sequence(node) and isinstance(step, int) and 0 <= step < len(node.value):
        return node.value[step], node.value[step]
    return None


def pairs_by_key(node: "MappingNode") -> "Mapping[Step, tuple[Node, Node]]":
    """The nodes of key and value by the text of the key, the first of each. Cached at the node for later calls."""
    kept: dict[Step, tuple[Node, Node]] | None = vars(node).get(_PAIRS)
    if kept is None:
        pairs = [(key, value) for key, value in node.value if is_scalar(key)]
        kept = {key.value: (key, value) for key, value in reversed(pairs)}
        vars(node)[_PAIRS] = kept
    return kept


def _place(node: "Node", file: str) -> SourceSpan:
    return SourceSpan(file=file, line=node.start_mark.line + 1, column=node.start_mark.column + 1)
