"""What `new pipeline` and `new fieldgroup` wrote."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedPipeline:
    """A new manifest: mappings that are written, those in comments with the reason, and columns without a field."""

    name: str
    file: str
    sure: tuple[tuple[str, str], ...]
    likely: tuple[tuple[str, str, str], ...]
    unmatched: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedField:
    """One field of a new field group; `note` says what is in question, and is empty for what is sure."""

    group: str
    source: str
    path: str
    type: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedFieldGroup:
    """A new file with the FieldGroup documents of a sample (`rows` of it were read) or a template (`rows` is 0).

    `notes` are sentences about how the file was read.
    """

    name: str
    file: str
    rows: int
    fields: tuple[DraftedField, ...]
    skipped: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()
