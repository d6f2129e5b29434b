"""Tokens of an expression, with their places.

The engine of Data Prep is not published. Where Adobe's pages are silent, the language follows Apache Commons JEXL,
which the published operators and reserved words point to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from flowctl.dataprep.numbers import shortest_float
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.utf16 import length, well_formed

if TYPE_CHECKING:
    from decimal import Decimal

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
    "empty": "empty",
    "size": "size",
}
LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
STATEMENTS = frozenset({"new", "var", "for", "while", "if", "else", "do", "break", "continue", "return", "function"})
RESERVED = STATEMENTS | {"_errors"} | WORD_OPERATORS.keys() | LITERALS.keys()
ASSIGNMENTS = frozenset({"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "++", "--", ";"})
LARGEST_EXPONENT = 400
_MEMBER_MARKS = frozenset({".", "?."})

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*|\#\#[^\n]*|/\*.*?\*/)
  | (?P<number>0[xX][0-9a-fA-F]+[lLhH]?
      |(?:[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+\.?[eE][+-]?[0-9]+)[dDfFbB]?
      |(?:0[0-7]*|[1-9][0-9]*)[lLhHdDfFbB]?)(?![\w$])
  | (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
  | (?P<template>`(?:[^`\\]|\\.)*`)
  | \$\{(?P<wrapped>[^{}]+)\}
  | (?P<name>(?:[^\W\d]|\$)(?:[\w$]|\\\.)*)
  | (?P<operator>->|&&|\|\||===|==|!=|<=|>=|=~|!~|=\^|!\^|=\$|!\$|\?\?|\?:|\?\.|\.\.|[-+*/%&|^]=|\+\+|--
      |[-+*/%<>!?:.,()\[\]{}~&|^=;])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"\\": "\\", "b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


class Token(NamedTuple):
    """One token; `kind` is number, string, template, name, wrapped, literal, operator or end."""

    kind: str
    value: str | int | float | Decimal | bool | None
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Return the tokens of an expression, an end token last. Raises `ExpressionError`."""
    if length(text) > LONGEST:
        raise ExpressionError(
            f"An expression has at most {LONGEST} characters.", "expression-too-long", LONGEST, len(text)
        )
    found: list[Token] = []
    position, end = 0, len(text.rstrip())
    match_at = _TOKEN.match
    is_member = False
    while position < end:
        match = match_at(text, position)
        if match is None:
            _unreadable(text, position)
        kind = str(match.lastgroup)
        start, position = position, match.end()
        if kind == "space":
            continue
        if kind == "operator":
            value = match[0]
            is_member = value in _MEMBER_MARKS
            found.append(Token(kind, value, start, position))
        else:
            found.append(_token(kind, match[kind], start, position, is_member=is_member))
            is_member = False
    found.append(Token("end", None, end, end))
    return found


def _unreadable(text: str, position: int) -> NoReturn:
    if text[position] in "\"'`":
        raise ExpressionError("The string has no closing quote.", "expression-syntax", position, len(text))
    if text[position].isdigit():
        raise ExpressionError("This is not a number.", "expression-syntax", position, position + 1)
    raise ExpressionError(f"Unexpected character {text[position]}", "expression-syntax", position, position + 1)


def _token(kind: str, text: str, start: int, end: int, *, is_member: bool) -> Token:
    if kind == "number":
        return Token("number", _number(text, start, end), start, end)
    if kind == "string":
        return Token(kind, unescaped(text), start, end)
    if kind == "template":
        return Token(kind, text[1:-1], start, end)
    if kind == "name" and not is_member and text in RESERVED:
        if text in LITERALS:
            return Token("literal", LITERALS[text], start, end)
        if text in WORD_OPERATORS:
            return Token("operator", WORD_OPERATORS[text], start, end)
        raise _reserved(text, start, end)
    return Token(kind, text, start, end)


def _reserved(text: str, start: int, end: int) -> ExpressionError:
    if text in STATEMENTS:
        return ExpressionError(
            f"`{text}` begins a statement, and a mapping is one expression; write such a field as `${{{text}}}`.",
            "expression-statement",
            start,
            end,
        )
    return ExpressionError(f"`{text}` is a reserved word; write `${{{text}}}`.", "reserved-word", start, end)


def _number(text: str, start: int, end: int) -> int | float | Decimal:
    if text[:2] in ("0x", "0X"):
        return int(text.rstrip("lLhH"), 16)
    digits = text.rstrip("lLhHdDfFbB")
    exponent = re.search(r"[eE]([+-]?[0-9]+)$", digits)
    if exponent and (len(exponent[1]) > 5 or abs(int(exponent[1])) > LARGEST_EXPONENT):
        raise ExpressionError("The exponent of the number is too large.", "expression-syntax", start, end)
    if text[-1] in "bB":
        from decimal import Decimal  # few expressions have such a number

        return Decimal(digits)
    if text[-1] in "fF":
        return shortest_float(float(digits))
    if text[-1] in "dD" or "." in digits or exponent:
        return float(digits)
    return int(digits, 8) if digits[0] == "0" else int(digits)


def unescaped(text: str) -> str:
    """Return the value of a string literal: unknown escapes keep their backslash, so that `"\\d"` is a pattern."""
    quote = text[0]

    def replace(match: re.Match[str]) -> str:
        escaped = match[1]
        if len(escaped) == 5:
            return chr(int(escaped[1:], 16))
        return quote if escaped == quote else _ESCAPED.get(escaped, match[0])

    return well_formed(_ESCAPE.sub(replace, text[1:-1])) if "\\" in text else text[1:-1]
