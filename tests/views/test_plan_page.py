"""A plan as one page: complete, well-formed, without anything from elsewhere, and safe whatever it holds."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from plans_to_review import DIGEST, HOSTILE, change, hostile_plan, large_plan, plan, rich_plan
from surroundings import Platform, Workspace, change_everything

from flowctl.model.address import Address
from flowctl.model.change import Action
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.moves import MovedEntry
from flowctl.model.result import NoResult, Result, WrongUsage
from flowctl.model.selection import Selection
from flowctl.views.formats import Format
from flowctl.views.lineage.svg import COLORS
from flowctl.views.output import RenderOptions
from flowctl.views.page.plan import plan_page
from flowctl.views.render import render

VOID = {"meta", "input", "rect", "path"}
ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "class", "hidden", "type", "aria-label", "placeholder"),
    *("value", "checked", "aria-live", "data-actions", "open", "tabindex", "role", "xmlns", "viewbox", "width"),
    *("height", "x", "y", "rx", "d", "scope", "data-name"),
}


class Reader(HTMLParser):
    """What a browser reads of a page: its elements, each closed in its turn, and the text of each."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.attributes: set[str] = set()
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        within = self.open[-1] if self.open else ""
        {"script": self.scripts, "style": self.styles}.get(within, self.words).append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def parts(text: str) -> dict[str, str]:
    """The text of each part of the page, by its name."""
    found = re.findall(r"<details .*?</details>", text, re.DOTALL)
    return {re.search(r"<strong>(.*?)</strong>", part)[1]: part for part in found}  # type: ignore[index]


# What is on it.


def test_the_page_answers_first() -> None:
    read = Reader(plan_page(rich_plan(diagnostics=()))).text
    assert (
        "flowctl plan: dev (sandbox dev-sandbox) "
        "Plan: 2 to create, 2 to update, 2 to replace, 2 to delete, 1 to import, 1 to stop managing; 1 unchanged. "
        "Replaced: shop-orders (source connection, flow). Deleted: old-tickets (flow, dataset). "
        "History is ingested again: shop-orders . Cannot be undone: 2 replacements and 2 deletions, with the data of "
        "old-tickets.dataset ."
    ) in read


@pytest.mark.parametrize(
    ("shown", "weight"),
    [
        (plan(), "fine"),
        (plan(change("p.flow", Action.CREATE)), "change"),
        (plan(change("p.flow", Action.DELETE)), "danger"),
        (plan(change("p.flow", Action.REPLACE)), "danger"),
        (plan(diagnostics=(Diagnostic(code="c", summary="s"),)), "danger"),
    ],
)
def test_the_answer_shows_how_carefully_to_read(shown: object, weight: str) -> None:
    assert f'<div class="answer {weight}">' in plan_page(shown)  # type: ignore[arg-type]


def test_each_pipeline_is_a_part_and_the_dangerous_ones_are_open() -> None:
    text = plan_page(rich_plan())
    assert list(parts(text)) == [
        "old-tickets",
        "shop-orders",
        "partner-files",
        "crm-contacts",
        "Shared objects",
        "new-leads",
    ]
    assert {name for name, part in parts(text).items() if " open>" in part.partition("\n")[0]} == {
        "old-tickets",
        "shop-orders",
    }
    assert '<details data-actions="delete forget" open>' in parts(text)["old-tickets"]
    assert "2 to delete</span>" in parts(text)["old-tickets"]
    assert "data is deleted</span>" in parts(text)["old-tickets"]


def test_mappings_are_a_table_before_and_after() -> None:
    part = parts(plan_page(rich_plan()))["partner-files"]
    rows = re.findall(r"<tr>(.*?)</tr>", part.partition("<h3>Mappings</h3>")[2].partition("</table>")[0])
    cells = [re.findall(r"<td[^>]*>(?:<code>)?(.*?)(?:</code>)?</td>", row) for row in rows[1:]]
    assert cells == [
        ["~", "personalEmail.address", "lower(email)", "trim(lower(email))"],
        ["+", "person.name.lastName", "", "name"],
        ["-", "mobilePhone.number", "tel", ""],
    ]
    assert "mappings[" not in part


def test_a_schedule_has_its_next_runs() -> None:
    assert (
        "Every 6 hours from 2026-11-25 10:00 UTC, with backfill. Next runs: 2026-11-26 22:00 UTC, "
        "2026-11-27 04:00 UTC, 2026-11-27 10:00 UTC."
    ) in parts(plan_page(rich_plan()))["partner-files"]


def test_each_pipeline_has_a_picture_and_what_is_shared_has_none() -> None:
    found = parts(plan_page(rich_plan()))
    for name, part in found.items():
        pictures = re.findall(r"<svg.*?</svg>", part, re.DOTALL)
        assert len(pictures) == (name != "Shared objects")
        for picture in pictures:
            assert ElementTree.fromstring(picture).attrib["role"] == "img"
    assert "<title>source connection (replace) &gt; flow (replace)</title>" in found["shop-orders"]


def test_values_objects_problems_and_drift_are_on_it() -> None:
    read = Reader(plan_page(rich_plan())).text
    for words in (
        "source connection: params.tableName (forces replacement)",
        '"public.orders"',
        "warehouse.connection: auth.params.password",
        "(sensitive)",
        "Backfill: the first run of the new flow reads everything again.",
        "pipelines/shop-orders.yaml:7",
        "(because shop-orders.source_connection is replaced)",
        "error pipelines/shop-orders.yaml:9 Pipeline shop-orders breaks the rule owner-label .",
        "policies/house.yaml:13. Correct the manifest, or add a waiver to its metadata.waivers . rule-broken",
        "partner-files.flow description",
        "not found (deleted, or hidden by access labels)",
    ):
        assert words in read
    assert "canary" not in read
    command = f"flowctl -e dev apply --auto-approve --expect-digest {DIGEST}"
    assert command not in read
    assert command in Reader(plan_page(rich_plan(diagnostics=()))).text


def test_what_is_selected_and_what_was_renamed_is_on_it() -> None:
    moved = (MovedEntry(old=Address("a.flow"), new=Address("b.flow")),)
    read = Reader(plan_page(rich_plan(selection=Selection(select=("<b>",)), moved=moved))).text
    assert "Selected: <b> . The rest of the workspace is not planned." in read
    assert "Renamed; only the lockfile changes, nothing is sent: a → b" in read.replace("  ", " ")


def test_an_empty_plan_has_no_filter_and_no_approval() -> None:
    text = plan_page(plan())
    assert "No changes." in text
    assert "<form" not in text
    assert DIGEST not in text


def test_a_plan_that_only_a_file_can_approve_names_no_command() -> None:
    text = plan_page(rich_plan(destroys=True))
    assert DIGEST in text
    assert "--expect-digest" not in text


def test_equal_plans_are_equal_pages() -> None:
    assert plan_page(rich_plan()) == plan_page(rich_plan())


# What it needs.


@pytest.mark.parametrize("text", [plan_page(rich_plan()), plan_page(hostile_plan())], ids=["rich", "hostile"])
def test_nothing_comes_from_elsewhere(text: str) -> None:
    read = Reader(text)
    assert set(re.findall(r"https?://[^\s\"'<]+", text)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"@import|url\(", "".join(read.styles))
    assert not {"link", "img", "iframe", "object", "embed", "base", "a"} & set(read.seen)
    assert {name for name in read.attributes if name in ("src", "href", "style") or name.startswith("on")} == set()


def test_only_its_own_script_and_style_may_run() -> None:
    text = plan_page(rich_plan())
    read = Reader(text)
    (script,), (style,) = read.scripts, read.styles
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    for words, directive in ((script, "script-src"), (style, "style-src")):
        digest = base64.b64encode(hashlib.sha256(words.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}';" in f"{policy[1]};"
    assert policy[1].startswith("default-src 'none'; ")


def test_it_is_made_for_phones_paper_and_the_dark() -> None:
    text = plan_page(rich_plan())
    for words in ("width=device-width", "@media (max-width:40rem)", "@media print", "prefers-color-scheme:dark"):
        assert words in text


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "dim", "create", "update", "replace", "delete", "import"])
def test_words_can_be_read_on_their_background(scheme: int, ink: str) -> None:
    """A contrast of 4.5, as WCAG asks for."""
    colors = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})", COLORS.split("@media")[scheme]))
    assert contrast(colors[ink], colors["box"]) >= 4.5
    if f"{ink}-box" in colors:
        assert contrast(colors[ink], colors[f"{ink}-box"]) >= 4.5
        assert contrast(colors["ink"], colors[f"{ink}-box"]) >= 4.5
        assert contrast(colors["dim"], colors[f"{ink}-box"]) >= 4.5


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    parts_ = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts_)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# Bad input.


@pytest.mark.parametrize(
    "words", [HOSTILE, "</script>", "</style>", "</title>", "</svg>", "&lt;", '" onload="x', "\x00"]
)
def test_hostile_words_stay_words(words: str) -> None:
    text = plan_page(hostile_plan(words))
    read = Reader(text)
    assert (read.seen.count("script"), read.seen.count("style")) == (1, 1)
    assert read.attributes <= ATTRIBUTES
    for acting in ("\u202e", "\x1b", "\x00", "\r", "##["):
        assert acting not in text
    assert "canary" not in text
    for picture in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        ElementTree.fromstring(picture)


def test_ten_thousand_signs_and_five_hundred_pipelines_are_a_page() -> None:
    assert len(plan_page(hostile_plan("x" * 10_000))) < 200_000
    text = plan_page(large_plan(500))
    assert Reader(text).seen.count("details") == 500
    assert len(text) < 2_000_000


def test_why_there_is_no_plan_is_a_page_too() -> None:
    problem = Diagnostic(code="c", summary=HOSTILE, hint="Fix it.")
    result = Result(command="plan", data=NoResult(), diagnostics=(problem,))
    output = render(result, Format.HTML, RenderOptions())
    assert "Fix it." in Reader(output.text).text
    assert any("Fix it." in line.text for line in output.messages)
    wrong = render(Result(command="plan", data=WrongUsage("flowctl plan")), Format.HTML, RenderOptions())
    assert (wrong.text, len(list(wrong.messages))) == ("", 1)


# Through the command line.


def test_the_page_of_a_saved_plan_is_that_of_the_plan(examples: Workspace, platform: Platform) -> None:
    examples.apply()
    change_everything(examples, platform)
    file = str(examples.root / "plan.json")
    planned = examples.run("plan", "--format", "html", "--out", file)
    assert planned.code == 0
    (examples.root / "flowctl.yaml").unlink()
    platform.clear_log()
    assert examples.run("show", file, "--format", "html").out == planned.out
    assert platform.log() == []
    read = Reader(planned.out).text
    assert "shop-customers" in read
    assert "canary" not in read


def test_a_failure_is_a_page_and_an_error(examples: Workspace) -> None:
    examples.edit("pipelines/partner-files.yaml", "dataset: customers", "dataset: custmers")
    result = examples.run("plan", "--format", "html")
    assert result.code == 1
    assert "custmers" in Reader(result.out).text
    assert "custmers" in result.err


@pytest.mark.parametrize("words", [("show",), ("show", "shop-customers.flow"), ("apply",), ("validate",)], ids=" ".join)
def test_what_is_no_plan_has_no_page(examples: Workspace, words: tuple[str, ...]) -> None:
    result = examples.run(*words, "--format", "html")
    assert result.code == 1
    assert f"`{words[0]}` has no format `html`" in result.err


def test_what_is_ignored_has_a_table() -> None:
    text = Reader(plan_page(rich_plan())).text
    assert "Ignored by lifecycle.ignoreChanges" in " ".join(text.split())
    assert "Ignored" not in Reader(plan_page(rich_plan(ignored=()))).text
