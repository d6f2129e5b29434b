"""What is known of a diagnostic code: the rows from which reference, explanations and rules of reports are made."""

from dataclasses import dataclass
from typing import Final

from flowctl.model.diagnostic import Severity

ERROR: Final = (Severity.ERROR,)
WARNING: Final = (Severity.WARNING,)
EITHER: Final = (Severity.ERROR, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class DiagnosticCode:
    """One code. `meaning` and `cure` are Markdown, with links relative to the folder `docs/reference`."""

    code: str
    title: str
    severities: tuple[Severity, ...]
    meaning: str
    cure: str


@dataclass(frozen=True, slots=True)
class Area:
    """Codes that concern one part of flowctl, in the order in which a reader meets them."""

    title: str
    codes: tuple[DiagnosticCode, ...]
