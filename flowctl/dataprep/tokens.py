"""Tokens of an expression.

The engine is not published; where Adobe's pages are silent, this follows Apache Commons JEXL, which the published
operators and reserved words point to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 4096
WORD_OPERATORS = {
    "and": "&&",
    "or": "||",
    "not": "!",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "gt": ">",
    "le": "<=",
    "ge": ">=",
    "div": "/",
    "mod": "%",
}
LITERALS = {"true": True, "false": False, "null": None}
RESERVED = frozenset(
    {"new", "var", "for", "while", "if", "else", "do", "break", "continue", "return", "function", "_errors"}
)
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>\d+\.\d+|\d+)(?![\w$])
  | (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
  | \$\{(?P<wrapped>[^{}]+)\}
  | (?P<name>(?:[^\W\d]|\$)(?:[\w$]|\\\.)*)
  | (?P<operator>->|&&|\|\||==|!=|<=|>=|=~|!~|=\^|=\$|\?\?|\?:|\?\.|[-+*/%<>!?:.,()\[\]{}~&|^])
    )""",
    re.VERBOSE | re.DOTALL,
)


class ExpressionError(ValueError):
    """The text is not an expression, or its evaluation failed; the message says why."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token: `kind` is number, string, name, literal, operator or end."""

    kind: str
    value: object
    position: int


def tokens(text: str) -> list[Token]:
    """Return the tokens of an expression, an end token last. Raises `ExpressionError`."""
    if len(text) > LONGEST:
        raise ExpressionError(f"An expression has at most {LONGEST} characters.")
    found, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise ExpressionError(f"Unexpected character at position {position}: {text[position : position + 10]!r}")
        found.append(_token(match))
        position = match.end()
    return [*found, Token("end", None, end)]


def _token(match: re.Match[str]) -> Token:
    kind, text = str(match.lastgroup), match[str(match.lastgroup)]
    if kind == "number":
        return Token("number", float(text) if "." in text else int(text), match.start())
    if kind == "string":
        return Token("string", _unescaped(text), match.start())
    if kind == "wrapped":
        return Token("name", text.replace("\\.", "."), match.start())
    if kind == "name":
        if text in LITERALS:
            return Token("literal", LITERALS[text], match.start())
        if text in WORD_OPERATORS:
            return Token("operator", WORD_OPERATORS[text], match.start())
        if text in RESERVED:
            raise ExpressionError(f"{text} is a reserved word; a field of that name is written ${{{text}}}.")
        return Token("name", text.replace("\\.", "."), match.start())
    return Token("operator", text, match.start())


def _unescaped(text: str) -> str:
    """A backslash escapes the quote, itself and a code point; before anything else it stays."""
    quote = text[0]

    def replace(match: re.Match[str]) -> str:
        escaped = match[1]
        if escaped.startswith("u") and len(escaped) == 5:
            return chr(int(escaped[1:], 16))
        return escaped if escaped in (quote, "\\") else match[0]

    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", replace, text[1:-1], flags=re.DOTALL)
