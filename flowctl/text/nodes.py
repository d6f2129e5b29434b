"""Nodes of a composed YAML document, so that other packages do not depend on the YAML library.

A node says itself of which kind it is: to tell nodes apart imports nothing, and most commands compose no text.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, TypeGuard

    from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

    __all__ = ["MappingNode", "Node", "ScalarNode", "SequenceNode", "is_mapping", "is_scalar", "is_sequence"]


def is_scalar(node: "Any") -> "TypeGuard[ScalarNode]":
    """Whether it is the node of a scalar."""
    return node is not None and bool(node.id == "scalar")


def is_sequence(node: "Any") -> "TypeGuard[SequenceNode]":
    """Whether it is the node of a list."""
    return bool(node.id == "sequence")


def is_mapping(node: "Any") -> "TypeGuard[MappingNode]":
    """Whether it is the node of a mapping."""
    return bool(node.id == "mapping")
