"""Tests of the embedded platform, over HTTP against a started server."""
