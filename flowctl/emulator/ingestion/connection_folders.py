"""The folders that stand for sources: one for each connection, by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_OTHER_THAN_WORDS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionFolders:
    """Folders by the name or ID of a connection; `parent` is a folder with one folder for each connection."""

    named: Mapping[str, Path] = field(default_factory=dict)
    parent: Path | None = None

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.named) or self.parent is not None

    def folder(self, names: Iterable[str]) -> Path | None:
        """Return the folder for the first of these names that has one, or None.

        Below `parent` a name may also be written in lower case with dashes: `shop-database` for "Shop database".
        """
        tried = list(dict.fromkeys(names))
        for name in tried:
            if name in self.named:
                return self.named[name]
        if self.parent is None or not self.parent.is_dir():
            return None
        there = {entry.name: entry for entry in self.parent.iterdir() if entry.is_dir()}
        choices = [*tried, *(_OTHER_THAN_WORDS.sub("-", name.lower()).strip("-") for name in tried)]
        return next((there[name] for name in choices if name in there), None)
