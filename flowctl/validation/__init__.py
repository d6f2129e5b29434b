"""JSON Schema: a fast yes or no, and what is wrong in words."""
