"""Where lines and nodes of a YAML text begin and end."""

import re
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

ANY_LINE_END: Final = re.compile("\r\n|[\r\n]")


def newline_of(text: str) -> str:
    """The line end that a text uses."""
    found = ANY_LINE_END.search(text)
    return found[0] if found else "\n"


def line_start(text: str, index: int) -> int:
    """Where the line of a character begins."""
    return max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1


def line_end(text: str, index: int) -> int:
    """Where the line after that of a character begins; the end of the text if there is none.

    A place right after a line end is already there: a block scalar ends so.
    """
    if index and text[index - 1] in "\r\n":
        return index
    found = ANY_LINE_END.search(text, index)
    return found.end() if found else len(text)


def indent_of(node: MappingNode | SequenceNode) -> int:
    """The column in which the keys, or the dashes, of a block collection stand."""
    return int(node.start_mark.column)


def content_end(text: str, node: Node) -> int:
    """Where the last character of a node ends: a block collection counts up to its last value, without comments."""
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        if isinstance(last, tuple):
            key, value = last
            return max(content_end(text, value), int(key.end_mark.index))
        return content_end(text, last)
    end = int(node.end_mark.index)
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        return len(text[:end].rstrip(" \t\r\n")) if not text[:end].endswith("\n") else end
    return end
