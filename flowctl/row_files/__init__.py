"""Rows of files: CSV, JSON, NDJSON and Parquet, compressed or not, one row after another.

A leaf: it imports the standard library, and duckdb where a Parquet file is read. The emulator and previews both read
files with it, so that a run and a preview see the same rows. What it reads is held against duckdb's own readers.
"""
