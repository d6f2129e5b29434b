"""The expression service: validation of an expression, and the catalogues of functions and operators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flowctl.emulator.json_text import parse
from flowctl.emulator.message import Reply
from flowctl.emulator.services.refusals import bad_request
from flowctl.emulator.shapes import is_text, odd_member

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flowctl.emulator.message import Call
    from flowctl.emulator.shapes import Shape

_SHAPES: Final[Mapping[str, Shape]] = dict.fromkeys(("mappingSetId", "sampleData", "sampleDataType"), is_text)


def validate_expression(call: Call) -> Reply:
    """Return `{"validationStatus": "succeeded", "error": "none"}`, as the newer guide does.

    Refuses (400) what is not an expression, and functions that do not exist.
    """
    # Imported here, because an emulator that starts for one plan evaluates nothing.
    from flowctl.dataprep.checks import checked
    from flowctl.dataprep.problem import ExpressionError

    body = parse(call.incoming.body)
    expression = body.get("expression") if isinstance(body, dict) else None
    if not isinstance(expression, str) or not expression.strip():
        raise bad_request("The body is an object with an expression that is a string.")
    odd = odd_member(body, _SHAPES) if isinstance(body, dict) else None
    if odd is not None:
        raise bad_request(f"The {odd} is a string.")
    try:
        checked(expression)
    except ExpressionError as error:
        raise bad_request(str(error)) from None
    return Reply(body={"validationStatus": "succeeded", "error": "none"})


def list_functions(_call: Call) -> Reply:
    """Return all functions."""
    from flowctl.dataprep.catalogues import function_catalogue

    return Reply(body=function_catalogue())


def list_operators(_call: Call) -> Reply:
    """Return all operators."""
    from flowctl.dataprep.catalogues import operator_catalogue

    return Reply(body=operator_catalogue())
