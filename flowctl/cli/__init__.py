"""The command line: the only place where an error becomes an exit code."""
