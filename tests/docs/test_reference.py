"""The reference is complete and current: options, exit codes, diagnostics, keys."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import generate
import pytest
from pages import text_of
from surroundings import ROOT

from flowctl.cli.exit_codes import ExitCode

DIAGNOSTICS = Path("docs/reference/diagnostics.md")
_FIRST_ARGUMENT = {"because", "error", "_say"}
"""Callables whose first argument is a code."""
_FOURTH_ARGUMENT = {"told"}
_WORDS = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
_NO_CODES = {
    *("content-encoding", "content-length", "content-type", "detailed-message", "retry-after", "transfer-encoding"),
    *("x-api-key", "x-gw-ims-org-id", "x-sandbox-name", "c604ff05-7f1a-43c0-8e18-33bf874cb11c"),
    *("flow-specs", "local-client", "local-secret", "utf-8", "utf-8-sig", "utf-16", "latin-1", "x-gzip"),
}
"""Texts of flowctl that look like a code and are none."""


@pytest.mark.parametrize("page", generate.generated_pages(), ids=lambda page: page.name)
def test_generated_parts_are_current(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == generate.filled_in(text), "run: python tests/docs/generate.py"


def test_every_part_is_on_a_page() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in generate.generated_pages())
    assert [name for name in generate.PARTS if f"<!-- generated: {name} -->" not in text] == []


def test_every_command_and_option_has_its_entry() -> None:
    page = text_of(Path("docs/reference/cli.md"))
    for path, command in generate.commands():
        section = page.partition(f"### `{path}`\n")[2].partition("\n### ")[0]
        assert section, path
        shared = page.partition("## All commands")[0]
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                for name in parameter.opts:
                    assert f"`{name}`" in section + shared, f"{path} {name}"


def test_every_exit_code_has_its_entry() -> None:
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", text_of(Path("docs/reference/cli.md")), re.M)}
    assert set(ExitCode) == listed


def test_the_diagnostics_page_lists_exactly_the_codes_of_the_source() -> None:
    listed = re.findall(r"^\| `([a-zA-Z0-9-]+)` \|", text_of(DIAGNOSTICS), re.M)
    assert sorted(listed) == sorted(set(listed)), "a code stands twice"
    assert sorted(listed) == sorted(set(_codes()))


def _codes() -> Iterator[str]:
    for file in sorted((ROOT / "flowctl").rglob("*.py")):
        # These print nothing themselves: they speak as the platform does.
        if file.relative_to(ROOT).parts[1] not in ("emulator", "dataprep", "xdm"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield from _codes_of(node)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _WORDS.fullmatch(node.value):
                    # Many ways lead to a diagnostic, and every code but a few is words with hyphens.
                    yield from {node.value} - _NO_CODES


def _codes_of(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    places = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
    if name in _FIRST_ARGUMENT:
        places += call.args[:1]
    if name in _FOURTH_ARGUMENT:
        places += call.args[3:4]
    for place in places:
        yield from _texts(place)


def _texts(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may have; `http-STATUS` for one that ends in a status."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else "STATUS" for part in node.values)  # type: ignore[misc]
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _texts(value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
