"""The standard XDM resources: classes, field groups, data types and behaviors, as facts read from one data file.

The facts are names, types and limits of Adobe's public XDM repository (adobe/xdm, CC BY 4.0, Copyright Adobe); the
first line of the file says at which commit. A resource is parsed when it is first asked for.
"""

from __future__ import annotations

import json
import re
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Facts: TypeAlias = dict[str, Any]
"""One resource, or one node of it: `type`, `format`, `fields`, `items`, `values`, `refs`, `required` and limits.

A resource also has `id`, `kind` (class, fieldgroup, datatype, behavior), `title`, `status`, `includes` (the resources
that it is made of) and, if it is a field group, `intendedToExtend` (the classes that it is for).
"""

_FILE = Path(__file__).parent / "data" / "standard.jsonl"
_ID = '{"id":"'
_TITLE = re.compile(r'"title":("(?:[^"\\]|\\.)*")')


class Library:
    """Resources by `$id`. `text` is JSON Lines, one resource each, whose first member is `id`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: dict[str, Facts | None] = {}

    def extended(self, resources: Mapping[str, Facts]) -> Library:
        """Return this library with more resources."""
        both = Library(self._text)
        both._found = {**self._found, **resources}
        both._lines = {**self._lines, **dict.fromkeys(resources, "")}
        return both

    def get(self, id_: str) -> Facts | None:
        """Return the facts of a resource, or None if the library has none of that ID."""
        if id_ not in self._found:
            self._found[id_] = self._read(id_)
        return self._found[id_]

    def lineage(self, id_: str) -> frozenset[str] | None:
        """Return a class with all that it is made of, or None if the library has no such resource."""
        found, waiting = {id_}, [id_]
        for each in waiting:
            facts = self.get(each) or {}
            for part in (*(facts.get("includes") or ()), *(facts.get("extends") or ())):
                if part not in found:
                    found.add(part)
                    waiting.append(part)
        return frozenset(found) if self.get(id_) is not None else None

    def _read(self, id_: str) -> Facts | None:
        # Searched for and not looked up: most commands ask for a few, and to take the text apart takes longer.
        begin = self._text.find(f'\n{_ID}{id_}"') + 1 if "\n" not in id_ else 0
        if not begin:
            return None
        facts: Facts = json.loads(self._text[begin : self._text.find("\n", begin)])
        return facts

    @cached_property
    def _lines(self) -> dict[str, str]:
        lines = (line for line in self._text.split("\n") if line.startswith(_ID))
        return {line[len(_ID) : line.index('"', len(_ID))]: line for line in lines}

    def ids(self) -> Iterator[str]:
        """Yield every `$id`, in order."""
        yield from self._lines

    @cached_property
    def titles(self) -> frozenset[str]:
        """The titles of all resources. Nothing is parsed but them."""
        found = (_TITLE.search(line) for line in self._lines.values())
        return frozenset(json.loads(match[1]) for match in found if match)

    def __len__(self) -> int:
        return len(self._lines)


@cache
def standard() -> Library:
    """Return the library of standard resources. Reads the file once in a process."""
    return Library(_FILE.read_text(encoding="utf-8"))
