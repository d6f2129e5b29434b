"""Tests of the emulator, over HTTP against a started server."""
