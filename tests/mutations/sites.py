"""Where a module can be changed in a small way that changes what it means."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
_ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "+",
    ast.FloorDiv: "*",
    ast.BitOr: "&",
    ast.BitAnd: "|",
}
_LONG = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """One change: the text between two offsets (in bytes of UTF-8) becomes another one. `line` counts from 1.

    `scope`, `what`, `before` and `number` stay the same while other parts of the module change: the function, what is
    done, the text that is replaced (its beginning, if it is long), and which of several such changes of the function.
    """

    line: int
    start: int
    end: int
    text: str
    what: str
    before: str
    scope: str = ""
    number: int = 1

    def applied(self, source: bytes) -> bytes:
        """The source with the change made."""
        return source[: self.start] + self.text.encode() + source[self.end :]


def mutations(source: bytes) -> list[Mutation]:
    """Every change that keeps the module a program, in the order of the text. Annotations and docstrings stay."""
    tree = ast.parse(source)
    offsets = _line_offsets(source)
    found = [
        replace(change, scope=scope) for scope, node in _running(tree) for change in _of_node(node, source, offsets)
    ]
    return list(_numbered(sorted(found, key=lambda change: (change.start, change.end, change.text))))


def function_text(source: bytes, change: Mutation) -> str:
    """The function that a change is in; the whole module if it is in none."""
    for scope, node in _running(ast.parse(source)):
        if scope == change.scope and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return ast.get_source_segment(source.decode(), node) or ""
    return source.decode()


def _numbered(changes: list[Mutation]) -> Iterator[Mutation]:
    seen: Counter[tuple[str, str, str]] = Counter()
    for change in changes:
        key = (change.scope, change.what, change.before)
        seen[key] += 1
        yield replace(change, number=seen[key])


def _line_offsets(source: bytes) -> list[int]:
    offsets = [0]
    for line in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    return offsets


def _running(node: ast.AST, scope: str = "") -> Iterator[tuple[str, ast.AST]]:
    """The nodes that do something when the program runs, each with the name of its function."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        scope = f"{scope}.{node.name}".lstrip(".")
    yield scope, node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_for_readers(child):
                yield from _running(child, scope)


def _is_for_readers(node: ast.AST) -> bool:
    """Whether a statement is a docstring, an `if TYPE_CHECKING` block, or the declaration of a type's name."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    if isinstance(node, ast.AnnAssign):
        return isinstance(node.annotation, ast.Name) and node.annotation.id == "TypeAlias"
    return isinstance(node, ast.Import | ast.ImportFrom)


def _of_node(node: ast.AST, source: bytes, offsets: list[int]) -> Iterator[Mutation]:
    def span(of: ast.expr | ast.stmt) -> tuple[int, int]:
        if of.end_lineno is None or of.end_col_offset is None:
            raise AssertionError("every parsed node has an end")
        return offsets[of.lineno - 1] + of.col_offset, offsets[of.end_lineno - 1] + of.end_col_offset

    def text(of: ast.expr) -> str:
        start, end = span(of)
        return source[start:end].decode()

    def instead(of: ast.expr | ast.stmt, new: str, what: str) -> Mutation:
        start, end = span(of)
        before = " ".join(source[start:end].decode().split())[:_LONG]
        return Mutation(line=of.lineno, start=start, end=end, text=new, what=what, before=before)

    match node:
        case ast.Compare(ops=[operator], left=left, comparators=[right]) if type(operator) in _COMPARISONS:
            new = _COMPARISONS[type(operator)]
            yield instead(node, f"({text(left)} {new} {text(right)})", f"compares with {new}")
        case ast.BoolOp(op=operator, values=values):
            new = " or " if isinstance(operator, ast.And) else " and "
            yield instead(node, f"({new.join(f'({text(value)})' for value in values)})", f"joins with{new.rstrip()}")
            yield instead(node, f"({text(values[0])})", "leaves out all but the first condition")
            yield instead(node, f"({text(values[-1])})", "leaves out all but the last condition")
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield instead(node, f"bool({text(operand)})", "drops a `not`")
        case ast.BinOp(op=operator, left=left, right=right) if type(operator) in _ARITHMETIC:
            new = _ARITHMETIC[type(operator)]
            yield instead(node, f"({text(left)} {new} {text(right)})", f"calculates with {new}")
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            yield instead(test, f"(not ({text(test)}))", "turns a condition round")
        case ast.Constant(value=bool(value)):
            yield instead(node, str(not value), f"{value} becomes {not value}")
        case ast.Constant(value=int(value)):
            yield instead(node, str(value + 1), f"{value} becomes {value + 1}")
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield instead(value, "None", "returns None")
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom() as call):
            yield instead(node, "pass" if isinstance(call, ast.Call) else "yield from ()", "leaves out a statement")
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]) | ast.AugAssign() | ast.Raise():
            yield instead(node, "pass", "leaves out a statement")
        case ast.Continue():
            yield instead(node, "break", "breaks instead of continuing")
        case ast.Break():
            yield instead(node, "continue", "continues instead of breaking")
        case ast.keyword(arg=str(), value=ast.Name() | ast.Attribute() as value):
            yield instead(value, "None", "passes None")
