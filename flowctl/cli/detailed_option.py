"""An option with more to say than its line of the help has room for: the reference says the rest."""

from typing import Any

import click


class DetailedOption(click.Option):
    """An option whose help is one line, and whose detail stands only in the reference."""

    def __init__(self, *arguments: Any, detail: str, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.detail = detail
