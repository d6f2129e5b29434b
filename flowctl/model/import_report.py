"""Reports about an import: what was written, what the manifests describe already, and what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A file that was written, and the addresses of the resources that it describes."""

    file: str
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundObject:
    """A live object that a manifest of the workspace describes already."""

    address: Address
    id: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedObject:
    """A live object that was left out, and why; `kind` is the name of its kind."""

    kind: str
    id: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedSandbox:
    """The outcome of an import; `is_written` is false if it only shows what it would write."""

    environment: str
    written: Sequence[WrittenFile]
    bound: Sequence[BoundObject]
    skipped: Sequence[SkippedObject]
    is_written: bool
    referred: Sequence[SkippedObject] = ()
    """The shared objects without a manifest, whose users have one, and why; parts of such objects too."""
    objects: int = 0
    """How many objects the next apply adds to the lockfile: it was proven that it changes none of them."""
    pipelines: int = 0
    """How many dataflows have a manifest now and are not recorded yet."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What keeps the next plan from being applied."""
    variables: Sequence[str] = ()
    """The environment variables that hold the secrets of the written manifests."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self.written
