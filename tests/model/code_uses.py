"""Where the source uses diagnostic codes, and how severe each use may be: read from the syntax, nothing is run."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from surroundings import ROOT

from flowctl.model.diagnostic import Severity

_SPEAK_AS_THE_PLATFORM = ("emulator", "dataprep", "xdm")
"""Packages that print nothing themselves."""
_CODE_PLACE = {"Rule": 0, "because": 0, "error": 0, "_say": 0, "refuse": 1, "told": 4}
"""The position of the code among the arguments, by the name of what is called."""
_BOTH = frozenset(Severity)


@dataclass(frozen=True)
class Use:
    """A call that makes a diagnostic, or what becomes one, of this code."""

    code: str
    severities: frozenset[Severity]
    place: str


def evaluating() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the packages whose problems are those of values and rows."""
    for package in ("dataprep", "xdm"):
        for file in sorted((ROOT / "flowctl" / package).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Every module that may print diagnostics, except the table of codes itself."""
    for file in sorted((ROOT / "flowctl").rglob("*.py")):
        parts = file.relative_to(ROOT).parts
        if parts[1] not in _SPEAK_AS_THE_PLATFORM and parts[1:3] != ("model", "codes"):
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def uses(name: str, tree: ast.Module) -> Iterator[Use]:
    """The calls of a module that are given a code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for code in _codes_of(node):
                yield Use(code, _severities_of(node), f"{name}:{node.lineno}")


def words(tree: ast.Module) -> Iterator[str]:
    """Every text of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _codes_of(call: ast.Call) -> Iterator[str]:
    places = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
    position = _CODE_PLACE.get(_called(call))
    if position is not None:
        places += call.args[position : position + 1]
    for place in places:
        yield from _texts(place)


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else str(getattr(call.func, "id", ""))


def _severities_of(call: ast.Call) -> frozenset[Severity]:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if "severity" in given:
        return _severities(given["severity"])
    if "warning" in given:
        return frozenset({Severity.WARNING})
    return _BOTH if "verified" in given else frozenset({Severity.ERROR})


def _severities(node: ast.expr) -> frozenset[Severity]:
    if isinstance(node, ast.IfExp):
        return _severities(node.body) | _severities(node.orelse)
    if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "Severity":
        return frozenset({Severity[node.attr]})
    return _BOTH


def _texts(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may have; `http-STATUS` for one that ends in a status."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "STATUS" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _texts(value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
