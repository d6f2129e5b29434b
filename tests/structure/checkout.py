"""The structure of a checkout, read from its source: packages, modules, functions and imports. Nothing is run."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

LAYERS = (
    *(
        "cli",
        "views",
        "operations",
        "preview policies recording",
        "engine",
        "settings",
        "manifest kinds state aep",
        "specs",
    ),
    *("validation text", "dataprep xdm row_files", "output_file release_stamp"),
    *("model durable masking regular_file strict_json", "systems late_pattern foreign_pattern"),
)
"""The layers of the import contract, the highest first; modules beside each other are of one layer."""
_LEVELS = {name: level for level, names in enumerate(LAYERS) for name in names.split()}


@dataclass(frozen=True)
class Module:
    """A module below `flowctl/`: its dotted name, its length, its longest function, and the modules it imports."""

    name: str
    lines: int
    longest_function: int
    imports: frozenset[str]

    @property
    def package(self) -> str:
        """The folder that it lies in, dotted."""
        return self.name.rpartition(".")[0]


@dataclass(frozen=True)
class Checkout:
    """A folder with a package `flowctl`."""

    folder: Path

    @cached_property
    def modules(self) -> Mapping[str, Module]:
        """Every module by its dotted name; the `__init__` of a package has the name of the package."""
        files = sorted((self.folder / "flowctl").rglob("*.py"))
        names = {_name(file, self.folder): file for file in files}
        return {name: _module(name, file, names) for name, file in names.items()}

    def packages(self) -> Mapping[str, int]:
        """How many modules each folder has, without its `__init__`."""
        found: dict[str, int] = {}
        for module in self.modules.values():
            if module.package:
                found[module.package] = found.get(module.package, 0) + (module.name not in self._folders)
        return {name: count for name, count in sorted(found.items()) if count}

    def arrows_up(self) -> list[str]:
        """Imports from a layer into a higher one; the emulator is beside the layers."""
        return [
            f"{module.name} -> {imported}"
            for module in self.modules.values()
            for imported in sorted(module.imports)
            if _level(module.name) is not None
            and _level(imported) is not None
            and _level(module.name, 0) > _level(imported, 0)
        ]

    def circles(self) -> list[frozenset[str]]:
        """Sets of modules that import each other, directly or by others; imports for types only count too."""
        return [circle for circle in _components(self.modules) if len(circle) > 1]

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(module.package for module in self.modules.values())


def _name(file: Path, root: Path) -> str:
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _module(name: str, file: Path, known: Mapping[str, Path]) -> Module:
    text = file.read_text(encoding="utf-8")
    tree = ast.parse(text)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = [(node.end_lineno or node.lineno) - node.lineno + 1 for node in functions]
    imported = {found for target in _targets(tree) if (found := _known(target, known)) and found != name}
    return Module(name, text.count("\n"), max(lengths, default=0), frozenset(imported))


def _targets(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _known(target: str, known: Mapping[str, Path]) -> str | None:
    """The module that an import leads to: the name itself, or the module that has the name."""
    while target and target not in known:
        target = target.rpartition(".")[0]
    return target or None


def _level(name: str, default: int | None = None) -> int | None:
    parts = name.split(".")
    return _LEVELS.get(parts[1], default) if len(parts) > 1 else default


def _components(modules: Mapping[str, Module]) -> list[frozenset[str]]:
    """The strongly connected components, each module reached and reaching the others (Kosaraju)."""
    order: list[str] = []
    seen: set[str] = set()
    for start in modules:
        _visit(start, {name: module.imports for name, module in modules.items()}, seen, order)
    backward: dict[str, set[str]] = {name: set() for name in modules}
    for module in modules.values():
        for imported in module.imports:
            backward[imported].add(module.name)
    found: list[frozenset[str]] = []
    seen.clear()
    for start in reversed(order):
        component: list[str] = []
        _visit(start, backward, seen, component)
        found += [frozenset(component)] if component else []
    return found


def _visit(start: str, edges: Mapping[str, frozenset[str] | set[str]], seen: set[str], order: list[str]) -> None:
    """Add what can be reached from `start` to `order`, each after what it leads to."""
    waiting = [(start, False)]
    while waiting:
        name, is_left = waiting.pop()
        if is_left:
            order.append(name)
        elif name not in seen:
            seen.add(name)
            waiting.append((name, True))
            waiting += [(other, False) for other in edges[name]]
