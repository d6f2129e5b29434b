"""Sample rows and what a pipeline's mappings make of them, offline."""
