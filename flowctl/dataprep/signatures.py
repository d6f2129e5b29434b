"""The signature of every documented function: parameters with their types, result, and what it does in a sentence.

They are in `data/signatures.txt`, under the headings of their categories, as lines of the form
`name(PARAMETER: type, ...) result | sentence`. After a type, `?` means that null is passed to the function; any other
parameter that is null makes the result null. `= value` is the default of a parameter that may be left out, and `...`
stands after the parameter that may come several times.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_TABLE = Path(__file__).parent / "data" / "signatures.txt"
_LINE = re.compile(r"(\w+)\((.*?)\) (\w+) \| (.+)")
_PARAMETER = re.compile(r"(\w+): ([\w-]+)(\?)?(?: = (\"[^\"]*\"|[\w-]+))?(\.\.\.)?")
_ALIASES = {
    "lcase": "lower",
    "ucase": "upper",
    "make_timestamp": "make_date_time",
    "arrays_to_objects": "arrays_to_object",
    "is_set": "contains_key",
    "guid": "uuid",
}
_USER_AGENT = "it needs Experience Platform's database of user agents"
# Functions that cannot be evaluated offline, and why.
NOT_EVALUATED = {"fpid_to_ecid": "Adobe does not publish how it is computed"}
PAIRED = frozenset({"to_object", "to_map", "arrays_to_object", "arrays_to_objects"})


class Parameter(NamedTuple):
    """A parameter. `default` is as documented, in the words of the language; a required one has none."""

    name: str
    type: str
    nullable: bool
    default: str | None
    variadic: bool


class Signature(NamedTuple):
    """How a function is called, what it returns and what it does."""

    name: str
    category: str
    parameters: tuple[Parameter, ...]
    returns: str
    description: str
    alias_of: str | None
    not_evaluated: str | None

    @property
    def least(self) -> int:
        """Return the least number of arguments."""
        return sum(parameter.default is None for parameter in self.parameters)

    @property
    def most(self) -> int | None:
        """Return the largest number of arguments; None if it has no limit."""
        variadic = bool(self.parameters) and self.parameters[-1].variadic
        return None if variadic else len(self.parameters)

    def parameter(self, index: int) -> Parameter:
        """Return the parameter that an argument belongs to."""
        return self.parameters[min(index, len(self.parameters) - 1)]

    def written(self) -> str:
        """Return the call as the documentation writes it."""
        return f"{self.name}({', '.join(_written(parameter) for parameter in self.parameters)})"


def _written(parameter: Parameter) -> str:
    text = f"{parameter.name}, ..." if parameter.variadic else parameter.name
    return text if parameter.default is None else f"[{text}]"


@cache
def signatures() -> dict[str, Signature]:
    """Return the signature of every function by its name."""
    found: dict[str, Signature] = {}
    category = ""
    for line in filter(None, _TABLE.read_text(encoding="utf-8").splitlines()):
        if line.startswith("# "):
            category = line[2:]
        else:
            signature = _signature(category, line)
            found[signature.name] = signature
    return found


def _signature(category: str, line: str) -> Signature:
    match = _LINE.fullmatch(line)
    assert match, line
    name = match[1]
    return Signature(
        name,
        category,
        tuple(_parameter(found) for found in _PARAMETER.finditer(match[2])),
        match[3],
        match[4],
        _ALIASES.get(name),
        NOT_EVALUATED.get(name) or (_USER_AGENT if name.startswith("ua_") else None),
    )


def _parameter(match: re.Match[str]) -> Parameter:
    return Parameter(match[1], match[2], bool(match[3]), match[4], bool(match[5]))
