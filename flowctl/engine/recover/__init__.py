"""Recover writes without a clear outcome."""
