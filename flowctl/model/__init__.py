"""Frozen values that the whole program speaks in; standard library only, no I/O, no clock, no environment."""
