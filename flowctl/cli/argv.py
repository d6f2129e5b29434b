"""What can be told of a command line before it is understood, or though it is wrong."""

import os
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from flowctl.cli.command_table import COMMANDS
from flowctl.views.formats import Format

_ENVIRONMENT: Final = re.compile("[A-Za-z0-9][A-Za-z0-9_-]*")
"""The form of an environment's name, as in the schema of flowctl.yaml."""


def is_possible(word: str) -> bool:
    """Whether a system can pass a word; a program that calls `main` may pass any."""
    try:
        return b"\0" not in os.fsencode(word)
    except UnicodeEncodeError:
        return False


def given_values(argv: Sequence[str]) -> Iterator[str]:
    """The words of a command line that may be a variable's value, rightly written or not."""
    loose = False
    for before, word in zip(("", *argv), argv, strict=False):
        text = word.removeprefix("--var=")
        name, _, value = text.partition("=")
        if before == "--var" or text != word or not word.startswith("-"):
            yield value
        if before == "--var" and not value:
            # `--var NAME VALUE`, `--var NAME= VALUE` and `--var VALUE`.
            yield name
            loose = True
        elif word.startswith("-") or word in COMMANDS:
            loose = False
        elif loose:
            yield word


def format_of(argv: Sequence[str]) -> Format:
    """The last format that a command line asks for and that there is: known even where the line is wrong."""
    asked = [
        value if word == "--format" else word.partition("=")[2]
        for word, value in pairwise([*argv, ""])
        if word == "--format" or word.startswith("--format=")
    ]
    known = [Format(form) for form in asked if form in set(Format)]
    return known[-1] if known else Format.TEXT


def directory_of(argv: Sequence[str]) -> Path:
    """The last folder that a command line names with -C."""
    named = [following if word == "-C" else word[2:] for word, following in pairwise([*argv, ""]) if word[:2] == "-C"]
    return Path(named[-1] if named else ".")


def environment_of(argv: Sequence[str]) -> str | None:
    """The last environment that a command line names; None if it names none, and empty if no name is like that."""
    named = None
    for word, following in pairwise([*argv, ""]):
        if word in ("-e", "--environment"):
            named = following
        elif word.startswith("--environment="):
            named = word.partition("=")[2]
        elif word[:2] == "-e":
            named = word[2:]
    return named if named is None or _ENVIRONMENT.fullmatch(named) else ""


def command_of(argv: Sequence[str]) -> str:
    """The command that a command line asks for, as far as that can be told."""
    return next((word for word in argv if word in COMMANDS), "")
