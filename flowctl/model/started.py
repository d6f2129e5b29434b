"""What `init` wrote."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedWorkspace:
    """A new workspace: its folder as it was given, the connector of its pipeline, and its files in the folder."""

    folder: str
    connector: str
    files: tuple[str, ...]
