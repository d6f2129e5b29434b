"""Collapsing: from live objects to the documents that describe them, the opposite of expanding."""
