"""What formatting files came to."""

from dataclasses import dataclass

from flowctl.model.diagnostic import Diagnostic


@dataclass(frozen=True, slots=True, kw_only=True)
class FormattedFiles:
    """The files whose form changes, of all that were read, and whether they were written.

    `diagnostics` tell which files were left as they are, and why.
    """

    files: tuple[str, ...]
    checked: int
    written: bool
    diagnostics: tuple[Diagnostic, ...] = ()
