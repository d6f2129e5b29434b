"""What `explain` shows: diagnostic codes, the kinds of addresses and documents, and the list of both."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedCode:
    """One diagnostic code; `meaning` and `cure` are plain text, `pages` the files of the pages about it."""

    code: str
    title: str
    area: str
    severities: tuple[str, ...]
    meaning: str
    cure: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedResource:
    """One kind of an address: what it is, what declares it, and what a change of it leads to.

    `replaced_by` are the attributes that cannot change in place; `is_kept` says that deleting is not possible, and
    `kept_because` why.
    """

    kind: str
    title: str
    meaning: str
    declared_in: tuple[str, ...]
    updates: bool
    replaced_by: tuple[str, ...]
    deletes: bool
    kept_because: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedKey:
    """One key of a document: its path, whether it is required, and what it means."""

    path: str
    required: bool
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedDocument:
    """One kind of document: what it is, its keys down to two levels, the kinds it creates, and an example as YAML."""

    kind: str
    meaning: str
    creates: tuple[str, ...]
    keys: tuple[ExplainedKey, ...]
    example: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explainable:
    """Everything that can be explained: resource kinds, document kinds, and codes by area with their titles."""

    resources: tuple[tuple[str, str], ...]
    documents: tuple[str, ...]
    areas: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
