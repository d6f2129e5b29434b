"""Observing: live objects are read, in pages and batches, and what a reply says is checked."""
