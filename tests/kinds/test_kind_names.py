"""Only `flowctl/kinds/` knows a kind by name: a new kind must not ask for a new branch anywhere else."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowctl.kinds.registry import KINDS
from flowctl.manifest.registry import DOCUMENT_KINDS

SOURCE = Path(__file__).parents[2] / "flowctl"
HOMES = (
    "kinds",
    "emulator",  # built from the platform's documents, and shares nothing with the kinds
    "manifest/documents",  # where documents become resources of a kind
    "manifest/parts",
    "manifest/collapse",  # and where live objects of a kind become documents
    "xdm",  # the kinds of XDM's own resources
)
CODE_OF_ANY_KIND = ("cli", "engine", "operations", "policies", "settings", "state", "views")
"""Packages that treat all kinds alike, and ask `kinds/` for what attributes mean."""
KEYS_OF_MANIFESTS = {"class", "connection", "dataset", "namespace", "profile", "schema"}
"""Kinds whose names are keys of manifests too: `source.connection`. In WRITERS they mean the key."""
SEAM = {
    "kind",
    "registry",
    "live_check",
    "live_state",
    "replacing",
    "forms",
    "terms",
    "identifier",
    "depth",
    "audit_events",
    "lineage",
    "attribute_facts",
    "flow_runs",
    "rejected_rows",
    "run_error_codes",
    "flow_schedule",
    "flow_states",
    "live_flow_specs",
    "live_connection_specs",
    "exploration",
}
"""Modules of `kinds/` that are about any kind, and about runs, specs and sources, which are no kinds."""
WRITERS = (
    "manifest/",
    "specs/editor_schemas.py",
    "operations/starting/",
    "operations/drafting/",
    "cli/commands/explore.py",
)
"""Where the names of some kinds are keys of manifests, or of what a person types."""
_IN_ADDRESS = re.compile(rf"[a-z0-9-]*\.(?:{'|'.join(KINDS)})(?:\[.*)?")
"""An address, or its end: `f"{name}.flow"`."""
OF_KINDS = {path.stem for path in (SOURCE / "kinds").glob("*.py") if "\nKIND = " in path.read_text(encoding="utf-8")}


def names_of_kinds(tree: ast.AST, *, in_manifest: bool) -> Iterator[tuple[int, str]]:
    """Line and name of every text that is a kind's name; a key of manifests only where it is used as a kind."""
    as_kind = {id(part) for node in ast.walk(tree) for part in _used_as_kind(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in KINDS:
            if in_manifest and node.value in KEYS_OF_MANIFESTS and id(node) not in as_kind:
                continue
            yield node.lineno, str(node.value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _IN_ADDRESS.fullmatch(node.value):
            yield node.lineno, node.value


def _used_as_kind(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of an expression that are compared with a kind, looked up among kinds or given as one."""
    if isinstance(node, ast.Compare) and any(_says_kind(side) for side in (node.left, *node.comparators)):
        yield from ast.walk(node)
    elif isinstance(node, ast.Subscript) and _says_kind(node.value):
        yield from ast.walk(node.slice)
    elif isinstance(node, ast.Match) and _says_kind(node.subject):
        yield from (part for case in node.cases for part in ast.walk(case.pattern))
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and _says_kind(node.func.value):
            yield from node.args
        if (isinstance(node.func, ast.Attribute) and node.func.attr == "of") or _name(node.func) == "Lookup":
            yield from node.args
        yield from (keyword.value for keyword in node.keywords if keyword.arg in ("kind", "kinds"))


def _says_kind(node: ast.AST) -> bool:
    return "kind" in _name(node).lower()


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def imports_of_kinds(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and module of every import out of `flowctl.kinds` that is not about any kind."""
    for node in ast.walk(tree):
        module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        names = [f"{module}.{alias.name}" for alias in node.names] if module == "flowctl.kinds" else [module]
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("flowctl.kinds.") and name.split(".")[2] not in SEAM:
                yield node.lineno, name


def sources(*, inside: str = "", outside: tuple[str, ...] = ()) -> Iterator[tuple[str, ast.AST]]:
    """Path and tree of the modules of a folder, without those of some others."""
    for path in sorted((SOURCE / inside).rglob("*.py")):
        place = path.relative_to(SOURCE).as_posix()
        if not place.startswith(tuple(f"{home}/" for home in outside)):
            yield place, ast.parse(path.read_text(encoding="utf-8"))


def test_no_kind_is_named_outside_its_home() -> None:
    found = [
        f"{place}:{line}: {name}"
        for place, tree in sources(outside=HOMES)
        for line, name in names_of_kinds(tree, in_manifest=place.startswith(WRITERS))
    ]
    assert found == []


def _attributes() -> set[str]:
    """The attributes that a kind says something about, and that are not keys of manifests too."""
    named = {
        step
        for kind in KINDS.values()
        for path in (
            *(*kind.terms.terms, *kind.forms({}), *kind.replacement.paths, *kind.keyed_lists, kind.noted),
            *((*kind.search.anchors, *kind.search.identity) if kind.search is not None else ()),
        )
        for step in path
    }
    schemas = [
        SOURCE.parent / f"schemas/{name.lower()}.schema.json" for name, kind in DOCUMENT_KINDS.items() if kind.makes
    ]
    keys = "".join(path.read_text(encoding="utf-8") for path in schemas)
    return {name for name in named if re.fullmatch("[a-z]+[A-Z][A-Za-z]*", name) and f'"{name}":' not in keys}


def test_no_attribute_of_a_kind_is_named_where_all_kinds_are_alike() -> None:
    attributes = _attributes()
    assert {"scheduleParams", "baseConnectionId", "deltaColumn", "xdmSchema"} <= attributes
    found = [
        f"{place}:{node.lineno}: {node.value}"
        for package in CODE_OF_ANY_KIND
        for place, tree in sources(inside=package)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in attributes
    ]
    assert found == []


def test_nothing_imports_the_module_of_a_kind() -> None:
    found = [
        f"{place}:{line}: {name}"
        for place, tree in sources(outside=("kinds",))
        for line, name in imports_of_kinds(tree)
    ]
    assert found == []


def test_no_kind_imports_another() -> None:
    found = [
        f"{place}:{line}: {name}"
        for place, tree in sources(inside="kinds")
        for line, name in imports_of_kinds(tree)
        if place != "kinds/registry.py" and name.split(".")[2] in OF_KINDS
    ]
    assert found == []
    assert len(OF_KINDS) == len(KINDS)


@pytest.mark.parametrize("name", ["lockfile", "plan"])
def test_the_published_schemas_know_every_kind(name: str) -> None:
    """Each list of kinds in them, be it an enumeration or a part of a pattern, is that of the registry."""
    text = (SOURCE.parent / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
    lists = [found[1].split("|") for found in re.finditer(r"\(([a-z_|]+)\)", text) if "flow" in found[1].split("|")]
    lists += [enum for enum in _enumerations(json.loads(text)) if "flow" in enum]
    assert len(lists) > 1
    assert [names for names in lists if set(names) != set(KINDS)] == []


def _enumerations(schema: object) -> Iterator[list[str]]:
    if isinstance(schema, list):
        for part in schema:
            yield from _enumerations(part)
    elif isinstance(schema, dict):
        for key, part in schema.items():
            yield from [part] if key == "enum" else _enumerations(part)


@pytest.mark.parametrize(
    ("text", "in_manifest"),
    [
        ('x = "flow"', False),
        ('if resource.kind == "dataset": ...', True),
        ('if "schema" != kind: ...', True),
        ('if kind in ("connection", "source_connection"): ...', True),
        ('KINDS["schema"]', True),
        ('kinds.get("schema")', True),
        ('Address.of(name, "dataset")', True),
        ('Lookup("dataset", "id", value)', True),
        ('Pin(kind="dataset")', True),
        ('match kind:\n    case "dataset": ...', True),
        ('{"mapping_set": 1}', True),
        ('document.at("dataset")', False),
        ('address.endswith(".flow")', True),
        ('Address(f"{name}.dataset")', True),
        ('Address(f"{name}.descriptor[{path}]")', True),
    ],
)
def test_a_name_is_found(text: str, in_manifest: bool) -> None:
    assert list(names_of_kinds(ast.parse(text), in_manifest=in_manifest))


@pytest.mark.parametrize("text", ['document.at("dataset", "schema")', 'source["connection"]', 'x = "flows"'])
def test_a_key_of_a_manifest_is_no_name(text: str) -> None:
    assert not list(names_of_kinds(ast.parse(text), in_manifest=True))


@pytest.mark.parametrize(
    "text",
    [
        "from flowctl.kinds.flow import KIND",
        "from flowctl.kinds import flow_service",
        "import flowctl.kinds.preflight.flow_specs",
    ],
)
def test_an_import_is_found(text: str) -> None:
    assert list(imports_of_kinds(ast.parse(text)))
