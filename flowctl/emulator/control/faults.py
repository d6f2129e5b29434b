"""Faults on demand: which request they hit, and what happens to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_LONGEST_DELAY_MS = 3_600_000
_EFFECTS = {"status", "headers", "body", "delay_ms", "drop"}
_RULE_KEYS = {"match", "nth", "times", "effect"}
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t -~\x80-\xff]*")
_OF_THE_SERVER = {"content-length", "transfer-encoding"}


@dataclass(frozen=True, slots=True)
class Effect:
    """What happens to a request: an answer in place of the real one, a delay, or a dropped connection."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: object = None
    delay_ms: int = 0
    drop: str | None = None


@dataclass(slots=True)
class Rule:
    """A fault for the nth to (nth + times - 1)th request of a method and a path (`*` at the end: a prefix)."""

    method: str | None
    path: str | None
    nth: int
    times: int
    effect: Effect
    seen: int = 0

    def hits(self, method: str, path: str) -> bool:
        """Count a request that matches, and return whether it is one of those to be hit."""
        if self.method is not None and self.method != method:
            return False
        if self.path is not None and not _path_matches(self.path, path):
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


def parse_rule(document: object) -> Rule:
    """Return the rule that `POST /_emulator/faults` describes. Raises `ValueError` where it is not one."""
    if not isinstance(document, dict) or not set(document) <= _RULE_KEYS:
        raise ValueError(f"A fault is an object with {', '.join(sorted(_RULE_KEYS))}.")
    match = document.get("match", {})
    effect = document.get("effect")
    if not isinstance(match, dict) or not set(match) <= {"method", "path"}:
        raise ValueError("match is an object with method and path.")
    if not isinstance(effect, dict) or not effect or not set(effect) <= _EFFECTS:
        raise ValueError(f"effect is an object with some of {', '.join(sorted(_EFFECTS))}.")
    if effect.get("drop") not in (None, "before", "after"):
        raise ValueError("drop is before or after.")
    method = match.get("method")
    return Rule(
        method=str(method).upper() if method else None,
        path=str(match["path"]) if match.get("path") else None,
        nth=_positive(document, "nth"),
        times=_positive(document, "times"),
        effect=_effect(effect),
    )


def _effect(document: dict[str, Any]) -> Effect:
    status = document.get("status")
    delay = document.get("delay_ms", 0)
    headers = document.get("headers", {})
    if status is not None and (not isinstance(status, int) or not 200 <= status <= 599):
        raise ValueError("status is an HTTP status.")
    if isinstance(delay, bool) or not isinstance(delay, int | float) or not 0 <= delay <= _LONGEST_DELAY_MS:
        raise ValueError(f"delay_ms is a number from 0 to {_LONGEST_DELAY_MS}.")
    if not isinstance(headers, dict):
        raise ValueError("headers is an object.")
    texts = {str(name): str(value) for name, value in headers.items()}
    if not all(_NAME.fullmatch(name) and _VALUE.fullmatch(value) for name, value in texts.items()):
        raise ValueError("headers is an object with names and values that HTTP allows.")
    if _OF_THE_SERVER & {name.lower() for name in texts}:
        raise ValueError(f"headers is an object without {' and '.join(sorted(_OF_THE_SERVER))}.")
    return Effect(status, texts, document.get("body"), int(delay), document.get("drop"))


class Faults:
    """The rules in force; the first one that hits a request wins, and all that match count it."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []

    def add(self, rule: Rule) -> None:
        """Add a rule."""
        self._rules.append(rule)

    def clear(self) -> None:
        """Remove all rules."""
        self._rules.clear()

    def effect_on(self, method: str, path: str) -> Effect | None:
        """Return what happens to this request, or None; counts it."""
        hits = [rule for rule in self._rules if rule.hits(method, path)]
        return hits[0].effect if hits else None


def _path_matches(pattern: str, path: str) -> bool:
    if pattern.endswith("*"):
        return path.startswith(pattern[:-1])
    return path.rstrip("/") == pattern.rstrip("/")


def _positive(document: dict[str, Any], key: str) -> int:
    value = document.get(key, 1)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{key} is an integer of at least 1.")
    return value
