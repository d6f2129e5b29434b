"""One rich plan in each format that reviewers read, whole, as files to read aloud.

After a change of output run `RENEW_GOLDEN=1 python -m pytest -n 0 tests/golden` and read the difference.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from plans_to_review import plan_of_fields, rich_plan

from flowctl.kinds.lineage import lineage_of_plan
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.result import Data, Result
from flowctl.views.formats import Format
from flowctl.views.output import RenderOptions
from flowctl.views.render import render

HERE = Path(__file__).parent
PLAN = (Format.TEXT, Format.JSON, Format.MARKDOWN, Format.GITHUB, Format.GITLAB, Format.SARIF, Format.HTML)
GRAPH = (Format.MERMAID, Format.DOT, Format.SVG)


def _matches(name: str, data: Data, command: str, form: Format, diagnostics: Sequence[Diagnostic] = ()) -> None:
    result = Result(command=command, data=data, diagnostics=tuple(diagnostics))
    output = render(result, form, RenderOptions())
    text = output.text or "".join(f"{line.text}\n" for line in output.lines)
    path = HERE / f"{name}.{form}.txt"
    if os.environ.get("RENEW_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", PLAN)
def test_a_rich_plan(form: Format) -> None:
    _matches("rich-plan", rich_plan(), "plan", form, rich_plan().diagnostics)


@pytest.mark.parametrize("form", [Format.TEXT, Format.MARKDOWN, Format.HTML])
def test_a_plan_of_fields(form: Format) -> None:
    _matches("fields-plan", plan_of_fields(), "plan", form)


@pytest.mark.parametrize("form", GRAPH)
def test_the_graph_of_a_rich_plan(form: Format) -> None:
    _matches("rich-graph", lineage_of_plan(rich_plan()), "graph", form, rich_plan().diagnostics)
