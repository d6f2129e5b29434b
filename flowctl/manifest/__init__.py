"""Manifests: text to checked documents, each value with its line and column."""
