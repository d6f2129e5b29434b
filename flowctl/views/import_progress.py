"""Progress of an import, on standard error: what was read so far."""

from collections.abc import Callable

from flowctl.views.lines import tell


def import_progress(*, quiet: bool) -> Callable[[str], None]:
    """What to tell a sentence about what was read."""
    return (lambda _sentence: None) if quiet else tell
