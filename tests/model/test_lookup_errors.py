"""Every error about a word that nothing has names what is near, or says where to list what there is."""

import ast
from collections.abc import Iterator

from code_uses import sources, uses

from flowctl.model.codes import CODES

_SIGNS = ("unknown", "no such", "not found")
_OTHERS = ("path-not-found", "pipeline-not-applied", "not-recorded", "nothing-pending")
"""Codes of look-ups whose titles do not say so."""
_NAMES = frozenset({"did_you_mean", "near", "nearest", "_meant"})
_LISTS = ("`flowctl ", "`git ", "Expected ", "Known ")
_ELSEWHERE = {
    "flowctl/manifest/checks/mapping_rules.py": "`broken` adds the nearest name, which problems of expressions have",
    "workspace-not-found": "it is about a folder, and names `flowctl init`",
}


def _is_lookup(title: str) -> bool:
    return any(sign in title.lower() for sign in _SIGNS)


CODES_OF_LOOKUPS = sorted(code for code, each in CODES.items() if _is_lookup(each.title) or code in _OTHERS)


def _offers(call: ast.Call) -> bool:
    """Whether an argument of the call names what is near or where to look."""
    for node in ast.walk(call):
        if isinstance(node, ast.Name) and node.id in _NAMES:
            return True
        if isinstance(node, ast.keyword) and node.arg in _NAMES:
            return True
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and any(each in node.value for each in _LISTS)
        ):
            return True
    return False


def _calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Code, place and call of each error about a look-up."""
    for name, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                for use in uses(name, ast.Module([ast.Expr(node)], [])):
                    if use.code in CODES_OF_LOOKUPS and use.place == f"{name}:{node.lineno}":
                        yield use.code, use.place, node


def test_there_are_codes_of_lookups() -> None:
    assert {"unknown-run", "unknown-connector", "lookup-not-found", "not-found"} <= set(CODES_OF_LOOKUPS)


def test_every_lookup_error_offers_something() -> None:
    found = [(code, place) for code, place, call in _calls() if not _offers(call)]
    silent = [each for each in found if _ELSEWHERE.keys().isdisjoint({each[0], each[1].partition(":")[0]})]
    assert silent == []
