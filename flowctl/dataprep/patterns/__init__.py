"""Java's regular expressions: translated to the package `regex`, and run with a limit of time."""

from __future__ import annotations

import time
from collections import Counter
from functools import lru_cache
from threading import local
from typing import TYPE_CHECKING, TypeVar

from flowctl.dataprep.patterns.translate import translated
from flowctl.dataprep.problem import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import regex

LONGEST_PATTERN = 4096
# A pattern such as (a|aa)+b would run for ever on the wrong text.
SECONDS = 0.5
SECONDS_OF_EVALUATION = 2.0
MOST_TIMEOUTS = 10
_SPECIAL = frozenset("\\^$.|?*+()[]{}")
_T = TypeVar("_T")
_timeouts: Counter[str] = Counter()


class _Spent(local):
    """What the timeouts of the current evaluation have cost, in seconds."""

    seconds = 0.0


_spent = _Spent()


def begin() -> None:
    """Start the limit of time of one evaluation."""
    _spent.seconds = 0.0


@lru_cache(maxsize=512)
def compiled(pattern: str) -> regex.Pattern[str]:
    """Return a compiled pattern. Raises `ExpressionError` on one that Java refuses."""
    # Imported here, because most commands run no regular expression.
    import regex

    if len(pattern) > LONGEST_PATTERN:
        raise ExpressionError(f"A regular expression has at most {LONGEST_PATTERN} characters.", "bad-regex")
    try:
        return regex.compile(translated(pattern), regex.V1)
    except regex.error as error:
        raise ExpressionError(f'"{pattern[:80]}" is not a regular expression of Java: {error}.', "bad-regex") from None
    except (RecursionError, MemoryError):
        raise ExpressionError("The regular expression is too complex.", "bad-regex") from None


def _limited(pattern: str, run: Callable[[float], _T]) -> _T:
    """Run a pattern with a limit of time. One that has used it up on many texts is not tried again."""
    seconds = min(SECONDS, SECONDS_OF_EVALUATION - _spent.seconds)
    if seconds <= 0 or _timeouts[pattern] >= MOST_TIMEOUTS:
        raise ExpressionError("The regular expression takes too long.", "expression-budget")
    try:
        return run(seconds)
    except TimeoutError:
        _spent.seconds += seconds
        if len(_timeouts) > LONGEST_PATTERN:
            _timeouts.clear()
        _timeouts[pattern] += 1
        raise ExpressionError("The regular expression takes too long on this text.", "expression-budget") from None
    except (MemoryError, RecursionError):
        raise ExpressionError("The regular expression needs too much memory.", "expression-budget") from None


def full_match(pattern: str, text: str) -> bool:
    """Return whether a pattern matches the whole text."""
    found = compiled(pattern)
    return _limited(pattern, lambda seconds: found.fullmatch(text, timeout=seconds) is not None)


def groups(pattern: str, text: str) -> list[str | None]:
    """Return the first match in a text and its groups; an empty list if there is none."""
    ready = compiled(pattern)
    found = _limited(pattern, lambda seconds: ready.search(text, timeout=seconds))
    return [found[0], *found.groups()] if found else []


def split(pattern: str, text: str) -> list[str]:
    """Return the pieces between matches, the empty ones too, as `String.split` does with a limit below zero."""
    if pattern and not _SPECIAL.intersection(pattern):
        return text.split(pattern)
    found = compiled(pattern)
    return _limited(pattern, lambda seconds: list(_pieces(found, text, seconds)))


def _pieces(pattern: regex.Pattern[str], text: str, seconds: float) -> Iterator[str]:
    position = 0
    for match in _matches(pattern, text, seconds):
        if match.end() == 0:
            continue
        yield text[position : match.start()]
        position = match.end()
    yield text[position:]


def _matches(pattern: regex.Pattern[str], text: str, seconds: float) -> Iterator[regex.Match[str]]:
    """Yield the matches as Java finds them: after an empty one, the next begins a character later."""
    position, end = 0, time.monotonic() + seconds
    while position <= len(text):
        match = pattern.search(text, position, timeout=max(0.001, end - time.monotonic()))
        if match is None:
            return
        yield match
        position = match.end() + (match.end() == match.start())


def replaced(pattern: str, text: str, replacement: str, *, once: bool = False) -> str:
    """Return a text with its matches replaced; `$1` and `${name}` stand for groups."""
    found = compiled(pattern)

    def run(seconds: float) -> str:
        parts: list[str] = []
        position = 0
        for match in _matches(found, text, seconds):
            parts += [text[position : match.start()], _inserted(replacement, match)]
            position = match.end()
            if once:
                break
        return "".join([*parts, text[position:]])

    return _limited(pattern, run)


def _inserted(replacement: str, match: regex.Match[str]) -> str:
    parts: list[str] = []
    position = 0
    while position < len(replacement):
        character = replacement[position]
        if character == "\\":
            parts.append(replacement[position + 1 : position + 2])
            position += 2
        elif character == "$":
            group, position = _group(replacement, position + 1, match)
            parts.append(group)
        else:
            parts.append(character)
            position += 1
    return "".join(parts)


def _group(replacement: str, position: int, match: regex.Match[str]) -> tuple[str, int]:
    try:
        if replacement[position : position + 1] == "{":
            end = replacement.index("}", position)
            return match[replacement[position + 1 : end]] or "", end + 1
        end = position + 1
        if not replacement[position:end].isdigit():
            raise ValueError
        while replacement[end : end + 1].isdigit() and int(replacement[position : end + 1]) <= match.re.groups:
            end += 1
        return match[int(replacement[position:end])] or "", end
    except (ValueError, IndexError):
        raise ExpressionError("The replacement names a group that the pattern does not have.", "bad-regex") from None
