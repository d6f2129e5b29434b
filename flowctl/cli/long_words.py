"""Messages that repeat a word of the command line, however long that is."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.result import Result

LONGEST: Final = 200
"""Characters of a word that a message repeats as a whole: a name has fewer, and most paths too."""
_BEGINNING, _END = 100, 40


def shortened(result: Result, argv: Sequence[str], masked: Callable[[str], str]) -> Result:
    """The result, whose messages have only the beginning and the end of each long word of the command line.

    A secret is masked before, because a part of it would not be.
    """
    short = {word: _cut(masked(word)) for word in _long_words(argv)}
    if not short:
        return result
    any_word = re.compile("|".join(map(re.escape, sorted(short, key=len, reverse=True))))

    def told(text: str) -> str:
        return any_word.sub(lambda found: short[found[0]], text)

    def all_told(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        return tuple(
            replace(
                each,
                summary=told(each.summary),
                detail=told(each.detail),
                hint=told(each.hint),
                address=each.address and Address(told(each.address)),
            )
            for each in diagnostics
        )

    def of(data: Any) -> Any:
        """The same data with such messages; those of an apply and a destroy stand in its plan."""
        if getattr(data, "diagnostics", ()):
            return replace(data, diagnostics=all_told(data.diagnostics))
        plan = getattr(data, "plan", None)
        return replace(data, plan=of(plan)) if getattr(plan, "diagnostics", ()) else data

    return result._replace(data=of(result.data), diagnostics=all_told(result.diagnostics))


def _long_words(argv: Sequence[str]) -> Iterator[str]:
    """The long words, the long values in them, such as that of `--out=FILE`, and paths as they are written back."""
    for word in argv:
        if len(word) > LONGEST:
            parts = re.split(r"[=:.,]", word)
            behind = [word.partition("=")[2], word.removeprefix("-e"), str(Path(word)), word.strip()]
            yield from {part for part in (word, *behind, *parts) if len(part) > LONGEST}


def _cut(word: str) -> str:
    return word if len(word) <= LONGEST else f"{word[:_BEGINNING]}…{word[-_END:]}"
