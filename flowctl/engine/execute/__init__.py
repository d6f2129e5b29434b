"""Executing: changes become steps, and steps become requests."""
