"""Runs of dataflows: what happened, whether it is well, and how to run again."""
