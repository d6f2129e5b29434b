"""The workspace file and its environments."""
