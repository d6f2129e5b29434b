"""Runs that read real files: connection folders in, datasets and rejected rows out.

Adobe's documents say what a source reads; here files in a folder stand for it. Which files a path means, what a window
leaves out, and when rejected rows fail a run follows the documents of cloud storage and database sources and of partial
ingestion.
"""
