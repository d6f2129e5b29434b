"""An option whose line in the help is too short for all of it; the reference has the rest."""

from typing import Any

import click


class DetailedOption(click.Option):
    """An option whose help is one line, and whose detail is only in the reference."""

    def __init__(self, *arguments: Any, detail: str, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.detail = detail
