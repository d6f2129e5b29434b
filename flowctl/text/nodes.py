"""Nodes of a composed YAML document, so that other packages do not depend on the YAML library."""

from yaml.nodes import Node, ScalarNode

__all__ = ["Node", "ScalarNode"]
