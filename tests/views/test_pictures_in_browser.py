"""The page of a plan and the graph for Mermaid, drawn by a real browser.

FLOWCTL_CHROMIUM names the browser's command, FLOWCTL_MERMAID the file `mermaid.min.js` of the npm package `mermaid`.
"""

import html
import os
import re
import subprocess
from pathlib import Path

import pytest
from plans_to_review import HOSTILE, hostile_plan, large_plan, rich_plan

from flowctl.kinds.lineage import lineage_of_plan
from flowctl.views.lineage.mermaid import mermaid
from flowctl.views.page.plan import plan_page

BROWSER, MERMAID = "FLOWCTL_CHROMIUM", "FLOWCTL_MERMAID"
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DRAWS = """<!doctype html><meta charset="utf-8"><title>waits</title><pre id="text">{text}</pre><div id="drawn"></div>
<script>{program}</script><script>
mermaid.initialize({{startOnLoad: false, maxTextSize: 50000}});
mermaid.render("picture", document.getElementById("text").textContent).then(
  ({{svg}}) => {{ document.getElementById("drawn").innerHTML = svg; document.title = "drawn"; }},
  error => {{ document.title = "refused: " + error.message; }});
</script>"""
FRAME = """<!doctype html><meta charset="utf-8"><title>waits</title>
<iframe id="page" style="width: {width}px; height: 900px; border: 0" src="page.html"></iframe><script>
onload = () => {{
  const page = document.getElementById("page").contentDocument.documentElement;
  document.title = "wide: " + page.scrollWidth;
}};
</script>"""

needs_a_browser = pytest.mark.skipif(BROWSER not in os.environ, reason=f"{BROWSER} is not set")
needs_mermaid = pytest.mark.skipif(MERMAID not in os.environ, reason=f"{MERMAID} is not set")


def _browse(path: Path, *options: str) -> str:
    """What a page is after its scripts ran."""
    profile = path.parent / "profile"
    command = [os.environ[BROWSER], *QUIET, f"--user-data-dir={profile}", "--allow-file-access-from-files", *options]
    command += ["--virtual-time-budget=20000", "--dump-dom", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def _title(document: str) -> str:
    found = re.search(r"<title>(.*?)</title>", document, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


@needs_a_browser
@needs_mermaid
@pytest.mark.parametrize(
    "plan", [rich_plan(), hostile_plan(HOSTILE), large_plan(500)], ids=["rich", "hostile", "large"]
)
def test_mermaid_draws_the_graph(plan, tmp_path: Path) -> None:
    text = mermaid(lineage_of_plan(plan))
    program = Path(os.environ[MERMAID]).read_text(encoding="utf-8").replace("</script", "<\\/script")
    page = tmp_path / "graph.html"
    page.write_text(DRAWS.format(text=html.escape(text), program=program), encoding="utf-8")
    shown = _browse(page)
    assert _title(shown) == "drawn"
    drawn = shown.partition('<div id="drawn">')[2].partition("<script>")[0]
    assert drawn.count('class="node ') == len(re.findall(r"^  \w+\[", text, re.MULTILINE))
    assert "<script" not in drawn


@needs_a_browser
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("plan", [rich_plan(), hostile_plan(HOSTILE)], ids=["rich", "hostile"])
def test_the_page_of_a_plan_fits_a_screen(plan, width: int, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(plan_page(plan), encoding="utf-8", errors="surrogatepass")
    frame = tmp_path / "frame.html"
    frame.write_text(FRAME.format(width=width), encoding="utf-8")
    shown = _browse(frame, "--window-size=1600,1000")
    assert _title(shown).startswith("wide: ")
    assert int(_title(shown).removeprefix("wide: ")) <= width


@needs_a_browser
def test_a_browser_runs_nothing_of_what_a_plan_says(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(plan_page(hostile_plan("<script>document.title = 'taken over'</script>")), encoding="utf-8")
    assert _title(_browse(page)) != "taken over"
