"""What `init` wrote."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedWorkspace:
    """A new workspace: its folder as it was given, the connector of its pipeline, and its files in the folder.

    `pipeline` is empty unless its runs can be started, `connection` unless it has a sample that can be explored.
    `ci` tells what is left to do for the file of a code host; empty without one.
    """

    folder: str
    connector: str
    files: tuple[str, ...]
    pipeline: str
    connection: str
    ci: str = ""
