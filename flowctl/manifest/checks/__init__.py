"""What a JSON Schema cannot say: names, references, connectors, and the pinned flow specs."""

from collections.abc import Iterator, Sequence

from flowctl.manifest.document import Document
from flowctl.model.diagnostic import Diagnostic


def checked(documents: Sequence[Document], unread: Sequence[str], said: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Every problem that is not at a place where something was already said."""
    yield from ()
