"""What `env list` shows: the environments of a workspace, and whether each can be used as it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEnvironment:
    """One environment. `endpoint` is empty for the emulator inside flowctl, and for settings that cannot be read.

    `lockfile` is the name of its lockfile and `resources` the number of entries in it; None if it cannot be read.
    `problems` say in clauses why a plan would stop before its first request.
    """

    name: str
    is_default: bool
    embedded: bool
    endpoint: str
    organization: str
    sandbox: str
    lockfile: str
    resources: int | None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEnvironments:
    """Every environment, in the order of flowctl.yaml."""

    environments: tuple[ListedEnvironment, ...]
