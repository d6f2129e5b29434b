"""The exit codes of the command line."""

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowctl.model.result import Status


class ExitCode(IntEnum):
    """How a process ends; scripts go by these numbers. There is one for each status that a result can have."""

    OK = 0
    ERROR = 1
    CHANGES = 2
    DRIFT = 3
    UNHEALTHY = 3
    INTERRUPTED = 130

    @classmethod
    def of(cls, status: "Status") -> "ExitCode":
        """The exit code of a command that ended so."""
        return cls[status.name]
