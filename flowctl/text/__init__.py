"""YAML with positions: text to values, each with its place in the file."""
