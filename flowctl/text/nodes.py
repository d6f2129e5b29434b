"""The nodes of a composed YAML document, so that other packages need not know which library composes them."""

from yaml.nodes import Node, ScalarNode

__all__ = ["Node", "ScalarNode"]
