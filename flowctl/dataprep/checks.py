"""What is wrong with an expression before it runs: names, numbers of arguments, and literal patterns."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from flowctl.dataprep.parser import parse
from flowctl.dataprep.problem import ExpressionError, Problem, nearest_name
from flowctl.dataprep.signatures import PAIRED, Signature, signatures
from flowctl.dataprep.tree import Call, Lambda, Literal, Method, Node, children, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

NOT_EVALUATED = "function-not-evaluated"


@lru_cache(maxsize=2048)
def problems(text: str) -> tuple[Problem, ...]:
    """Return all problems of an expression, in the order of the text. The first syntax error is the only one."""
    try:
        tree = parse(text)
    except ExpressionError as error:
        return (error.problem,)
    found = [problem for node in walk(tree) for problem in _node_problems(node)]
    if isinstance(tree, Lambda):
        found.insert(0, _misplaced(tree))
    return tuple(sorted(found, key=lambda problem: problem.start or 0))


def checked(text: str) -> Node:
    """Return the tree of an expression. Raises `ExpressionError` with its first problem.

    A function that exists and cannot be evaluated offline is not a problem here.
    """
    for problem in problems(text):
        if problem.code != NOT_EVALUATED:
            raise ExpressionError(problem.message, problem.code, problem.start, problem.end, problem.nearest)
    return parse(text)


def _node_problems(node: Node) -> Iterator[Problem]:
    if isinstance(node, Call):
        yield from _call_problems(node)
    elif isinstance(node, Method):
        yield from _method_problems(node)
    if not isinstance(node, Call):
        yield from (_misplaced(child) for child in children(node) if isinstance(child, Lambda))


def _method_problems(method: Method) -> Iterator[Problem]:
    # Few expressions call a method, and what methods do need not be imported for the others.
    from flowctl.dataprep.methods import METHODS

    if method.name not in METHODS:
        end = method.name_start + len(method.name)
        nearest = nearest_name(method.name, METHODS)
        yield Problem("unknown-method", f"There is no method `{method.name}`.", method.name_start, end, nearest)


def _misplaced(node: Lambda) -> Problem:
    message = "A lambda is allowed only as the second argument of `filterArray` and `transformArray`."
    return Problem("lambda-misplaced", message, node.start, node.end)


def _call_problems(call: Call) -> Iterator[Problem]:
    signature = signatures().get(call.name)
    end = call.start + len(call.name)
    if signature is None:
        nearest = nearest_name(call.name, signatures())
        yield Problem("unknown-function", f"There is no function `{call.name}`.", call.start, end, nearest)
        return
    if signature.not_evaluated:
        message = f"`{call.name}` cannot be evaluated offline: {signature.not_evaluated}."
        yield Problem(NOT_EVALUATED, message, call.start, end)
    yield from _number_problems(call, signature)
    for index, argument in enumerate(call.arguments):
        type_ = signature.parameter(index).type if signature.parameters else "any"
        if isinstance(argument, Lambda) != (type_ == "lambda"):
            yield (
                _misplaced(argument)
                if isinstance(argument, Lambda)
                else Problem(
                    "argument-type", f"This argument of `{call.name}` must be a lambda.", argument.start, argument.end
                )
            )
        elif isinstance(argument, Literal) and isinstance(argument.value, str):
            yield from _literal_problems(call.name, type_, argument.value, argument)


def _number_problems(call: Call, signature: Signature) -> Iterator[Problem]:
    count, least, most = len(call.arguments), signature.least, signature.most
    if call.name == "iif" and count != 3:
        yield Problem("iif-arguments", f"`iif` needs 3 arguments (found {count}).", call.start, call.end)
    elif count < least:
        message = f"`{signature.written()}` needs at least {_arguments(least)} (found {count})."
        yield Problem("too-few-arguments", message, call.start, call.end)
    elif most is not None and count > most:
        message = f"`{signature.written()}` accepts at most {_arguments(most)} (found {count})."
        yield Problem("too-many-arguments", message, call.start, call.end)
    elif call.name in PAIRED and count % 2 and not (call.name == "to_map" and count == 1):
        yield Problem("odd-pairs", f"`{call.name}` needs keys and values in pairs.", call.start, call.end)


def _arguments(count: int) -> str:
    return f"{count} argument{'' if count == 1 else 's'}"


def _literal_problems(name: str, type_: str, text: str, place: Literal) -> Iterator[Problem]:
    # Imported here, because most expressions have no patterns.
    try:
        # Each is imported where it is asked: most expressions have neither patterns nor dates.
        if type_ == "regex":
            from flowctl.dataprep.patterns import compiled

            compiled(text)
        elif type_ == "date-pattern":
            from flowctl.dataprep.dates import reader

            reader(text)
        elif type_ == "date-part":
            from flowctl.dataprep.functions.moments import DATE_PARTS, SETTABLE_PARTS, part_problem

            known = SETTABLE_PARTS if name == "set_date_part" else DATE_PARTS
            if text.lower() not in known:
                raise part_problem(text, known)
    except ExpressionError as error:
        yield error.at(place.start, place.end).problem
