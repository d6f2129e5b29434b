"""What an expression most likely does not mean, beside what is wrong with it in itself."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from flowctl.dataprep.checks import problems
from flowctl.dataprep.parser import parse
from flowctl.dataprep.problem import ExpressionError, Problem
from flowctl.dataprep.shapes import shape
from flowctl.dataprep.signatures import signatures
from flowctl.dataprep.tree import Call, Chain, Field, Literal, Node, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACEHOLDER = re.compile(r"\$\{[^}]*\}")
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_QUOTED = re.compile(r"'[^']*'")
_UNESCAPED_DOT = re.compile(r"(?<!\\)\.")
_WORD_BEFORE = re.compile(r"[^\W\d]\w*\Z")
_WORD = re.compile(r"[^\W\d]\w*")
_SPECIAL = frozenset("+?^|.[({*$")
_OPERATOR_WORDS = frozenset(["and", "div", "eq", "ge", "gt", "le", "lt", "mod", "ne", "not", "or"])


def advice(text: str) -> tuple[Problem, ...]:
    """Return the problems of an expression and what is likely not meant, in the order of the text."""
    return _advice(text) if _advice(shape(text)) else ()


@lru_cache(maxsize=2048)
def _advice(text: str) -> tuple[Problem, ...]:
    found = [_refined(problem, text) for problem in problems(text)]
    try:
        tree = parse(text)
    except ExpressionError:
        return tuple(found)
    found += [problem for node in walk(tree) for problem in _node_advice(node, text)]
    return tuple(sorted(found, key=lambda problem: problem.start or 0))


def _refined(problem: Problem, text: str) -> Problem:
    """Return a syntax error by what was probably meant: a name with a space, a reserved word, a date."""
    if problem.code != "expression-syntax" or problem.start is None:
        return problem
    start = problem.start
    for date in _DATE.finditer(text):
        if date.start() <= start <= date.end():
            return Problem("bare-date", f'A date is written `date("{date[0]}")`.', date.start(), date.end())
    word = _WORD.match(text, start)
    if word is None:
        return problem
    if word[0] in _OPERATOR_WORDS:
        return Problem("reserved-word", f"`{word[0]}` is a reserved word.", start, word.end(), f"${{{word[0]}}}")
    before = _WORD_BEFORE.search(text[:start].rstrip(" "))
    if before is None or before[0] in _OPERATOR_WORDS or start == before.end():
        return problem
    name = text[before.start() : word.end()]
    return Problem(
        "unwrapped-name", f"`{name}` has a space and is not a name.", before.start(), word.end(), f"${{{name}}}"
    )


def _node_advice(node: Node, text: str) -> Iterator[Problem]:
    if isinstance(node, Field):
        yield from _field_advice(node)
    elif isinstance(node, Literal) and isinstance(node.value, str):
        placeholder = _PLACEHOLDER.search(node.value)
        if placeholder is not None and text[node.start : node.start + 1] in ("'", '"'):
            message = f"`{placeholder[0]}` in quotes is a string, not the value of a field."
            yield Problem("placeholder-in-text", message, node.start, node.end)
    elif isinstance(node, Chain):
        yield from _chain_advice(node, text)
    elif isinstance(node, Call):
        yield from _call_advice(node)


def _field_advice(field: Field) -> Iterator[Problem]:
    if field.wrapped and _UNESCAPED_DOT.search(field.name):
        message = f"`${{{field.name}}}` may be a column with a dot in its name, or a path."
        yield Problem("ambiguous-dot", message, field.start, field.end)
    elif not field.wrapped and field.name in signatures():
        message = f"`{field.name}` is the name of a function, and is read as a field here."
        yield Problem("field-named-like-function", message, field.start, field.end, f"${{{field.name}}}")


def _chain_advice(chain: Chain, text: str) -> Iterator[Problem]:
    operands = [chain.first, *(operand for _, operand in chain.steps)]
    literals = [operand.value for operand in operands if isinstance(operand, Literal)]
    if len(literals) == len(operands) and _DATE.fullmatch(text[chain.start : chain.end]):
        shown = text[chain.start : chain.end]
        yield Problem("bare-date", f'A date is written `date("{shown}")`.', chain.start, chain.end)
    is_text = any(isinstance(value, str) for value in literals)
    is_number = any(not isinstance(value, str | bool) and value is not None for value in literals)
    if is_text and is_number and all(operator == "+" for operator, _ in chain.steps):
        yield Problem(
            "string-plus-number", "The plus sign joins a string and a number into a string.", chain.start, chain.end
        )


def _call_advice(call: Call) -> Iterator[Problem]:
    name_end = call.start + len(call.name)
    if call.name == "is_set":
        message = "`is_set` is the former name of `contains_key`."
        yield Problem("deprecated-function", message, call.start, name_end, "contains_key")
    signature = signatures().get(call.name)
    if signature is None or not signature.parameters:
        return
    for index, argument in enumerate(call.arguments):
        if not isinstance(argument, Literal) or not isinstance(argument.value, str):
            continue
        if call.name == "split" and index == 1 and len(argument.value) > 1:
            message = f'`split` treats each character of "{argument.value}" as a separator.'
            yield Problem("split-is-a-set", message, argument.start, argument.end)
        elif call.name == "explode" and index == 1 and argument.value in _SPECIAL:
            message = f"`{argument.value}` has a special meaning in a regular expression."
            yield Problem("explode-unescaped", message, argument.start, argument.end)
        elif signature.parameter(index).type == "date-pattern":
            yield from _pattern_advice(argument, argument.value)
    if call.name == "date" and len(call.arguments) == 1:
        yield from _date_advice(call.arguments[0])


def _pattern_advice(place: Literal, pattern: str) -> Iterator[Problem]:
    letters = set(_QUOTED.sub("", pattern))
    if "Y" in letters and "w" not in letters:
        yield Problem("week-year", "`Y` is the year of the week.", place.start, place.end, pattern.replace("Y", "y"))
    elif letters & {"h", "K"} and "a" not in letters:
        message = "`h` and `K` count 12 hours, and the pattern has no `a` for AM and PM."
        yield Problem("twelve-hour-without-am-pm", message, place.start, place.end)


def _date_advice(argument: Node) -> Iterator[Problem]:
    if not isinstance(argument, Literal) or not isinstance(argument.value, str):
        return
    from flowctl.dataprep.dates import parse_date  # most expressions have no dates

    try:
        moment = parse_date(argument.value)
    except ExpressionError:
        message = f'"{argument.value[:60]}" is not in a form that `date` reads without a format.'
        yield Problem("date-default-format", message, argument.start, argument.end)
        return
    if argument.value == f"{moment:%m%d}{moment.year:04}":
        message = f'"{argument.value}" is read as month, day and year.'
        yield Problem("ambiguous-date", message, argument.start, argument.end)
