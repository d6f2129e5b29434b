"""Help and messages follow the style of the project, and every error says what to do."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from generate import commands
from surroundings import ROOT
from test_commands import _usage_problem
from test_style import faults
from texts import tree_of

from flowctl.cli.command_table import COMMANDS, flowctl
from flowctl.cli.detailed_option import DetailedOption
from flowctl.cli.help import Command, Group

SOURCE = ROOT / "flowctl"
FOLDERS = ("cli", "views", "operations", "engine", "kinds", "aep")
WITHOUT_HINT = {
    "cli/failures.py": "a wrong command line: the line below it names the command whose --help explains it",
}
"""Modules whose errors say elsewhere what to do, with the reason."""
_MAKERS = {"Diagnostic", "because"}
_LONGEST_LINER = 50


def _modules() -> list[Path]:
    found = [path for folder in FOLDERS for path in sorted((SOURCE / folder).rglob("*.py"))]
    return [*found, *(SOURCE / "model" / f"{name}.py" for name in ("change", "plan", "report", "errors"))]


def _docstrings(tree: ast.AST) -> set[int]:
    """The expressions that are documentation: strings that stand alone."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def _strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of every string that is not documentation; what is inserted into it counts as a word."""
    parts: set[int] = set()
    documentation = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts |= {id(part) for part in ast.walk(node)}
            yield node.lineno, "".join(part.value if isinstance(part, ast.Constant) else "X" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts | documentation:
            yield node.lineno, node.value


@pytest.mark.parametrize("path", _modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_message_says_it_plainly(path: Path) -> None:
    found = [f"line {line}: {fault}" for line, text in _strings(tree_of(path)) if " " in text for fault in faults(text)]
    assert found == []


@pytest.mark.parametrize("path", _modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_docstring_says_it_plainly(path: Path) -> None:
    tree = tree_of(path)
    expressions = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    texts = [(node.lineno, node.value) for node in expressions if isinstance(node, ast.Constant)]
    assert [f"line {line}: {fault}" for line, text in texts for fault in faults(str(text))] == []


@pytest.mark.parametrize("path", _modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_message_calls_experience_platform_by_its_name(path: Path) -> None:
    assert [(line, text) for line, text in _strings(tree_of(path)) if re.search(r"\b[Tt]he platform\b", text)] == []


@pytest.mark.parametrize("path", _modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_message_shows_a_representation_of_python(path: Path) -> None:
    assert [node.lineno for node in ast.walk(tree_of(path)) if _is_representation(node)] == []


def _is_representation(node: ast.AST) -> bool:
    return isinstance(node, ast.FormattedValue) and node.conversion == ord("r")


def _made(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls that make a diagnostic or the error that carries one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in _MAKERS:
                yield node


def _argument(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


@pytest.mark.parametrize("path", _modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_every_diagnostic_says_what_to_do(path: Path) -> None:
    if path.relative_to(SOURCE).as_posix() in WITHOUT_HINT:
        return
    without = [call.lineno for call in _made(tree_of(path)) if _argument(call, "hint") is None and call.keywords]
    without += [call.lineno for call in _made(tree_of(path)) if not call.keywords and call.args]
    empty = [
        call.lineno
        for call in _made(tree_of(path))
        if isinstance(hint := _argument(call, "hint"), ast.Constant) and not hint.value
    ]
    assert (without, empty) == ([], [])


@pytest.mark.parametrize("path", _modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_summary_is_a_clause_and_a_hint_a_sentence(path: Path) -> None:
    """A summary begins in lower case and has no full stop; a hint begins with a capital letter and ends with one."""
    wrong: list[tuple[int, str]] = []
    for call in _made(tree_of(path)):
        is_because = isinstance(call.func, ast.Attribute)
        summary = call.args[1] if is_because and len(call.args) > 1 else _argument(call, "summary")
        wrong += [(call.lineno, text) for text in _literal(summary) if not _is_clause(text)]
        wrong += [(call.lineno, text) for text in _literal(_argument(call, "hint")) if not _is_sentence(text)]
    assert wrong == []


def _is_clause(text: str) -> bool:
    begins_well = not text[:1].isupper() or text.startswith(("X", "Experience Platform"))
    return begins_well and not text.endswith(".")


def _is_sentence(text: str) -> bool:
    return not text or (not text[:1].islower() and text[-1] in ".?X")


def _literal(node: ast.expr | None) -> Iterator[str]:
    """The text of a string that is written at the place itself."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from _literal(node.body)
        yield from _literal(node.orelse)


def _helps() -> Iterator[tuple[str, str]]:
    """Every text of the help, with the command that it belongs to."""
    yield "flowctl", f"{flowctl.help} {flowctl.epilog}"
    yield from ((f"flowctl {name}", text) for name, text in COMMANDS.items())
    for path, command in commands():
        yield path, f"{command.help or ''} {command.short_help or ''}"
        yield from ((path, option.help or "") for option in command.params if isinstance(option, click.Option))
        yield from ((path, option.detail) for option in command.params if isinstance(option, DetailedOption))


def test_the_help_says_it_plainly() -> None:
    assert [(path, fault) for path, text in _helps() for fault in faults(text)] == []


def test_a_one_liner_is_one_short_sentence() -> None:
    lines = dict(COMMANDS)
    for path, command in commands():
        if path.count(" ") > 1:
            lines[path] = command.short_help or ""
    assert {name: text for name, text in lines.items() if not text.endswith(".") or len(text) >= _LONGEST_LINER} == {}


def test_every_command_has_an_example_that_is_a_command_line() -> None:
    for path, command in commands():
        assert isinstance(command, Command)
        assert command.examples, path
        name = path.removeprefix("flowctl ")
        assert any(name in example for example in command.examples), path
        for example in (part for line in command.examples for part in line.split(" && ")):
            if example.startswith("flowctl "):
                assert _usage_problem(shlex.split(example.partition(" > ")[0])[1:]) == "", example


def test_no_option_shows_a_type_of_python() -> None:
    for path, command in [*commands(), ("flowctl", flowctl)]:
        words = command.get_help(click.Context(command, info_name=path))
        assert not re.search(r"RANGE|<=|>=|\bTEXT\b|\bPATH\b|\bDIRECTORY\b|\[default", words), words
        assert "..." not in words.partition("\n\n")[2], words


def test_every_option_stands_in_the_help_of_its_command() -> None:
    root = click.Context(flowctl, info_name="flowctl")
    for path, command in commands():
        context = click.Context(command, parent=root, info_name=path.removeprefix("flowctl "))
        words = re.split(r"[\s,\[]+", command.get_help(context))
        for option in command.get_params(context):
            if isinstance(option, click.Option):
                assert any(name in words for name in option.opts), (path, option.name)


def test_no_one_liner_and_no_option_has_a_comma() -> None:
    """fish ends a description at a comma."""
    found = [text for path, command in commands() for text in _descriptions(command)]
    assert [text for text in (*found, *COMMANDS.values()) if "," in text] == []


def _descriptions(command: click.Command) -> Iterator[str]:
    yield command.short_help or ""
    yield from (option.help or "" for option in command.params if isinstance(option, click.Option))


def test_every_group_explains_its_commands() -> None:
    for name in COMMANDS:
        group = flowctl.get_command(click.Context(flowctl), name)
        if isinstance(group, click.Group):
            assert isinstance(group, Group)
            assert group.examples
