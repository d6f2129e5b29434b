"""Drift as a command reports it: which live objects differ from the lockfile, who changed them, and what was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic, SourceSpan
from flowctl.model.plan import DriftedAttribute


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange:
    """Who changed an object last, when (in epoch milliseconds) and with which client, as far as it is known."""

    by: str | None = None
    at: int | None = None
    client: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftedObject:
    """One object that is not as the last apply left it.

    `missing` says that it is not found, `hidden` that it exists and access labels hide it. `deleted` says that an audit
    event tells of its deletion, of which `changed` is then the author.
    """

    address: Address
    id: str
    missing: bool = False
    hidden: bool = False
    deleted: bool = False
    attributes: tuple[DriftedAttribute, ...] = ()
    changed: LastChange = field(default_factory=LastChange)
    span: SourceSpan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What accepting the drift did: the manifests that were edited, the entries that were updated, what is left."""

    files: tuple[str, ...] = ()
    entries: tuple[Address, ...] = ()
    left: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftReport:
    """The drift of an environment in the order of the lockfile; `compared` counts the entries that were looked at."""

    environment: str
    organization: str
    sandbox: str
    compared: int
    objects: tuple[DriftedObject, ...]
    notes: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    accepted: Acceptance | None = None

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """What is to be said beside the drift, and what of it could not be accepted."""
        return (*self.diagnostics, *(self.accepted.left if self.accepted is not None else ()))

    def by_document(self) -> Mapping[str, Sequence[DriftedObject]]:
        """The objects by the name of their document."""
        found: dict[str, list[DriftedObject]] = {}
        for each in self.objects:
            found.setdefault(each.address.name, []).append(each)
        return found
