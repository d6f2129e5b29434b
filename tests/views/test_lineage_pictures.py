"""A lineage as a picture: every language is well-formed, holds what its readers can draw, and is safe."""

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from plans_to_review import HOSTILE, hostile_plan, large_plan, plan, rich_plan

from flowctl.kinds.lineage import by_pipeline, lineage, lineage_of_plan
from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Reason
from flowctl.model.lineage import Lineage, LineageNode
from flowctl.views.lineage.dot import dot
from flowctl.views.lineage.layout import HEIGHT, WIDTH, layout
from flowctl.views.lineage.mermaid import mermaid
from flowctl.views.lineage.svg import svg
from flowctl.views.lineage.text import lineage_lines
from flowctl.views.lineage.words import within

SVG = "{http://www.w3.org/2000/svg}"
DRAW: dict[str, Callable[[Lineage], str]] = {
    "mermaid": mermaid,
    "dot": dot,
    "svg": lambda whole: svg(whole, HOSTILE),
}
NODE = re.compile(r'  (?:n\d+|more)\["[\w ./,:()+#;<>-]*"\](?::::[a-z]+)?')
STEP = re.compile(r"  n\d+ --> n\d+")
CLASS = re.compile(r"  classDef [a-z]+ [a-z0-9:,#-]+")
STATEMENT = re.compile(
    r'digraph flowctl \{|  rankdir=LR;|  node \[.*\];|  subgraph cluster_\d+ \{|    label="(?:[^"\\]|\\.)*";|  ?\}|\}'
    r'|    "(?:[^"\\]|\\.)*" \[.*\];|  "(?:[^"\\]|\\.)*" \[.*\];|  "(?:[^"\\]|\\.)*" -> "(?:[^"\\]|\\.)*";'
)


def node(address: str, pipeline: str | None = None, action: Action | None = None) -> LineageNode:
    at = Address(address)
    return LineageNode(id=at, kind=at.kind, label=at.name, pipeline=pipeline, action=action)


def pipeline(
    name: str, action: Action | None = None, target: str = "people"
) -> tuple[list[LineageNode], dict[str, list[str]]]:
    """A pipeline of a shared connection into a shared dataset."""
    kinds = ("source_connection", "mapping_set", "flow", "target_connection")
    source, mapping, flow, end = (f"{name}.{kind}" for kind in kinds)
    needs = {
        source: ["shop.connection"],
        mapping: ["person.schema"],
        end: [f"{target}.dataset", "person.schema"],
        flow: [source, mapping, end],
    }
    return [node(address, name, action if address == flow else None) for address in (source, mapping, flow, end)], needs


def estate(count: int, changed: int = -1, shared: Action | None = None) -> Lineage:
    """So many pipelines between a connection and a dataset, of which one changes."""
    nodes = [node("shop.connection"), node("person.schema", action=shared), node("people.dataset")]
    needs: dict[str, list[str]] = {"people.dataset": ["person.schema"]}
    for number in range(count):
        more, needed = pipeline(f"p{number}", Action.UPDATE if number == changed else None)
        nodes += more
        needs |= needed
    return lineage(nodes, needs)


def test_a_pipeline_is_a_chain_from_its_connection_to_its_schema() -> None:
    assert sorted(estate(1).edges) == sorted(
        [
            ("shop.connection", "p0.source_connection"),
            ("p0.source_connection", "p0.mapping_set"),
            ("p0.mapping_set", "p0.flow"),
            ("p0.flow", "p0.target_connection"),
            ("p0.target_connection", "people.dataset"),
            ("people.dataset", "person.schema"),
        ]
    )


def test_what_depends_on_a_change_is_touched() -> None:
    found = {each.id: each.is_touched for each in estate(2, changed=0, shared=Action.UPDATE).nodes}
    assert found == {
        "shop.connection": False,
        "person.schema": False,
        "people.dataset": True,
        "p0.source_connection": False,
        "p0.mapping_set": True,
        "p0.flow": False,
        "p0.target_connection": True,
        "p1.source_connection": False,
        "p1.mapping_set": True,
        "p1.flow": True,
        "p1.target_connection": True,
    }


def test_what_is_around_a_pipeline_holds_no_other_one() -> None:
    part = by_pipeline(estate(3))["p1"]
    assert {each.id for each in part.nodes if each.pipeline is None} == {
        "shop.connection",
        "people.dataset",
        "person.schema",
    }
    assert {each.pipeline for each in part.nodes} == {None, "p1"}
    assert len(part.edges) == 6


def test_what_leads_to_the_same_schema_from_elsewhere_is_not_around() -> None:
    nodes, needs = pipeline("p")
    shared = [node(each) for each in ("shop.connection", "person.schema", "people.dataset", "others.dataset")]
    needs |= {"people.dataset": ["person.schema"], "others.dataset": ["person.schema"]}
    part = by_pipeline(lineage([*shared, *nodes], needs))["p"]
    assert "others.dataset" not in {each.id for each in part.nodes}
    assert "person.schema" in {each.id for each in part.nodes}


def test_a_text_has_one_line_for_each_pipeline() -> None:
    lines = [line.text for line in lineage_lines(estate(2, changed=0))]
    assert lines == [
        "p0: base connection shop > source connection > mapping set > flow (update) > target connection > "
        "dataset people > schema person",
        "p1: base connection shop > source connection > mapping set > flow > target connection > "
        "dataset people > schema person",
    ]


def test_what_is_in_no_pipeline_is_listed() -> None:
    lines = [line.text for line in lineage_lines(lineage([node("a.schema", action=Action.DELETE)], {}))]
    assert lines == ["In no pipeline: schema a (delete)"]
    assert [line.text for line in lineage_lines(lineage([], {}))] == ["The manifests describe no resources."]


def test_the_lineage_of_a_plan_has_its_actions_and_what_stays() -> None:
    kept = Change(
        address=Address("shop-orders.mapping_set"),
        action=Action.NO_OP,
        reason=Reason.UP_TO_DATE,
    )
    found = {each.id: each for each in lineage_of_plan(rich_plan(kept=(kept,))).nodes}
    assert found["old-tickets.flow"].action is Action.DELETE
    assert found["warehouse.connection"].pipeline is None
    assert (found["shop-orders.mapping_set"].action, found["shop-orders.mapping_set"].pipeline) == (None, "shop-orders")
    edges = lineage_of_plan(rich_plan(kept=(kept,))).edges
    assert ("shop-orders.source_connection", "shop-orders.mapping_set") in edges


def test_what_is_left_over_does_not_hide_what_is_in_its_place() -> None:
    address = Address("p.flow")
    both = plan(
        Change(address=address, action=Action.UPDATE, reason=Reason.DRIFTED),
        Change(address=address, action=Action.DELETE, reason=Reason.NOT_IN_MANIFEST, remote_id="old"),
    )
    (only,) = lineage_of_plan(both).nodes
    assert only.action is Action.UPDATE


# Form.


def check(form: str, text: str) -> None:
    """The text is well-formed, line by line."""
    if form == "svg":
        ElementTree.fromstring(text)
        return
    lines = text.splitlines()
    if form == "mermaid":
        assert lines[0] == "flowchart LR"
        wrong = [line for line in lines[1:] if not any(one.fullmatch(line) for one in (NODE, STEP, CLASS))]
    else:
        wrong = [line for line in lines if not STATEMENT.fullmatch(line)]
    assert wrong == []


@pytest.mark.parametrize("form", DRAW)
@pytest.mark.parametrize(
    "whole",
    [lineage([], {}), lineage_of_plan(rich_plan()), estate(3, 1), lineage_of_plan(large_plan(500)), estate(500, 499)],
    ids=["empty", "rich", "small", "flows", "large"],
)
def test_every_picture_is_well_formed(form: str, whole: Lineage) -> None:
    check(form, DRAW[form](whole))


@pytest.mark.parametrize("form", DRAW)
@pytest.mark.parametrize(
    "words", [HOSTILE, "\u202e" * 10_000, '"' * 10_000, "\\", "]]>", "--&gt;", "end", "%%{init}%%"]
)
def test_hostile_words_stay_words(form: str, words: str) -> None:
    whole = Lineage(
        nodes=[
            LineageNode(id=words, kind="dataset", label=words, is_outside=True),
            LineageNode(id="a.flow", kind="flow", label=words, pipeline=words, schedule={"frequency": words}),
        ],
        edges=[("a.flow", words)],
    )
    text = DRAW[form](whole)
    check(form, text)
    # In quotes, Graphviz reads no markup.
    for acting in ("\u202e", "\x1b", "\r", *(("<script", "]]>") if form != "dot" else ())):
        assert acting not in text
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())


def test_a_plan_of_hostile_words_can_be_drawn() -> None:
    for form, draw in DRAW.items():
        check(form, draw(lineage_of_plan(hostile_plan())))


# Mermaid's limits.


def test_mermaid_gets_what_it_can_draw_and_counts_the_rest() -> None:
    text = mermaid(estate(500, changed=499))
    assert len(STEP.findall(text)) <= 400
    assert len(text) < 50_000
    assert "<br>flow<br>update" in text
    left_out = re.search(r'more\["(\d+) more pipelines are left out"\]', text)
    assert left_out is not None
    assert int(left_out[1]) + len(re.findall("<br>flow", text)) == 500
    assert "left out" not in mermaid(estate(50))


def test_long_names_leave_more_out() -> None:
    nodes, needs = [], {}
    for number in range(300):
        more, needed = pipeline(f"p{number}-{'x' * 200}")
        nodes += more
        needs |= needed
    assert len(mermaid(lineage(nodes, needs))) < 50_000


def test_what_fits_is_whole() -> None:
    whole = estate(10)
    assert within(whole, len(whole.edges)) == (whole, 0)
    shown, left_out = within(whole, len(whole.edges) - 1)
    assert (left_out, len(shown.edges)) == (1, 6 * 9 - 8)


# SVG.


def test_no_two_boxes_overlap() -> None:
    for whole in (estate(40, 3), lineage_of_plan(rich_plan()), lineage([node("a.schema"), node("b.schema")], {})):
        placed = layout(whole)
        corners = sorted(placed.corners.values())
        assert len(set(corners)) == len(whole.nodes)
        for number, (x, y) in enumerate(corners):
            assert x + WIDTH <= placed.width
            assert y + HEIGHT <= placed.height
            assert all(x != other or abs(y - top) >= HEIGHT for other, top in corners[number + 1 :])


def test_a_picture_says_what_it_shows_without_colors() -> None:
    root = ElementTree.fromstring(svg(estate(1, 0), "All pipelines"))
    assert root.attrib["role"] == "img"
    assert root.findtext(f"{SVG}title") == "All pipelines"
    words = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert "update" in words
    changed = [group for group in root.iter(f"{SVG}g") if group.attrib["class"] == "update"]
    assert len(changed) == 1
    assert changed[0].findtext(f"{SVG}title") == "p0.flow: flow, update"


def test_a_picture_needs_nothing_from_elsewhere() -> None:
    text = svg(estate(2), "All pipelines")
    assert re.findall(r"https?://[^\s\"]+", text) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"<script|@import|url\(|<image|href", text)
    assert "<style>" not in svg(estate(2), "All pipelines", with_style=False)
