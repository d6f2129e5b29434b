"""What `new pipeline` wrote."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedPipeline:
    """A new manifest: mappings that are written, those in comments with the reason, and columns without a field."""

    name: str
    file: str
    sure: tuple[tuple[str, str], ...]
    likely: tuple[tuple[str, str, str], ...]
    unmatched: tuple[str, ...]
