"""The texts of the source that people read: of diagnostics, of the table of codes, of schemas."""

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from surroundings import ROOT, SCHEMAS

from flowctl.model.codes import AREAS

_TEXTS = {"summary": 1, "detail": None, "hint": None, "message": None, "expected": None}
"""The parts of a diagnostic, and the place of the one that may be given without its name."""
_MAKERS = {"Diagnostic", "error", "because", "Problem", "TextProblem", "refuse", "_say", "missing"}
_PLACES = {"error": (1,), "because": (1,), "refuse": (2,), "_say": (1,)}
"""Where the summary stands in a call that gives it without a name."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call that makes a diagnostic: its parts as they are written, and where it is."""

    place: str
    parts: Mapping[str, ast.expr]

    @property
    def is_warning(self) -> bool:
        """Whether it is a warning in every case."""
        return "WARNING" in ast.unparse(self.parts["severity"]) if "severity" in self.parts else "warning" in self.parts

    def texts(self) -> Iterator[str]:
        """What is written in its parts; a value that is put in counts as `X`."""
        for name in _TEXTS:
            if name in self.parts:
                yield from texts(self.parts[name])


def texts(node: ast.expr) -> Iterator[str]:
    """The strings in an expression."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
        for part in node.values:
            if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.IfExp):
                yield from texts(part.value)
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.value
    else:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                yield from texts(child)


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a module, which many tests read."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def calls(*folders: str) -> tuple[Call, ...]:
    """The calls that make diagnostics in some folders of the package."""
    return tuple(_calls(*folders))


def _calls(*folders: str) -> Iterator[Call]:
    for folder in folders:
        for path in sorted((ROOT / "flowctl" / folder).rglob("*.py")):
            for node in ast.walk(tree_of(path)):
                if isinstance(node, ast.Call):
                    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                    parts = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
                    for place in _PLACES.get(called, ()):
                        if place < len(node.args):
                            parts.setdefault("summary", node.args[place])
                    if called in _MAKERS and {"summary", "message"} & parts.keys():
                        yield Call(f"{path.relative_to(ROOT)}:{node.lineno}", parts)


def descriptions(name: str) -> Iterator[str]:
    """Every description of a schema."""
    yield from _described(json.loads(Path(SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")))


def _described(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("description"), str):
            yield node["description"]
        for key, member in node.items():
            if key not in ("examples", "default"):
                yield from _described(member)
    elif isinstance(node, list):
        for item in node:
            yield from _described(item)


def code_texts() -> Iterator[tuple[str, str]]:
    """Meaning and action of every code."""
    for area in AREAS:
        for row in area.codes:
            yield row.code, f"{row.title}. {row.meaning} {row.cure}"
