"""Recovering: what became of a write without a clear outcome."""
