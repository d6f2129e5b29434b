"""The note that a command prints below masked values."""

from typing import Final

from flowctl.views.lines import Line

MASKED: Final = Line("Only the form of values is shown. Add --show-values to see the values.", "dim")
