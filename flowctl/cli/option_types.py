"""The types of options: what they accept is said in words, in the help and in the message about a wrong value."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

_DIGITS: Final = 64
"""Hexadecimal digits of SHA-256."""


class Number(click.ParamType[float]):
    """A number between two bounds; a whole one if the lower bound is an integer."""

    name = "number"

    def __init__(self, least: float, most: float | None = None) -> None:
        self.least = least
        self.most = most
        self.whole = isinstance(least, int)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number that a word spells."""
        try:
            number = int(value) if self.whole else float(value)
        except (TypeError, ValueError, OverflowError):
            number = None
        if number is None or not self._holds(number):
            self.fail(f'expected {self.words}, found "{value}"', param, ctx)
        return number

    @property
    def words(self) -> str:
        """What the option accepts: `an integer from 1 to 256`."""
        noun = "an integer" if self.whole else "a number"
        if self.most is not None:
            return f"{noun} from {self.least} to {self.most}"
        return f"{noun}, {self.least:g} or more"

    def _holds(self, number: float) -> bool:
        return self.least <= number and (self.most is None or number <= self.most)


class OneOf(click.Choice[str]):
    """One of some words."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(words)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word, if it is one of them."""
        if value in self.choices:
            return str(value)
        return self.fail(f'{self._expected()}, found "{value}"', param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - click's signature
        """The words with bars between."""
        return "|".join(self.choices)

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:  # noqa: ARG002
        """What can be written, if nothing is."""
        return self._expected()

    def _expected(self) -> str:
        from flowctl.validation.wording import codes, one_of  # not for the help: it imports json

        return f"expected {one_of(codes(self.choices))}"


class Digest(click.ParamType[str]):
    """SHA-256 in hexadecimal."""

    name = "digest"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The digest in lowercase."""
        digest = str(value).strip().lower()
        if len(digest) != _DIGITS or not set(digest) <= set("0123456789abcdef"):
            self.fail(f'expected {_DIGITS} hexadecimal digits, found "{value}"', param, ctx)
        return digest


class Folder(click.Path):
    """The path of a folder, which need not exist."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path, if no file is there."""
        if os.path.isfile(value):  # noqa: PTH113 - Path.is_file raises for some names
            self.fail(f'"{value}" is a file, not a folder', param, ctx)
        return Path(value)


class HttpAddress(click.ParamType[str]):
    """The address of a server, such as an emulator that is served."""

    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The address, if a request can be sent there."""
        from urllib.parse import urlsplit  # not for the help

        try:
            parts = urlsplit(value)
            is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_address = False
        if not is_address or any(sign.isspace() or not sign.isprintable() for sign in value):
            self.fail(f'expected `http://HOST:PORT`, found "{value}"', param, ctx)
        return str(value)
