"""The reference is complete and current: options, exit codes, diagnostics, keys."""

import re
from pathlib import Path

import click
import generate
import pytest
from llms import LLMS, llms_text
from pages import anchors, text_of

from flowctl.cli.exit_codes import ExitCode
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.model.codes import CODES
from flowctl.model.diagnostic import Severity

DIAGNOSTICS = Path("docs/reference/diagnostics.md")


@pytest.mark.parametrize("page", generate.generated_pages(), ids=lambda page: page.name)
def test_generated_parts_are_current(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == generate.filled_in(text), "run: python tests/docs/generate.py"


def test_every_kind_of_document_is_on_the_page_of_manifests() -> None:
    assert sorted(generate.MANIFEST_KINDS) == sorted(DOCUMENT_KINDS)


def test_llms_txt_is_current() -> None:
    assert LLMS.read_text(encoding="utf-8") == llms_text(), "run: python tests/docs/generate.py"


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
                    assert re.search(rf"`{re.escape(name)}(\[=[A-Z]+\])?`", section + shared), f"{path} {name}"


def test_every_exit_code_has_its_entry() -> None:
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", text_of(Path("docs/reference/cli.md")), re.M)}
    assert set(ExitCode) == listed


def test_the_diagnostics_page_lists_exactly_the_codes_of_the_table() -> None:
    listed = re.findall(r'^\| <a id="[a-zA-Z0-9-]+"></a>`([a-zA-Z0-9-]+)` \|', text_of(DIAGNOSTICS), re.M)
    assert sorted(listed) == sorted(set(listed)), "a code stands twice"
    assert sorted(listed) == sorted(CODES)


def test_every_code_has_an_anchor() -> None:
    assert set(CODES) <= anchors(DIAGNOSTICS)


def test_a_code_that_is_always_a_warning_is_marked_on_the_page() -> None:
    marked = re.findall(r'^\| <a id="[a-z0-9-]+"></a>`([a-z0-9-]+)` \| Warning: ', text_of(DIAGNOSTICS), re.M)
    assert sorted(marked) == sorted(row.code for row in CODES.values() if row.severities == (Severity.WARNING,))
