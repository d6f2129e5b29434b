"""The exit codes of the command line."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a process ends; scripts go by these numbers."""

    OK = 0
    ERROR = 1
    CHANGES = 2
    DRIFT = 3
    INTERRUPTED = 130
