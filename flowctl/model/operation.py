"""What one step of a plan does."""

from enum import StrEnum


class Operation(StrEnum):
    """What one step does."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    FORGET = "forget"
    IMPORT = "import"
